// How many publications channels get in a second. Counts in two windows of ten seconds and forgets everything else.

const WINDOW_MS = 10_000
/** Channels that are counted in one window; those that come later in it are not. */
const MOST = 10_000

/** An object to count in: a number in a map would have to be looked for twice. */
type Counts = Map<string, { publications: number }>

/** Rates of channels. */
export class ChannelRates {
  #counting: Counts = new Map()
  #counted: Counts = new Map()
  #since = 0
  #countedMs = WINDOW_MS

  /** A publication was stored. */
  published(channel: string): void {
    const count = this.#counting.get(channel)
    if (count !== undefined) count.publications++
    else if (this.#counting.size < MOST) this.#counting.set(channel, { publications: 1 })
  }

  /** Time has passed. */
  tick(now: number): void {
    const passed = now - this.#since
    if (passed < WINDOW_MS) return
    this.#counted = this.#counting
    this.#counting = new Map()
    this.#countedMs = this.#since === 0 ? WINDOW_MS : passed
    this.#since = now
  }

  /** Publications per second in the last full window. */
  of(channel: string): number {
    return ((this.#counted.get(channel)?.publications ?? 0) * 1_000) / this.#countedMs
  }
}
