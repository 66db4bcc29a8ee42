// A node in figures. Shapes only.

import type { LimitCounts } from '../guard/limited.ts'

/** This node in figures. Gauges count what is there now, counters since the start. */
export interface ServerStats {
  readonly node: string
  readonly startedAt: number
  readonly connections: number
  /** Accepted, but not yet connected. */
  readonly connecting: number
  readonly users: number
  readonly sessions: number
  /** Revocations that are remembered. */
  readonly revocations: number
  readonly channels: number
  readonly subscriptions: number
  readonly outboxBytes: number
  /** What is held for connections, part by part: where a part holds more than there are connections, it leaks. */
  readonly held: {
    /** Sockets, streams and polling clients, closing ones included. */
    readonly links: number
    /** Places of admission. */
    readonly seats: number
    /** Sessions that are said to have a connection. */
    readonly sessions: number
    /** Listeners of the application on the server. */
    readonly listeners: number
  }
  /** Most connections at once. */
  readonly maxConnections: number
  readonly counters: {
    readonly accepted: number
    readonly connected: number
    readonly closed: number
    readonly refused: number
    readonly framesReceived: number
    readonly bytesReceived: number
    readonly bytesSent: number
    readonly publications: number
    readonly duplicates: number
    readonly deliveries: number
    readonly recovered: number
    readonly gaps: number
    readonly slowConsumers: number
    readonly missedPings: number
    readonly droppedEphemeral: number
    /** Closed 4507 to make room for a newer one. */
    readonly evicted: number
  }
  /** How often each limit was met since the start, by the name of its option. */
  readonly limited: LimitCounts
  /** Messages that were compressed since the start, once each for all who got them, and their bytes before and after. */
  readonly compression: { readonly messages: number; readonly bytesBefore: number; readonly bytesAfter: number }
}
