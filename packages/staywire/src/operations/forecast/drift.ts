// How far today is from the usual, and where that goes: an autoregression of order one with an intercept, both learned as they
// come. It fades back to the usual where differences used to, and grows on where they keep growing (a leak).
// Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., §9.3 (AR models).

/** What older differences weigh against the newest, per step. */
const MEMORY = 0.99
/** How fast the intercept follows at least; the first differences weigh alike. */
const INTERCEPT_GAIN = 0.03
/** A difference never counts as lasting for ever. */
const MAX_PERSISTENCE = 0.999

/** The difference to the usual, one value per step. */
export class Drift {
  #seen = 0
  #last = 0
  #intercept = 0
  #variance = 0
  /** Sums of products, from which the persistence follows. */
  #lagged = 0
  #squares = 0

  /** Standard deviation of what could not be foreseen one step ahead; 0 before anything was learned. */
  get deviation(): number {
    return Math.sqrt(this.#variance)
  }

  get #persistence(): number {
    return this.#squares > 0 ? Math.min(MAX_PERSISTENCE, Math.max(0, this.#lagged / this.#squares)) : 0
  }

  /** The difference expected `steps` ahead (1 = the next), and its standard deviation. */
  ahead(steps: number): { readonly value: number; readonly deviation: number } {
    const persistence = this.#persistence
    const left = persistence ** steps
    return {
      value: left * this.#last + (this.#intercept * (1 - left)) / (1 - persistence),
      deviation: this.deviation * Math.sqrt((1 - left ** 2) / (1 - persistence ** 2)),
    }
  }

  /** Takes the next difference; answers how far it lay from what was expected, in standard deviations. */
  learn(difference: number): number {
    // The first one is where it starts, and no surprise.
    if (this.#seen++ === 0) return this.#begin(difference)
    const surprise = difference - this.ahead(1).value
    const score = this.#variance > 0 ? surprise / this.deviation : 0
    this.#variance = this.#variance > 0 ? this.#variance * MEMORY + surprise ** 2 * (1 - MEMORY) : surprise ** 2
    this.#lagged = this.#lagged * MEMORY + difference * this.#last
    this.#squares = this.#squares * MEMORY + this.#last ** 2
    const gain = Math.max(INTERCEPT_GAIN, 1 / this.#seen)
    this.#intercept += gain * (difference - this.#persistence * this.#last - this.#intercept)
    this.#last = difference
    return score
  }

  #begin(difference: number): number {
    this.#last = difference
    return 0
  }
}
