// A short-horizon forecast of one series: the usual course of the day and the week, plus where today's difference to it goes.
// Plain arithmetic on one value per step; keeps a day and a week of numbers, and nothing that grows.
import { Drift } from './drift.ts'
import { SeasonalProfile } from './seasonal-profile.ts'

/** What is expected of one step. */
export interface Expected {
  readonly value: number
  /** About 19 of 20 values lie between `low` and `high`. */
  readonly low: number
  readonly high: number
}

/** What the bands are wide, in standard deviations to each side. */
const BAND = 2
/** During the first day there is no shape to forecast with; a line needs this many steps. */
const LINE_STEPS = 10

/** Learns a series step by step and says what comes. */
export class Forecaster {
  readonly #slots: number
  readonly #profile: SeasonalProfile
  #drift = new Drift()
  /** What differences are to during the first day, when nothing is usual yet. */
  #start = 0
  #seen = 0

  /** `slots`: steps in a day, 1,440 when there is one each minute. */
  constructor(slots: number) {
    this.#slots = slots
    this.#profile = new SeasonalProfile(slots)
  }

  /** Whether a whole day was seen, so that the shape of a day is known. */
  get seasoned(): boolean {
    return this.#seen >= this.#slots
  }

  /**
   * Takes the value of the next step.
   * @returns its anomaly score: how far it lay from what was expected, in standard deviations; 0 while there was nothing to expect
   */
  learn(value: number): number {
    if (this.#seen === 0) this.#start = value
    // From here on differences are to the usual.
    if (this.#seen === this.#slots) this.#drift = new Drift()
    const score = this.#drift.learn(value - this.#usual(this.#seen))
    this.#profile.learn(this.#seen, value)
    this.#seen++
    return this.#seen > LINE_STEPS ? score : 0
  }

  /** What is expected `steps` ahead (1 = the next); `undefined` before there is anything to go by. */
  ahead(steps: number): Expected | undefined {
    if (this.#seen < LINE_STEPS) return undefined
    const { value, deviation } = this.#drift.ahead(steps)
    const expected = this.#usual(this.#seen + steps - 1) + value
    return { value: expected, low: expected - BAND * deviation, high: expected + BAND * deviation }
  }

  /** In how many steps the value is expected to reach `limit`; `undefined` when not within `horizon` steps. */
  stepsUntil(limit: number, horizon: number): number | undefined {
    for (let steps = 1; steps <= horizon; steps++) {
      const expected = this.ahead(steps)
      if (expected && expected.value >= limit) return steps
    }
    return undefined
  }

  #usual(at: number): number {
    return this.seasoned ? (this.#profile.usual(at) ?? this.#start) : this.#start
  }
}
