// What follows an ending: another dial after a wait, or rest. Counts tries; sees neither time nor tokens.

import type { CloseClass } from '../../protocol/close-code.ts'
import { backoffDelayMs, backoffPolicy } from './backoff.ts'
import type { Ending } from './cause.ts'
import type { ConnectionSettings } from './input.ts'

/** A client that does not dial by itself any more, and why. */
export type Rest = 'asleep' | 'failed' | 'gave-up' | 'stopped'

/** What is next: dial after a wait, or rest. */
export type Verdict = { readonly delayMs: number } | { readonly rest: Rest }

/** Refused for who the user is, not for the token: another token of the same user would be refused too. */
export const IDENTITY_REFUSED = 4003
/** Nothing to do here: the client comes back when there is. */
const IDLE = 4106

/** The tries since the last stable connection. */
export class Tally {
  /** Dials. */
  attempts = 0
  #settings: ConnectionSettings
  #endings = 0
  #refusals = 0

  constructor(settings: ConnectionSettings) {
    this.#settings = settings
  }

  /** A connection was stable, or the app starts afresh. */
  reset(): void {
    this.attempts = this.#endings = this.#refusals = 0
  }

  /** Credentials get one more try before `failed`. */
  pardon(): void {
    this.#refusals--
  }

  /** Judges an ending by the range of its code. PROTOCOL.md, CLOSE-2 to CLOSE-7 and CLOSE-11. */
  judge(kind: CloseClass | 'app', { code, retryAfterMs, hopeless }: Ending, spreadMs: number): Verdict {
    const { backoff, hasToken, random } = this.#settings
    if (hopeless === true || kind === 'final') return { rest: 'stopped' }
    if (code === IDLE) return { rest: 'asleep' }
    const policy = backoffPolicy(kind === 'app' ? 'connection' : kind, backoff, spreadMs)
    const { maxAttempts = Infinity } = policy
    if (kind === 'auth') {
      this.#refusals++
      if (code === IDENTITY_REFUSED || !hasToken || this.#refusals >= maxAttempts) return { rest: 'failed' }
      return { delayMs: backoffDelayMs(policy, this.#refusals - 1, random, retryAfterMs) }
    }
    if (this.attempts >= maxAttempts) return { rest: 'gave-up' }
    return { delayMs: backoffDelayMs(policy, this.#endings++, random, retryAfterMs) }
  }

  /** The shortest wait there is: for hints that it may be worth trying now. */
  briefly(spreadMs: number): number {
    return backoffDelayMs(backoffPolicy('connection', undefined, spreadMs), 0, this.#settings.random)
  }
}
