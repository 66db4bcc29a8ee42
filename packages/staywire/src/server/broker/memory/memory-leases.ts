// The leases of one process: who holds a place, by fence. A held place stays held until it is released; then its fence is remembered
// for the ttl of the claim, so that a late, older claim still loses.

import { compareFences } from '../../../protocol/fence.ts'
import type { Fence } from '../../../protocol/frame.ts'
import type { Claim, Claimed, Leases } from '../broker.ts'

/** A place, held or released. */
interface Lease {
  readonly name: string
  holder: string | undefined
  fence: Fence
  ttlMs: number
  /** When a released lease is forgotten (Unix milliseconds). */
  until: number
  /** The next one released. */
  next: Lease | undefined
}

/** How many released leases one call lets go of. */
const PER_CALL = 4

/** Leases by name. `most`: how many released ones are remembered. */
export class MemoryLeases implements Leases {
  readonly #now: () => number
  readonly #most: number
  readonly #leases = new Map<string, Lease>()
  #firstReleased: Lease | undefined
  #lastReleased: Lease | undefined
  #released = 0
  #queued = 0

  constructor(now: () => number, most: number) {
    this.#now = now
    this.#most = most
  }

  /** Places held and places remembered. */
  get usage(): { held: number; released: number } {
    return { held: this.#leases.size - this.#released, released: this.#released }
  }

  claim({ name, holder, fence, ttlMs }: Claim): Promise<Claimed> {
    const now = this.#now()
    this.expire(now, PER_CALL)
    const lease = this.#leases.get(name)
    if (lease === undefined || isOver(lease, now)) {
      const until = Infinity
      this.#leases.set(name, { name, holder, fence, ttlMs, until, next: undefined })
      if (lease !== undefined) this.#released--
      return Promise.resolve({ granted: true })
    }
    const newer = compareFences(fence, lease.fence)
    if (newer < 0 || (newer === 0 && lease.holder !== holder)) {
      return Promise.resolve({ granted: false, winner: lease.fence })
    }
    const beaten = lease.holder
    if (beaten === undefined) return Promise.resolve(this.#retake(lease, { name, holder, fence, ttlMs }))
    lease.holder = holder
    lease.fence = fence
    lease.ttlMs = ttlMs
    return Promise.resolve(beaten === holder ? { granted: true } : { granted: true, beaten })
  }

  release(name: string, holder: string): Promise<void> {
    const now = this.#now()
    const lease = this.#leases.get(name)
    if (lease !== undefined && lease.holder === holder) {
      lease.holder = undefined
      lease.until = now + lease.ttlMs
      if (this.#lastReleased === undefined) this.#firstReleased = lease
      else this.#lastReleased.next = lease
      this.#lastReleased = lease
      this.#released++
      this.#queued++
      while (this.#queued > this.#most && this.#firstReleased !== undefined) this.#forgetFirst()
    }
    this.expire(now, PER_CALL)
    return Promise.resolve()
  }

  /** Forgets at most `most` released leases whose ttl is over. */
  expire(now: number, most: number): void {
    for (let left = most; left > 0; left--) {
      if (this.#firstReleased === undefined || !isOver(this.#firstReleased, now)) return
      this.#forgetFirst()
    }
  }

  /** A released place is taken again: by an entry of its own, as the released one stands in the queue. */
  #retake(released: Lease, { name, holder, fence, ttlMs }: Claim): Claimed {
    this.#leases.set(name, { name, holder, fence, ttlMs, until: Infinity, next: undefined })
    released.until = -Infinity
    this.#released--
    return { granted: true }
  }

  #forgetFirst(): void {
    const first = this.#firstReleased
    if (first === undefined) return
    this.#firstReleased = first.next
    this.#queued--
    if (this.#firstReleased === undefined) this.#lastReleased = undefined
    if (this.#leases.get(first.name) !== first) return // taken again since
    this.#leases.delete(first.name)
    this.#released--
  }
}

function isOver(lease: Lease, now: number): boolean {
  return lease.holder === undefined && now >= lease.until
}
