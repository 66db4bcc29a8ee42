// The last so many of anything, newest first. The oldest makes room; nothing else is ever let go.

/** One entry with its number: 1 for the first that ever came. */
export interface Numbered<Entry> {
  readonly number: number
  readonly entry: Entry
}

/** A page of entries, newest first, and the number to ask for the next one with. */
export interface Page<Entry> {
  readonly entries: readonly Entry[]
  /** How many there are that fit, on all pages together. */
  readonly total: number
  /** Ask for what is before this number; absent on the last page. */
  readonly before?: number
}

/** A bounded history. */
export class Ring<Entry> {
  readonly #size: number
  readonly #entries: Entry[] = []
  #last = 0

  constructor(size: number) {
    this.#size = size
  }

  /** How many are kept. */
  get length(): number {
    return this.#entries.length
  }

  /** How many ever came. */
  get count(): number {
    return this.#last
  }

  /** Adds one. */
  push(entry: Entry): void {
    this.#entries[this.#last++ % this.#size] = entry
  }

  /** Newest first. */
  *newest(): Generator<Numbered<Entry>> {
    for (let number = this.#last; number > this.#last - this.#entries.length; number--)
      yield { number, entry: this.#entries[(number - 1) % this.#size] as Entry }
  }

  /** Those that fit and came before a number, at most `limit`. */
  page(fits: (entry: Entry) => boolean, { limit, before = Infinity }: { limit: number; before?: number }): Page<Entry> {
    const entries: Entry[] = []
    let total = 0
    let next: number | undefined
    let oldest = 0
    for (const { number, entry } of this.newest()) {
      if (!fits(entry)) continue
      total++
      if (number >= before) continue
      if (entries.length < limit) {
        entries.push(entry)
        oldest = number
      } else next ??= oldest
    }
    return { entries, total, ...(next !== undefined && { before: next }) }
  }
}
