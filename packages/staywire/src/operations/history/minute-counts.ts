// How often something happened in each of the last sixty minutes, for rates. Knows no clock.

const MINUTE_MS = 60_000
const MINUTES = 60

/** Counts by minute. */
export class MinuteCounts {
  readonly #counts: number[] = Array.from({ length: MINUTES }, () => 0)
  #minute = 0
  total = 0

  add(now: number): void {
    this.#turn(now)
    const slot = this.#minute % MINUTES
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1
    this.total++
  }

  /** How many in this minute and the `minutes` − 1 before it (at most 60 together). */
  last(minutes: number, now: number): number {
    this.#turn(now)
    let sum = 0
    for (let back = 0; back < Math.min(minutes, MINUTES); back++)
      sum += this.#counts[(this.#minute - back + MINUTES) % MINUTES] ?? 0
    return sum
  }

  #turn(now: number): void {
    const minute = Math.floor(now / MINUTE_MS)
    const passed = Math.min(MINUTES, minute - this.#minute)
    for (let step = 1; step <= passed; step++) this.#counts[(this.#minute + step) % MINUTES] = 0
    this.#minute = Math.max(this.#minute, minute)
  }
}
