// What the server needs of a transport: a way to one client, whatever carries it. Implemented in io/ for each transport.

import type { DisconnectFrame } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'
import type { EncodedFrame } from '../hub/encoded-frame.ts'
import type { Sink } from '../hub/sinks.ts'

/** The bounded queue towards the client. */
export interface Outbox extends Sink {
  /** Set when the client says that it does. */
  batches?: boolean
  /** Sends what the client asked for itself: it makes it a slow consumer only where very much waits. Pace these by `bytes` and `whenDrained`. */
  sendRequested(frame: EncodedFrame): void
  /** Bytes that wait. */
  readonly bytes: number
  /** Bytes that were handed to the transport, since the start. */
  readonly sentBytes: number
  /** Calls `then` once, when all that waits has been taken. */
  whenDrained(then: () => void): void
}

/** A transport's end of one connection. */
export interface Link {
  readonly outbox: Outbox
  readonly transport: 'websocket' | 'sse' | 'poll'
  /** Stops reading; nothing is lost. */
  pause(): void
  resume(): void
  /** The transport's own ping, for clients that know no `ping` frame. Its answer is told as a sign of life. */
  ping(): void
  /**
   * Sends what waits, then closes. Nothing that arrives afterwards is told. A peer that does not answer is let go after a while.
   * `told` is the frame that was sent about it, for transports that can still say it in another way.
   */
  close(code: number, reason: string, told?: DisconnectFrame): void
}

/** With what somebody came. */
export interface Approach {
  /** The peer's address. */
  readonly address: string
  /** Path and query. */
  readonly url: string
  /** Lower-case names; without cookies where these must not count. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** A token outside the first frame. */
  readonly token: string | undefined
  /** For a client without the subprotocol that brought credentials: the channels it wants, and no `connect` is waited for. */
  readonly bare: BareApproach | undefined
}

/** What a bare client wants. */
export interface BareApproach {
  readonly channels: readonly string[]
  /** How far it has got in them, in their order. */
  readonly positions?: readonly (Position | undefined)[]
  /** It can send nothing, not even signs of life: it is sent away after a while. */
  readonly oneWay?: boolean
}
