// The limits that turn somebody away or hold something back, by name: the same names in options, counters, events and documents.

import { CLOSE, type CloseCode } from '../../protocol/close-code.ts'

/** With which code a limit closes or refuses, and what the peer is told about coming back. */
interface Consequence {
  readonly close: CloseCode
  /** When it is worth trying again, where that is not known better; clients wait up to twice as long. */
  readonly retryAfterMs: number
}

/** What each limit does. A place is freed when somebody leaves: nobody knows when, so it is asked for seldom. */
export const LIMITED = {
  connections: { close: CLOSE.nodeFull, retryAfterMs: 5_000 },
  connectionsPerAddress: { close: CLOSE.addressLimit, retryAfterMs: 15_000 },
  connectionsFromLoopback: { close: CLOSE.addressLimit, retryAfterMs: 15_000 },
  connectionsPerUser: { close: CLOSE.userLimit, retryAfterMs: 15_000 },
  connectionsPerBrowser: { close: CLOSE.userLimit, retryAfterMs: 15_000 },
  acceptPerSecond: { close: CLOSE.nodeFull, retryAfterMs: 1_000 },
  memoryPercent: { close: CLOSE.nodeFull, retryAfterMs: 10_000 },
  framesPerSecond: { close: CLOSE.rateLimited, retryAfterMs: 1_000 },
  bytesPerSecond: { close: CLOSE.rateLimited, retryAfterMs: 1_000 },
  userFramesPerSecond: { close: CLOSE.rateLimited, retryAfterMs: 1_000 },
  userBytesPerSecond: { close: CLOSE.rateLimited, retryAfterMs: 1_000 },
} as const satisfies Record<string, Consequence>

/** The name of such a limit. */
export type LimitedBy = keyof typeof LIMITED

/** How often each limit was met. */
export type LimitCounts = Record<LimitedBy, number>

/** All counts at 0. */
export function noneLimited(): LimitCounts {
  return Object.fromEntries(Object.keys(LIMITED).map((name) => [name, 0])) as LimitCounts
}
