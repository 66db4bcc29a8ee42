// The figures that the gateway publishes about its host, and the series that are drawn from them. Pure.

/** One publication of `host:figures`. */
export interface HostFigures {
  /** Unix milliseconds. */
  readonly at: number
  /** Share of all processors in use, 0 to 1. */
  readonly cpu: number
  /** Share of the memory in use, 0 to 1. */
  readonly memory: number
  readonly memoryBytes: number
  readonly loopDelayMs: number
  readonly connections: number
  readonly publicationsPerSecond: number
}

/** Figures further apart than this have a break between them: nothing is known of the time between. */
const APART_MS = 4_000

/** What a chart draws at one time; without figures the line breaks. */
export interface PlotPoint {
  /** Unix milliseconds. */
  readonly at: number
  readonly figures?: HostFigures
}

/** The points of a series, with a break where figures are missing. */
export function plotPoints(series: readonly HostFigures[]): readonly PlotPoint[] {
  return series.flatMap((figures, index) => {
    const before = series[index - 1]?.at ?? figures.at
    const point = { at: figures.at, figures }
    return figures.at - before > APART_MS ? [{ at: before + 1 }, point] : [point]
  })
}

/** Two minutes at one per second. */
export const SERIES_MAX = 120

/** The series with `more` at its end: in order of time, each time once, at most `SERIES_MAX`. */
export function extend(series: readonly HostFigures[], more: readonly HostFigures[]): readonly HostFigures[] {
  const byTime = new Map([...series, ...more].map((figures) => [figures.at, figures]))
  return [...byTime.values()].sort((a, b) => a.at - b.at).slice(-SERIES_MAX)
}
