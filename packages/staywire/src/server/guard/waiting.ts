// How many have come and are not connected yet, by address: strangers cost little, but not nothing. It turns nobody away.

/** Counts by address group. */
export class Waiting {
  readonly #byAddress = new Map<string, number>()
  #size = 0

  /** All together. */
  get size(): number {
    return this.#size
  }

  /** How many of this address wait. */
  of(address: string): number {
    return this.#byAddress.get(address) ?? 0
  }

  /** One more. */
  enter(address: string): void {
    this.#size++
    this.#byAddress.set(address, this.of(address) + 1)
  }

  /** One less: it is connected now, or gone. */
  leave(address: string): void {
    const left = this.of(address) - 1
    this.#size--
    if (left > 0) this.#byAddress.set(address, left)
    else this.#byAddress.delete(address)
  }
}
