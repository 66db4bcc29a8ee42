// The one timer of a client, armed for whatever comes first. Not re-armed when that moves away: it fires early and finds out.

import type { Timer } from '../world.ts'

/** Longest delay that `setTimeout` takes; one more and it fires at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

/** A timer in the time of `now`. */
export class WakeTimer implements Timer {
  readonly #now: () => number
  readonly #fire: (lateMs: number) => void
  #handle: ReturnType<typeof setTimeout> | undefined
  #firesAt = Infinity

  constructor(now: () => number, fire: (lateMs: number) => void) {
    this.#now = now
    this.#fire = fire
  }

  /** Fires at `wakeAt` or, where that is further away than a timer reaches, somewhat before. `Infinity`: not needed. */
  arm(wakeAt: number): void {
    if (wakeAt === Infinity) return this.stop()
    const now = this.#now()
    const firesAt = Math.min(Math.max(wakeAt, now), now + MAX_DELAY_MS)
    if (this.#handle !== undefined && this.#firesAt <= firesAt) return
    this.stop()
    this.#firesAt = firesAt
    this.#handle = setTimeout(() => {
      this.#handle = undefined
      this.#fire(this.#now() - firesAt)
    }, firesAt - now)
  }

  stop(): void {
    clearTimeout(this.#handle)
    this.#handle = undefined
  }
}
