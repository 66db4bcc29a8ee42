// From samples and forecasts to lines.
import type { Forecast, Sample } from '../access/shapes.ts'

/** Counts since the sample before, as rates; nothing is said of the first. */
export function perSecond(samples: readonly Sample[], of: (sample: Sample) => number): (number | null)[] {
  return samples.map((sample, index) => {
    const before = samples[index - 1]
    return before === undefined || sample.at <= before.at ? null : (of(sample) * 1_000) / (sample.at - before.at)
  })
}

/** A line with what is expected of it: one axis of times, the line up to now, the band from there on. */
export function withForecast(samples: readonly Sample[], forecast: Forecast | undefined) {
  const points = forecast?.points ?? []
  const past = samples.map(() => null)
  const later = points.map(() => null)
  const edge = (of: (point: (typeof points)[number]) => number) => [
    ...past,
    ...points.map((point) => Math.max(0, of(point))),
  ]
  return {
    times: [...samples.map(({ at }) => at / 1_000), ...points.map(({ at }) => at / 1_000)],
    values: [...samples.map(({ connections }) => connections), ...later],
    band: points.length === 0 ? undefined : { low: edge(({ low }) => low), high: edge(({ high }) => high) },
    seasoned: forecast?.seasoned ?? true,
  }
}
