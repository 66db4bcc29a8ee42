// What happens in a server, one event each, for whoever wants to see it. The server never depends on what an observer makes of it.

import type { OriginLabel } from '../../protocol/frame.ts'
import type { LimitedBy } from '../guard/limited.ts'

/** The facts of a connection that never change. */
export interface ConnectionFacts {
  readonly connection: string
  readonly user: string
  readonly address: string
  readonly transport: 'websocket' | 'sse' | 'poll'
  readonly origin: OriginLabel
  /** Unix time in milliseconds. */
  readonly connectedAt: number
}

/** Everything that is reported. */
export type ServerEvent =
  | { readonly type: 'connected'; readonly facts: ConnectionFacts; readonly resumed: boolean }
  /** A connection ended that had been connected, or (facts absent) one that never got that far. */
  | {
      readonly type: 'closed'
      readonly connection: string
      readonly facts?: ConnectionFacts
      readonly code: number
      readonly reason: string
      readonly by: 'server' | 'client' | 'network'
      readonly at: number
    }
  /** A handshake was refused before the upgrade. */
  | { readonly type: 'refused'; readonly status: number; readonly cause: string; readonly address: string }
  /** A limit was met: what is one too many was refused, or a connection was evicted for a newer one. Its end is told by `closed`. */
  | {
      readonly type: 'limited'
      readonly limit: LimitedBy
      readonly outcome: 'refused' | 'evicted'
      readonly connection: string
      /** Empty where it is not known yet. */
      readonly user: string
      readonly address: string
    }
  | {
      readonly type: 'subscribed'
      readonly connection: string
      readonly channel: string
      readonly outcome: 'live' | 'recovered' | 'gap'
      readonly recovered: number
    }
  | { readonly type: 'unsubscribed'; readonly connection: string; readonly channel: string }
  | { readonly type: 'published'; readonly channel: string; readonly duplicate: boolean; readonly from?: string }
  | { readonly type: 'frame-refused'; readonly connection: string; readonly code: string }
  | { readonly type: 'ping-missed'; readonly connection: string; readonly missed: number }
  | { readonly type: 'pong'; readonly connection: string; readonly rttMs: number }
  /** An ephemeral publication was not sent to a connection under pressure. */
  | { readonly type: 'dropped'; readonly connection: string; readonly channel: string }
  /** The application's own code threw or took too long. */
  | { readonly type: 'application-error'; readonly where: string; readonly error: unknown }

/** Told about events, synchronously. Must not throw and must not take long. */
export interface Observer {
  report(event: ServerEvent): void
}
