// What a value usually is at this hour of this day: a daily shape from the first day on, a weekly one as soon as the slot of
// the week was seen. Knows nothing of what happens today.

/** How much of a difference the daily shape takes on each day. */
const DAILY_GAIN = 0.3
/** What the weekly shape takes on at least; the first weeks weigh alike. */
const WEEKLY_GAIN = 0.3
/** The part of the weekly shape in what is usual; the rest is the daily one, which knows the last days better. */
const WEEKLY_SHARE = 0.8
const DAYS = 7

/** The usual course of one series, by slot of the day and of the week. */
export class SeasonalProfile {
  readonly #slots: number
  readonly #daily: number[] = []
  readonly #weekly: number[] = []

  /** `slots`: steps in a day. */
  constructor(slots: number) {
    this.#slots = slots
  }

  /** The usual value at step `at`, counted from the first one learned; `undefined` during the first day. */
  usual(at: number): number | undefined {
    const daily = this.#daily[at % this.#slots]
    const weekly = this.#weekly[at % (this.#slots * DAYS)]
    return daily === undefined || weekly === undefined ? daily : weekly * WEEKLY_SHARE + daily * (1 - WEEKLY_SHARE)
  }

  /** Takes what the value was at step `at`. Steps come in order, each once. */
  learn(at: number, value: number): void {
    const usual = this.usual(at)
    const ofDay = at % this.#slots
    const ofWeek = at % (this.#slots * DAYS)
    if (usual === undefined) this.#daily[ofDay] = value
    else this.#daily[ofDay] = (this.#daily[ofDay] ?? value) + DAILY_GAIN * (value - usual)
    const gain = Math.max(WEEKLY_GAIN, 1 / (1 + Math.floor(at / (this.#slots * DAYS))))
    const before = this.#weekly[ofWeek] ?? value
    this.#weekly[ofWeek] = before + gain * (value - before)
  }
}
