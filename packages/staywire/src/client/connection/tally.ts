// What follows an ending: another dial after a wait, or rest. Counts tries; sees neither time nor tokens.

import type { CloseClass } from '../../protocol/close-code.ts'
import { backoffDelayMs, backoffPolicy } from './backoff.ts'
import type { Ending } from './ending.ts'
import { IDENTITY_REFUSED, IDLE_TOO_LONG } from './codes.ts'
import type { ConnectionSettings } from './settings.ts'

/** A client that does not dial by itself any more. */
export type Rest = 'asleep' | 'failed' | 'gave-up' | 'stopped'

/** The tries since the last stable connection. */
export class Tally {
  endings = 0
  refusals = 0

  /** Judges an ending by the range of its code: the wait in milliseconds, or rest. PROTOCOL.md, CLOSE-2 to CLOSE-7 and CLOSE-11. */
  judge(
    kind: CloseClass | 'app',
    { code, retryAfterMs, hopeless }: Ending,
    { backoff, getToken }: ConnectionSettings,
    dials: number,
    spreadMs: number,
    random: () => number,
  ): number | Rest {
    if (hopeless || kind === 'final') return 'stopped'
    if (code === IDLE_TOO_LONG) return 'asleep'
    const auth = kind === 'auth'
    const policy = backoffPolicy(kind === 'app' ? 'connection' : kind, backoff, spreadMs)
    const n = auth ? this.refusals++ : this.endings++
    const hopeful = (auth ? this.refusals : dials) < (policy.maxAttempts ?? Infinity)
    if (auth && (!hopeful || code === IDENTITY_REFUSED || !getToken)) return 'failed'
    return hopeful ? backoffDelayMs(policy, n, random, retryAfterMs) : 'gave-up'
  }
}
