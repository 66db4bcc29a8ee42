// How many lines of one kind may be written in a second, so that a flood from outside is no flood in the log. Writes nothing.

const WINDOW_MS = 1_000

/** A budget of lines. */
export class LineBudget {
  readonly #perSecond: number
  #windowStart = -Infinity
  #spent = 0
  #held = 0

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /**
   * Whether a line may be written now; `suppressed` is how many were not since the last one that was. `now` is any steady
   * clock in milliseconds.
   */
  take(now: number): { readonly allowed: boolean; readonly suppressed: number } {
    if (now - this.#windowStart >= WINDOW_MS) {
      this.#windowStart = now
      this.#spent = 0
    }
    if (this.#spent >= this.#perSecond) {
      this.#held++
      return { allowed: false, suppressed: this.#held }
    }
    this.#spent++
    const suppressed = this.#held
    this.#held = 0
    return { allowed: true, suppressed }
  }
}
