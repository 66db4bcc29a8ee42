// How the charts look: thin lines, quiet grid, time at the bottom.

import type uPlot from 'uplot'

/** What a chart is made for. `host` is where the colours are read: `--series-1`, `--series-2` … through its style. */
export interface PlotLook {
  readonly host: HTMLElement
  readonly count: number
  readonly max: number | undefined
  /** Whether two more series follow: the lower and the upper edge of a band. */
  readonly banded: boolean
  readonly locale: string
  readonly onPoint: (index: number | null | undefined) => void
}

/** The options of a chart but for its size. */
export function plotOptions({
  host,
  count,
  max,
  banded,
  locale,
  onPoint,
}: PlotLook): Omit<uPlot.Options, 'width' | 'height'> {
  const ink = colour(host, '--soft')
  const grid = { stroke: colour(host, '--line'), width: 1 }
  const font = `11px ${getComputedStyle(host).fontFamily}`
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  })
  const time = (seconds: number) => clock.format(seconds * 1000)
  return {
    legend: { show: false },
    padding: [8, 4, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { x: { time: true }, y: { range: (_plot, _low, high) => [0, max ?? Math.max(10, high * 1.2)] } },
    axes: [
      {
        stroke: ink,
        font,
        grid: { show: false },
        ticks: { show: false },
        size: 24,
        space: 90,
        values: (_plot, splits) => splits.map(time),
      },
      { stroke: ink, font, grid, ticks: { show: false }, size: 34, space: 36 },
    ],
    series: [
      {},
      ...Array.from({ length: count }, (_, index) =>
        line(colour(host, `--series-${index + 1}`), count === 1 && !banded),
      ),
      ...(banded ? [EDGE, EDGE] : []),
    ],
    bands: banded ? [{ series: [count + 2, count + 1], fill: faint(colour(host, '--series-1')) }] : [],
    hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx)] },
  }
}

/** An edge of a band is not drawn; what lies between the two is. */
const EDGE: uPlot.Series = { points: { show: false }, width: 0 }

const faint = (colour: string): string => colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.14)')

function line(stroke: string, filled: boolean): uPlot.Series {
  const area = filled ? { fill: faint(stroke) } : {}
  return { stroke, width: 1.75, points: { show: false }, ...area }
}

/** What a custom property comes to as a colour: the browser resolves it on an element that is never shown. */
function colour(host: HTMLElement, property: string): string {
  const probe = document.createElement('i')
  probe.hidden = true
  probe.style.color = `var(${property})`
  host.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
