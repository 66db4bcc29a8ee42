// The publications that one channel keeps, oldest dropped first. Plain data: it knows neither time nor limits, its owner trims it.

import type { StoredPublication } from '../../protocol/codec.ts'
import { publicationBytes } from './publication-bytes.ts'

const SMALLEST = 4

/**
 * Publications with consecutive offsets in a ring that grows and shrinks by doubling, so that taking one in and dropping one cost the
 * same however many there are.
 */
export class PublicationRing {
  #slots: (StoredPublication | undefined)[] = Array.from({ length: SMALLEST })
  #head = 0
  #count = 0
  #bytes = 0

  get count(): number {
    return this.#count
  }

  /** What all of them count against limits in bytes (`publicationBytes`). */
  get bytes(): number {
    return this.#bytes
  }

  get oldest(): StoredPublication | undefined {
    return this.#slots[this.#head]
  }

  get newest(): StoredPublication | undefined {
    return this.#count === 0 ? undefined : this.at(this.#count - 1)
  }

  /** The publication at `index`, counted from the oldest, which is 0. */
  at(index: number): StoredPublication | undefined {
    return this.#slots[(this.#head + index) & (this.#slots.length - 1)]
  }

  /** Adds the newest; its offset must follow the newest one there. Answers what it counts in bytes. */
  push(publication: StoredPublication): number {
    if (this.#count === this.#slots.length) this.#resize(this.#count * 2)
    this.#slots[(this.#head + this.#count) & (this.#slots.length - 1)] = publication
    this.#count++
    const bytes = publicationBytes(publication)
    this.#bytes += bytes
    return bytes
  }

  /** Drops the oldest; answers what it counted in bytes, 0 when there is none. */
  drop(): number {
    const oldest = this.#slots[this.#head]
    if (oldest === undefined) return 0
    this.#slots[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#slots.length - 1)
    this.#count--
    const bytes = publicationBytes(oldest)
    this.#bytes -= bytes
    if (this.#count * 4 <= this.#slots.length && this.#slots.length > SMALLEST) this.#resize(this.#slots.length / 2)
    return bytes
  }

  /** How many from the oldest on were stored at or before `at`; exact while the clock never went backwards. */
  countUpTo(at: number): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.at(middle)?.at ?? Infinity) <= at) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Those from index `from` (inclusive) to `to` (exclusive), counted from the oldest. */
  slice(from: number, to: number): StoredPublication[] {
    const found: StoredPublication[] = []
    for (let index = Math.max(0, from); index < Math.min(to, this.#count); index++) {
      const publication = this.at(index)
      if (publication !== undefined) found.push(publication)
    }
    return found
  }

  #resize(length: number): void {
    const slots: (StoredPublication | undefined)[] = Array.from({ length })
    for (let index = 0; index < this.#count; index++) slots[index] = this.at(index)
    this.#slots = slots
    this.#head = 0
  }
}
