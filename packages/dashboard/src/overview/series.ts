// From samples and forecasts to lines.
import type { Forecast, Overview, Sample } from '../access/shapes.ts'

/** As many as the server keeps. */
const MOST_SAMPLES = 360

/** What was told of the overview, with the samples before it: it brings its latest one only. */
export function withSamples(told: Overview, before: Overview): Overview {
  const last = before.samples.at(-1)?.at ?? 0
  const samples = [...before.samples, ...told.samples.filter(({ at }) => at > last)]
  return { ...told, samples: samples.length === before.samples.length ? before.samples : samples.slice(-MOST_SAMPLES) }
}

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
