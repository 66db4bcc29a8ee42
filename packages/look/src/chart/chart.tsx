// A small line chart over time with its own legend. Takes its colours from the style sheet, also when the theme changes.

import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useLanguage } from '../language.tsx'
import { useTheme } from '../theme.ts'
import { plotOptions } from './plot-options.ts'

/** Where a line is expected to run; `null` where nothing is said. */
export interface ChartBand {
  readonly low: readonly (number | null)[]
  readonly high: readonly (number | null)[]
}

/** One line of a chart. */
export interface ChartLine {
  readonly name: string
  readonly unit: string
  /** `null` breaks the line. */
  readonly values: readonly (number | null)[]
}

const HEIGHT_PX = 132

/** `times` in Unix seconds, one for each value; `max`: the top of the scale where it is fixed; `band`: of the first line. */
export function Chart({
  title,
  times,
  lines,
  max,
  band,
}: {
  title: string
  times: readonly number[]
  lines: readonly ChartLine[]
  max?: number
  band?: ChartBand | undefined
}) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const data = useRef<uPlot.AlignedData>([[]])
  const [pointed, setPointed] = useState<number | null>()
  const look = useLook()
  const { locale } = useLanguage()
  const count = lines.length
  const banded = band !== undefined

  useLayoutEffect(() => {
    const edges = band === undefined ? [] : [[...band.low], [...band.high]]
    data.current = [[...times], ...lines.map(({ values }) => [...values]), ...edges]
    plot.current?.setData(data.current)
  }, [times, lines, band])

  useEffect(() => {
    const host = box.current
    if (host === null) return
    const size = () => ({ width: Math.max(1, host.clientWidth), height: HEIGHT_PX })
    const options = plotOptions({ host, count, max, banded, locale, onPoint: setPointed })
    const made = new uPlot({ ...options, ...size() }, data.current, host)
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize(size()))
    resized.observe(host)
    return () => {
      resized.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [count, max, banded, locale, look])

  const at = pointed ?? times.length - 1
  return (
    <figure className="chart">
      <figcaption>
        {lines.map(({ name, unit, values }) => (
          <span className="legend" key={name}>
            <span className="swatch" aria-hidden="true" /> {name}{' '}
            <b>{told(values[at] ?? newest(values), unit, locale)}</b>
          </span>
        ))}
      </figcaption>
      <div className="plot" ref={box} role="img" aria-label={title} data-newest={times.at(-1)} />
    </figure>
  )
}

/** The last value there is: what is forecast goes on beyond it. */
function newest(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null
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
