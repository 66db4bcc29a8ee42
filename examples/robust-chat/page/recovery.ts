// What is done about each class of errors: how long to wait, and how often to try. In one place, to be read and changed.

import type { Backoff, ClientOptions, ConnectionError } from 'staywire/client'

/** For each class how it is retried. Overrides of `createClient({ backoff })`; what is left out keeps its default. */
export const RECOVERY = {
  /** The network went, or the server did without a word. */
  network: { baseMs: 1_000, factor: 1.5, capMs: 30_000, jitter: 0.1, maxAttempts: 10 },
  /** The server ended the connection: it restarts, or heard nothing. */
  connection: { baseMs: 1_000, factor: 2, capMs: 30_000, jitter: 0.1, maxAttempts: 5 },
  /** The token was refused: three tries, each with another one. */
  auth: { baseMs: 2_000, factor: 1.5, maxAttempts: 3 },
  /** Too many, too fast. */
  capacity: { baseMs: 5_000, factor: 1.5, maxAttempts: 10 },
} satisfies ClientOptions['backoff']

/** What is done about an error, in words. */
export function strategyOf({ class: kind }: Pick<ConnectionError, 'class'>): string {
  if (kind === 'app' || kind === 'final') return 'stay away until somebody asks'
  const { baseMs, factor, maxAttempts }: Partial<Backoff> = RECOVERY[kind]
  const what = kind === 'auth' ? 'ask for another token, try' : 'try'
  return `${what} up to ${maxAttempts} times, after ${baseMs / 1_000} s × ${factor}`
}
