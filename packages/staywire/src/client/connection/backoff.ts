// How long to wait before the next dial. Pure arithmetic: who waits, and for what, is decided elsewhere.

import type { Backoff, ClientOptions } from '../api.ts'
import { CAP_MS, FLOOR_MS } from '../timing.ts'

/** The classes of closes that are followed by another dial. */
export type RetryClass = 'auth' | 'connection' | 'capacity' | 'network'

/** A complete back-off. Jitter `'above'` = the delay × [1, 2), for waits that must not be shorter than told. */
export type Policy = Omit<Backoff, 'jitter'> & { readonly jitter: Backoff['jitter'] | 'above' }

/**
 * The back-off of a class: PROTOCOL.md, CLOSE-3 to CLOSE-5, with the app's options over it. Options that name no class
 * apply to all but `auth`. `spreadMs` is the base that the server told in `connected`.
 */
export function backoffPolicy(kind: RetryClass, options: ClientOptions['backoff'], spreadMs: number): Policy {
  const own = (options as Partial<Record<RetryClass, Partial<Backoff>>> | undefined)?.[kind]
  const factor = 1.5
  if (kind === 'auth') return { baseMs: 2_000, factor, capMs: 30_000, jitter: 'above', maxAttempts: 3, ...own }
  const told = kind === 'capacity'
  return {
    baseMs: told ? 5_000 : spreadMs,
    factor,
    capMs: told ? 60_000 : Math.max(CAP_MS, spreadMs),
    jitter: told ? 'above' : 'full',
    ...options,
    ...own,
  }
}

/**
 * The wait before dial number `n` after the last stable connection (from 0). A wait told by the server goes before. */
export function backoffDelayMs(
  { baseMs, factor, capMs, jitter }: Policy,
  n: number,
  random: () => number,
  toldMs?: number,
): number {
  // 1.5^16 s is over ten minutes: a larger exponent only overflows.
  const delay = toldMs ?? Math.min(capMs, baseMs * factor ** Math.min(n, 16))
  if (toldMs !== undefined || jitter === 'above') return delay * (1 + random())
  return jitter === 'full' ? FLOOR_MS + random() * delay : delay * (1 + jitter * (2 * random() - 1))
}
