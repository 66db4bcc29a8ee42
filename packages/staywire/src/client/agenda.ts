// What is to be done when, by key: each key has one time, a later word replaces an earlier one. Has no clock and no timer.

interface Entry {
  readonly at: number
  readonly act: () => void
}

/** The agenda of the machines of one thread. */
export class Agenda {
  /** When `tick` is wanted, or somewhat earlier: that there is less to do is found out then. */
  wakeAt = Infinity
  readonly #entries = new Map<unknown, Entry>()

  /** Whether something is to be done for a key. */
  has(key: unknown): boolean {
    return this.#entries.has(key)
  }

  /** Does `act` at `at`, once, in place of what was to be done for the key. */
  set(key: unknown, at: number, act: () => void): void {
    this.#entries.set(key, { at, act })
    this.wakeAt = Math.min(this.wakeAt, at)
  }

  /** Nothing is to be done for a key. */
  delete(key: unknown): void {
    this.#entries.delete(key)
    if (!this.#entries.size) this.wakeAt = Infinity
  }

  /** Does what is due. What is put in meanwhile waits for the next time, were it due at once. */
  tick(now: number): void {
    if (now < this.wakeAt) return
    this.wakeAt = Infinity
    for (const [key, entry] of [...this.#entries]) {
      if (entry.at > now) this.wakeAt = Math.min(this.wakeAt, entry.at)
      else if (this.#entries.get(key) === entry) {
        this.delete(key)
        entry.act()
      }
    }
  }
}
