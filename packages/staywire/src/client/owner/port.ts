// What a tab and the owner of its connection say to each other. All arguments can be cloned, so that the two may sit in one
// thread or on the two ends of a message port.

import type { ClientStats, ConnectionError } from '../api.ts'
import type { ConnectionState } from '../connection/state.ts'
import type { Traffic } from './traffic.ts'
import type {
  ErrorFrame,
  JoinFrame,
  PresenceMode,
  PublicationFrame,
  PublishedFrame,
  ResultFrame,
  SubscribedFrame,
  SubscriptionRequest,
} from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'

/** What a tab says about the connection. */
export interface ConnectionPort {
  /** The app wants a connection: tries again whatever the status, unless closed. */
  connect(): void
  /** There is something to do. */
  need(): void
  /** The app wants no connection until it says otherwise, or for ever (`closed`); `end`: nor the session. */
  leave(status: 'disconnected' | 'closed', end: boolean): void
  /** The answer to `askToken`. With a `problem` there is no token now; without both, nobody is signed in. */
  token(ticket: number, token: string | null | undefined, problem?: string): void
}

/** What a tab says to its owner. */
export interface OwnerPort extends ConnectionPort {
  /**
   * The tab wants the channel. Said again for a channel it has: to recover from `position`, or to ask for presence. Without a
   * connection nothing follows: what is wanted is asked for at the next connect.
   */
  subscribe(channel: string, position?: Position, presence?: PresenceMode): void
  unsubscribe(channel: string): void
  /** Sends a frame that wants one answer. `body` is its JSON text without the opening brace, for the owner to put an id before. */
  request(ticket: number, body: string): void
}

/** What is said about one connection once it is up. */
export interface Terms {
  readonly user: string
  readonly dedupe: { readonly windowMs: number; readonly life: string }
}

/** Frames about a channel that a tab gets as they came. */
export type ChannelFrame = SubscribedFrame | PublicationFrame | JoinFrame

/** Frames that answer a request. */
export type Answer = PublishedFrame | ResultFrame | ErrorFrame

/** What an owner says to its tabs. */
export interface TabPort {
  /** The channels it wants, each from the position it has reached. */
  wanted(): readonly SubscriptionRequest[]
  state(state: ConnectionState): void
  error(error: ConnectionError): void
  askToken(ticket: number): void
  /** The connection is gone: requests that were not answered will not be, and every subscription waits. */
  down(): void
  /** Requests can be made. */
  up(terms: Terms): void
  answer(ticket: number, frame: Answer): void
  /** `from`: the position that a `subscribed` frame answers to. */
  frame(frame: ChannelFrame, from?: Position): void
  /** The server does not give the channel, or gives it no longer. Forgotten by the owner. */
  refused(channel: string, code: string, message: string): void
}

/** An owner as a tab has it at hand. */
export interface HeldOwner extends OwnerPort {
  readonly traffic: Traffic
  readonly sharing: ClientStats['sharing']
  /** The tab has it no more: listens to nothing from now on. */
  stop?(): void
}
