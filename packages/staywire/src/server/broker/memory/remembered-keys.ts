// The memory of idempotency keys: what was stored under a key, for one window. Bounded in bytes: what must go early renews its life,
// so that nobody trusts a memory with holes.

import type { Position } from '../../../protocol/position.ts'

/** What is remembered of one key. */
export interface RememberedKey {
  readonly scope: string
  /** The payload itself or a digest of it: equal only for equal payloads. */
  readonly payload: string
  readonly position: Position
  /** Unix time in milliseconds. */
  readonly at: number
}

/** One in the queue, oldest first: that is the order in which windows end. (The front of a Map is slow to find once many were deleted.) */
interface Queued extends RememberedKey {
  next: Queued | undefined
}

/** Counted for each key besides its texts: entry, position, and what holds them. */
const OVERHEAD_BYTES = 192

/** How many keys that are over one append lets go of: more than it adds, so that a backlog shrinks. */
const PER_APPEND = 4

/** Keys by scope. */
export class RememberedKeys {
  readonly windowMs: number
  readonly #maxBytes: number
  readonly #firstLife: string
  readonly #keys = new Map<string, Queued>()
  #first: Queued | undefined
  #last: Queued | undefined
  #lost = 0
  #bytes = 0

  /** `life`: random, names this memory until something in it is lost. */
  constructor(options: { windowMs: number; maxBytes: number; life: string }) {
    this.windowMs = options.windowMs
    this.#maxBytes = options.maxBytes
    this.#firstLife = options.life
  }

  get count(): number {
    return this.#keys.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How many were forgotten before their window ended. */
  get lost(): number {
    return this.#lost
  }

  /** Changes whenever a key was forgotten before its window ended. */
  get life(): string {
    return this.#lost === 0 ? this.#firstLife : `${this.#firstLife}-${this.#lost.toString(36)}`
  }

  /** What was stored under a key, unless its window is over. */
  find(scope: string, now: number): RememberedKey | undefined {
    const found = this.#keys.get(scope)
    return found === undefined || this.#isOver(found, now) ? undefined : found
  }

  /** Remembers one more; lets go of a few that are over, and of the oldest where the bound asks for it. */
  add({ scope, payload, position, at }: RememberedKey): void {
    const queued: Queued = { scope, payload, position, at, next: undefined }
    this.#keys.set(scope, queued)
    if (this.#last === undefined) this.#first = queued
    else this.#last.next = queued
    this.#last = queued
    this.#bytes += bytesOf(queued)
    this.expire(at, PER_APPEND)
    while (this.#bytes > this.#maxBytes && this.#first !== undefined) {
      if (this.#keys.get(this.#first.scope) === this.#first) this.#lost++
      this.#forget(this.#first)
    }
  }

  /** Lets go of at most `most` keys whose window is over. */
  expire(now: number, most: number): void {
    for (let left = most; left > 0; left--) {
      if (this.#first === undefined || !this.#isOver(this.#first, now)) return
      this.#forget(this.#first)
    }
  }

  #forget(first: Queued): void {
    if (this.#keys.get(first.scope) === first) this.#keys.delete(first.scope) // else used again after its window
    this.#first = first.next
    if (this.#first === undefined) this.#last = undefined
    this.#bytes -= bytesOf(first)
  }

  #isOver(remembered: RememberedKey, now: number): boolean {
    return now - remembered.at >= this.windowMs
  }
}

function bytesOf({ scope, payload }: RememberedKey): number {
  return OVERHEAD_BYTES + scope.length + payload.length
}
