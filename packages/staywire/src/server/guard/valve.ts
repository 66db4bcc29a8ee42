// How many are taken in each second: a crowd that comes at once is let in one by one, as long as nobody has to wait for long; the
// rest is told when to come again, each at a time of its own. Owns no timer.

/** What may be taken at once without a wait: as much as comes in this time. */
const BURST_MS = 50
/** Nobody is asked to come again sooner. */
const LEAST_RETRY_MS = 1_000
/** Nor later: by then it is not known how many still want to come. */
const MOST_RETRY_MS = 30_000

/** Somebody who waits for their turn. */
interface Turn {
  readonly at: number
  readonly come: () => void
}

/** A valve. */
export class Valve {
  readonly #costMs: number
  readonly #holdMs: number
  #earnedAt = 0
  #toldAt = 0
  /** In the order of their turns. */
  #turns: Turn[] = []
  #next = 0

  /** So many a second, 0 for any number; nobody waits for longer than `holdMs`. */
  constructor(perSecond: number, holdMs: number) {
    this.#costMs = perSecond === 0 ? 0 : 1_000 / perSecond
    this.#holdMs = holdMs
  }

  /** How many wait. */
  get waiting(): number {
    return this.#turns.length - this.#next
  }

  /** When `tick` has somebody to let in; `Infinity` when nobody. */
  get wakeAt(): number {
    return this.#turns[this.#next]?.at ?? Infinity
  }

  /** Calls `come` when it is one's turn, possibly at once; or answers in how many milliseconds to come again. */
  pass(now: number, come: () => void): number | undefined {
    const earnedAt = Math.max(this.#earnedAt, now)
    const at = earnedAt - BURST_MS
    if (at - now > this.#holdMs) {
      this.#toldAt = Math.min(now + MOST_RETRY_MS, Math.max(this.#toldAt, now + LEAST_RETRY_MS) + this.#costMs)
      return Math.ceil(this.#toldAt - now)
    }
    this.#earnedAt = earnedAt + this.#costMs
    if (at <= now && this.waiting === 0) come()
    else this.#turns.push({ at, come })
    return undefined
  }

  /** Lets in those whose turn has come. */
  tick(now: number): void {
    for (let turn = this.#turns[this.#next]; turn !== undefined && turn.at <= now; turn = this.#turns[this.#next]) {
      this.#next++
      turn.come()
    }
    if (this.#next === 0) return
    this.#turns = this.#turns.slice(this.#next)
    this.#next = 0
  }
}
