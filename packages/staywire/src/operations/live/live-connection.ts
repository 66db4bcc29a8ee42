// One live connection as events tell of it: its facts, and what changed since.

import type { ConnectionFacts } from '../../server/observer/observer.ts'

/** A live connection. Times are Unix milliseconds. */
export interface LiveConnection {
  /** As of now: an upgrade changes the transport. */
  facts: ConnectionFacts
  readonly resumed: boolean
  readonly agent: string | undefined
  readonly sdk: string | undefined
  /** Subscriptions now. */
  subscriptions: number
  /** Whether it ever subscribed to anything but its user's own channel. */
  used: boolean
  missedPings: number
  rttMs: number | undefined
}
