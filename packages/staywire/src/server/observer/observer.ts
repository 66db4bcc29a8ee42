// What happens in a server, one event each, for whoever wants to see it. The server never depends on what an observer makes of it.

import type { OriginLabel } from '../../protocol/frame.ts'
import type { LimitedBy } from '../guard/limited.ts'
import type { RevocationKind } from '../session/revocations.ts'
import type { FrameType } from './frame-trail.ts'

/** How a connection's frames travel. */
export type TransportName = 'websocket' | 'sse' | 'poll'

/** The facts of a connection that never change. */
export interface ConnectionFacts {
  readonly connection: string
  readonly user: string
  readonly address: string
  readonly transport: TransportName
  readonly origin: OriginLabel
  /** The place it fills: `shared` or a tab; absent where the client named none. */
  readonly slot?: string
  /** Unix time in milliseconds. */
  readonly connectedAt: number
}

/** What went over a connection in its life. */
export interface Traffic {
  /** Bytes of frames received. */
  readonly bytesIn: number
  /** Bytes handed to the transport. */
  readonly bytesOut: number
  /** Types of the last frames received, oldest first; at most six. */
  readonly lastReceived: readonly FrameType[]
  /** Types of the last frames sent to it alone, oldest first; at most six. What is fanned out is not traced. */
  readonly lastSent: readonly FrameType[]
}

/** A connection ended that had been connected, or (`facts` absent) one that never got that far. */
export interface ClosedEvent extends Traffic {
  readonly type: 'closed'
  readonly connection: string
  readonly facts?: ConnectionFacts
  readonly address: string
  readonly transport: TransportName
  readonly code: number
  readonly reason: string
  readonly by: 'server' | 'client' | 'network'
  /** Unix time in milliseconds. */
  readonly at: number
  /** Since it was connected; for one that never was, since it was accepted. */
  readonly durationMs: number
}

/** Everything that is reported. */
export type ServerEvent =
  | {
      readonly type: 'connected'
      readonly facts: ConnectionFacts
      readonly resumed: boolean
      /** The `User-Agent` header, cut to 200 characters. */
      readonly agent?: string
      /** What the client says about itself in `connect`. */
      readonly sdk?: string
    }
  /** A connection goes on over another transport: a long poll that became a WebSocket. */
  | { readonly type: 'upgraded'; readonly connection: string; readonly transport: TransportName }
  | ClosedEvent
  /**
   * A handshake was refused before there was a connection: with an HTTP status, or with 0 where it never came to HTTP (cause
   * `tls`) or somebody else answered.
   */
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
      /** How many subscriptions the connection has now. */
      readonly subscriptions: number
    }
  | {
      readonly type: 'unsubscribed'
      readonly connection: string
      readonly channel: string
      readonly subscriptions: number
    }
  /** Storing a publication, or finding it stored, took so long; told of one in each tick of the server: `stats()` counts them all. */
  | { readonly type: 'published'; readonly channel: string; readonly storedMs: number }
  /** A publication was handed to the outboxes so long after it was accepted; told of one in each tick of the server. */
  | { readonly type: 'delivered'; readonly latencyMs: number }
  /** A frame of a client was answered with an error. */
  | { readonly type: 'frame-refused'; readonly connection: string; readonly code: string }
  /** A ping was not answered in time; the `missed`th in a row. */
  | {
      readonly type: 'ping-missed'
      readonly connection: string
      readonly user: string
      readonly address: string
      readonly missed: number
    }
  | { readonly type: 'pong'; readonly connection: string; readonly rttMs: number }
  /** An ephemeral publication was not sent to a connection under pressure. */
  | { readonly type: 'dropped'; readonly connection: string; readonly channel: string }
  /** A body or a poll came here and was for a connection of another node: it answered, or it `failed` to, and why. */
  | {
      readonly type: 'forwarded'
      readonly to: string
      readonly outcome: 'answered' | 'failed'
      readonly cause?: string
    }
  /** Something was revoked, and these connections of this node were closed for it. */
  | { readonly type: 'revoked'; readonly kind: RevocationKind; readonly connections: number }
  /** One look of the clock ended connections whose time had come, or forgot sessions whose ttl had run out. */
  | { readonly type: 'swept'; readonly connections: number; readonly sessions: number }
  /** The application's own code threw or took too long. */
  | { readonly type: 'application-error'; readonly where: string; readonly error: unknown }

/**
 * Told about events, synchronously. Must not throw and must not take long. Nothing is told for each publication or delivery: what is
 * that frequent is counted, in `stats()` and `channels()`, for whoever wants to look from time to time.
 */
export interface Observer {
  report(event: ServerEvent): void
}
