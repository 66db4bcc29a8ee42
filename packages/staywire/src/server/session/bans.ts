// Users who may not connect, on this node, until a time or until they are let in again. Bounded; it closes nobody.

/** One who may not connect. `until` is Unix time in milliseconds; absent where there is no end. */
export interface Ban {
  readonly user: string
  readonly until?: number
}

/** Most bans at once; beyond it the oldest is forgotten. */
const MOST = 10_000

/** The bans of a node. They do not outlive the process. */
export class Bans {
  readonly #until = new Map<string, number>()
  readonly #most: number

  constructor(most = MOST) {
    this.#most = most
  }

  /** Bans a user until a time, or without end. */
  add(user: string, until = Infinity): void {
    this.#until.delete(user)
    this.#until.set(user, until)
    if (this.#until.size <= this.#most) return
    const oldest = this.#until.keys().next()
    if (oldest.done !== true) this.#until.delete(oldest.value)
  }

  /** Lets a user in again; answers whether they were banned. */
  lift(user: string, now: number): boolean {
    const was = this.has(user, now)
    this.#until.delete(user)
    return was
  }

  /** Whether a user is banned now. */
  has(user: string, now: number): boolean {
    const until = this.#until.get(user)
    if (until === undefined) return false
    if (until > now) return true
    this.#until.delete(user)
    return false
  }

  /** Who is banned now, in the order of their bans. */
  list(now: number): Ban[] {
    return [...this.#until]
      .filter(([user]) => this.has(user, now))
      .map(([user, until]) => (until === Infinity ? { user } : { user, until: Math.round(until) }))
  }
}
