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

/** Figures further apart than this leave a gap in the lines: nothing is known of the time between. */
const APART_MS = 4_000

/** One line of a chart: the value of each of the figures, and a break where some are missing before it. */
export function lineOf(series: readonly HostFigures[], value: (figures: HostFigures) => number): (number | null)[] {
  return series.map((figures, index) => {
    const before = series[index - 1]
    return before !== undefined && figures.at - before.at > APART_MS ? null : value(figures)
  })
}

/** Two minutes at one per second. */
export const SERIES_MAX = 120

/** The series with `more` at its end: in order of time, each time once, at most `SERIES_MAX`. */
export function extend(series: readonly HostFigures[], more: readonly HostFigures[]): readonly HostFigures[] {
  const byTime = new Map([...series, ...more].map((figures) => [figures.at, figures]))
  return [...byTime.values()].sort((a, b) => a.at - b.at).slice(-SERIES_MAX)
}
