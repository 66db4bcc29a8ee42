// A small line chart over time with its own legend. Takes its colours from the style sheet, also when the theme changes.

import { useTheme } from '@staywire/look'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useWords } from '../words/use-words.ts'
import { plotOptions } from './plot-options.ts'

/** One line of a chart. */
export interface ChartLine {
  readonly name: string
  readonly unit: string
  /** `null` breaks the line. */
  readonly values: readonly (number | null)[]
}

const HEIGHT_PX = 132

/** `times` in Unix seconds, one for each value; `max`: the top of the scale where it is fixed. */
export function Chart({
  title,
  times,
  lines,
  max,
}: {
  title: string
  times: readonly number[]
  lines: readonly ChartLine[]
  max?: number
}) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const data = useRef<uPlot.AlignedData>([[]])
  const [pointed, setPointed] = useState<number | null>()
  const look = useLook()
  const { locale } = useWords()
  const count = lines.length

  useLayoutEffect(() => {
    data.current = [[...times], ...lines.map(({ values }) => [...values])]
    plot.current?.setData(data.current)
  }, [times, lines])

  useEffect(() => {
    const host = box.current
    if (host === null) return
    const size = () => ({ width: Math.max(1, host.clientWidth), height: HEIGHT_PX })
    const options = plotOptions({ host, count, max, locale, onPoint: setPointed })
    const made = new uPlot({ ...options, ...size() }, data.current, host)
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize(size()))
    resized.observe(host)
    return () => {
      resized.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [count, max, locale, look])

  const at = pointed ?? times.length - 1
  return (
    <figure className="chart">
      <figcaption>
        {lines.map(({ name, unit, values }) => (
          <span className="legend" key={name}>
            <span className="swatch" aria-hidden="true" /> {name} <b>{told(values[at], unit, locale)}</b>
          </span>
        ))}
      </figcaption>
      <div className="plot" ref={box} role="img" aria-label={title} data-newest={times.at(-1)} />
    </figure>
  )
}

function told(value: number | null | undefined, unit: string, locale: string): string {
  return typeof value === 'number' ? `${value.toLocaleString(locale, { maximumFractionDigits: 1 })} ${unit}` : '–'
}

/** Changes when the colours of the page change. */
function useLook(): string {
  const [theme] = useTheme()
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches)
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)')
    const changed = () => setDark(query.matches)
    query.addEventListener('change', changed)
    return () => query.removeEventListener('change', changed)
  }, [])
  return `${theme} ${dark}`
}
