// Turns metrics into the number that a rule judges. Keeps as many samples as its window needs; reads no clock.
import { Forecaster } from '../forecast/forecaster.ts'
import type { Measure } from './rule.ts'

/** Reads the value of a metric now; `undefined` when there is none of that name. */
export type ReadMetric = (metric: string) => number | undefined

/** Forecasts learn one value a minute. */
const STEP_MS = 60_000
const STEPS_PER_DAY = 1_440
/** How far ahead a forecast is worth asking. */
const HORIZON_STEPS = 60

interface Sample {
  readonly at: number
  readonly value: number
  readonly of: number
}

/** One measure over time. */
export class Measuring {
  readonly #measure: Measure
  readonly #samples: Sample[] = []
  readonly #forecaster: Forecaster | undefined
  #learnedAt = -Infinity
  #score: number | undefined
  #changed: Sample | undefined

  constructor(measure: Measure) {
    this.#measure = measure
    if (measure.kind === 'anomaly' || measure.kind === 'minutes-left') this.#forecaster = new Forecaster(STEPS_PER_DAY)
  }

  /** The number to judge; `undefined` while nothing can be said. Called at every evaluation, in order of time. */
  take(read: ReadMetric, now: number): number | undefined {
    const measure = this.#measure
    const value = read(measure.metric)
    if (value === undefined) return undefined
    switch (measure.kind) {
      case 'value':
        return value
      case 'rate':
        return this.#rate(value, measure.overMs, now)
      case 'ratio':
        return this.#ratio(value, read(measure.of), measure.overMs, now)
      case 'absence':
        return this.#still(value, now)
      case 'anomaly':
        this.#learn(value, now)
        return this.#score === undefined ? undefined : Math.abs(this.#score)
      case 'minutes-left':
        this.#learn(value, now)
        return this.#minutesLeft(read(measure.limit))
    }
  }

  #rate(value: number, overMs: number, now: number): number | undefined {
    const first = this.#window({ at: now, value, of: 0 }, overMs)
    // A counter that went back was reset with its process: there is no rate across that.
    return first && value >= first.value ? ((value - first.value) * 1_000) / (now - first.at) : undefined
  }

  #ratio(value: number, of: number | undefined, overMs: number | undefined, now: number): number | undefined {
    if (of === undefined) return undefined
    if (overMs === undefined) return of === 0 ? undefined : value / of
    const first = this.#window({ at: now, value, of }, overMs)
    return first && of > first.of ? (value - first.value) / (of - first.of) : undefined
  }

  #still(value: number, now: number): number {
    if (this.#changed?.value !== value) this.#changed = { at: now, value, of: 0 }
    return now - this.#changed.at
  }

  #learn(value: number, now: number): void {
    if (now - this.#learnedAt < STEP_MS) return
    this.#learnedAt = now
    this.#score = this.#forecaster?.learn(value)
  }

  #minutesLeft(limit: number | undefined): number | undefined {
    return limit === undefined ? undefined : (this.#forecaster?.stepsUntil(limit, HORIZON_STEPS) ?? Infinity)
  }

  /** The sample from before the window, once the window is full; forgets what is older. */
  #window(sample: Sample, overMs: number): Sample | undefined {
    this.#samples.push(sample)
    while ((this.#samples[1]?.at ?? Infinity) <= sample.at - overMs) this.#samples.shift()
    const first = this.#samples[0]
    return first && first.at <= sample.at - overMs ? first : undefined
  }
}
