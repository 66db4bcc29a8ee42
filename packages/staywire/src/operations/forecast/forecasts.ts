// What is expected of the next hour: one forecaster for each figure that matters, learning once a minute. Reads no clock.
import { Forecaster, type Expected } from './forecaster.ts'

/** The figures that are forecast. */
export const FORECAST_METRICS = ['connections', 'publications', 'memory'] as const

/** One of them: connections, publications in a second, resident memory in bytes. */
export type ForecastMetric = (typeof FORECAST_METRICS)[number]

/** What is expected of one minute. */
export interface ForecastPoint extends Expected {
  /** Unix time in milliseconds. */
  readonly at: number
}

/** What is expected of one figure. */
export interface MetricForecast {
  readonly metric: ForecastMetric
  /** Whether a whole day was seen, so that the shape of a day is known. */
  readonly seasoned: boolean
  /** How far the last value was from what was expected, in standard deviations. */
  readonly anomaly: number
  /** The next hour, minute by minute; empty while there is nothing to go by. */
  readonly points: readonly ForecastPoint[]
}

const STEP_MS = 60_000
const STEPS_PER_DAY = 1_440
const HORIZON_STEPS = 60

/** The forecasts of one server. */
export class Forecasts {
  readonly #forecasters = new Map(FORECAST_METRICS.map((metric) => [metric, new Forecaster(STEPS_PER_DAY)]))
  readonly #anomalies = new Map<ForecastMetric, number>()
  #learnedAt = -Infinity

  /** Takes the figures of this minute, unless they were taken already. */
  learn(figures: Readonly<Record<ForecastMetric, number>>, now: number): void {
    if (now - this.#learnedAt < STEP_MS) return
    this.#learnedAt = now
    for (const [metric, forecaster] of this.#forecasters) this.#anomalies.set(metric, forecaster.learn(figures[metric]))
  }

  /** What is expected of each figure. */
  list(): MetricForecast[] {
    return [...this.#forecasters].map(([metric, forecaster]) => ({
      metric,
      seasoned: forecaster.seasoned,
      anomaly: this.#anomalies.get(metric) ?? 0,
      points: this.#points(forecaster),
    }))
  }

  #points(forecaster: Forecaster): ForecastPoint[] {
    return Array.from({ length: HORIZON_STEPS }, (_, index) => index + 1).flatMap((steps) => {
      const expected = forecaster.ahead(steps)
      return expected === undefined ? [] : [{ at: this.#learnedAt + steps * STEP_MS, ...expected }]
    })
  }
}
