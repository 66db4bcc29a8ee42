// A dial beside the connection, to a better transport. Says nothing over it: that it opens and stays open is the test.

import type { Env } from '../env.ts'
import { PROBATION_MS } from '../timing.ts'
import type { Fallback } from './fallback.ts'

/** The trials of one connection, one at a time. */
export class Trial {
  /** The dial under way; 0 = none. */
  dial = 0
  readonly #env: Env
  readonly #fallback: Fallback
  /** It has stayed open. */
  readonly #passed: () => void

  constructor(env: Env, fallback: Fallback, passed: () => void) {
    this.#env = env
    this.#fallback = fallback
    this.#passed = passed
  }

  /** Dials the better transport. */
  start(dial: number, timeoutMs: number): void {
    const { agenda, now, out } = this.#env
    this.dial = dial
    this.#fallback.trialAt = Infinity
    agenda.set(this, now + timeoutMs, () => this.failed())
    out.push(['try', dial, this.#fallback.better()])
  }

  opened(): void {
    const { agenda, now } = this.#env
    agenda.set(this, now + PROBATION_MS, this.#passed)
  }

  failed(): void {
    this.stop(false)
    this.#fallback.failed(this.#env.now, this.#env.random)
  }

  /** It is over; with `place` its link takes the place of the connection's. */
  stop(place: boolean): void {
    if (!this.dial) return
    this.dial = 0
    this.#env.agenda.delete(this)
    this.#env.out.push(['take', place])
  }
}
