// How long to wait before the next dial. Pure arithmetic: who waits, and for what, is decided elsewhere.

import type { Backoff, ClientOptions } from '../api.ts'

/** The classes of closes that are followed by another dial. */
export type RetryClass = 'auth' | 'connection' | 'capacity' | 'network'

/** A complete back-off. Jitter `'above'` = the delay × [1, 2), for waits that must not be shorter than told. */
export type Policy = Omit<Backoff, 'jitter'> & { readonly jitter: Backoff['jitter'] | 'above' }

/** Added to every fully jittered delay, so that nobody dials in the same instant in which they were dropped. */
const FLOOR_MS = 250
/** Above this the exponent only serves to overflow: 1.5^16 s is over ten minutes. */
const MAX_EXPONENT = 16

const AUTH: Policy = { baseMs: 2_000, factor: 1.5, capMs: 30_000, jitter: 'above', maxAttempts: 3 }
const CAPACITY: Policy = { baseMs: 5_000, factor: 1.5, capMs: 60_000, jitter: 'above' }

/**
 * The back-off of a class: PROTOCOL.md, CLOSE-3 to CLOSE-5, with the app's options over it. Options that name no class
 * apply to all but `auth`. `spreadMs` is the base that the server told in `connected`.
 */
export function backoffPolicy(kind: RetryClass, options: ClientOptions['backoff'], spreadMs: number): Policy {
  const own = (options as Partial<Record<RetryClass, Partial<Backoff>>> | undefined)?.[kind]
  if (kind === 'auth') return { ...AUTH, ...own }
  return {
    ...CAPACITY,
    ...(kind !== 'capacity' && { baseMs: spreadMs, capMs: 30_000, jitter: 'full' }),
    ...options,
    ...own,
  }
}

/** The wait before dial number `n` after the last stable connection (from 0). A wait told by the server goes before. */
export function backoffDelayMs(
  { baseMs, factor, capMs, jitter }: Policy,
  n: number,
  random: () => number,
  toldMs?: number,
): number {
  const delay = toldMs ?? Math.min(capMs, baseMs * factor ** Math.min(n, MAX_EXPONENT))
  if (toldMs !== undefined || jitter === 'above') return delay * (1 + random())
  return jitter === 'full' ? FLOOR_MS + random() * delay : delay * (1 + jitter * (2 * random() - 1))
}
