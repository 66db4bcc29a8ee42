// The frames of the protocol as discriminated unions. Shapes only: codec.ts checks them, PROTOCOL.md explains them.

import type { Position } from './position.ts'
import type { ToldLimits } from './limits.ts'
import type { ErrorCode } from './error-code.ts'

/** The feature of a client that takes several publications in one message. PROTOCOL.md, BATCH-2. */
export const BATCH = 'batch'

/** The WebSocket subprotocol of this version (RFC 6455 §1.9). */
export const SUBPROTOCOL = 'staywire.v1'

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** What a subscription asks of presence: nothing, the number of members, or who they are. */
export type PresenceMode = 'count' | 'members'

/** Says which claim of a session or slot is newer: `[term, attempt]`, compared in that order. */
export type Fence = readonly [term: number, attempt: number]

/** Who opened a connection: browser profile, tab, page load, client instance, component label. All optional, all chosen by the client. */
export interface OriginLabel {
  readonly browser?: string
  readonly tab?: string
  readonly page?: string
  readonly instance?: string
  readonly label?: string
}

/** A subscription as asked for. `position` = recover from there. */
export interface SubscriptionRequest {
  readonly channel: string
  readonly position?: Position
  readonly presence?: PresenceMode
}

/** One member of a channel's presence. */
export interface Member {
  /** The user id. */
  readonly user: string
  /** What the application attached at authenticate, if anything. */
  readonly data?: Json
}

export interface ConnectFrame {
  readonly type: 'connect'
  readonly id: number
  readonly token?: string
  readonly fence?: Fence
  readonly session?: { readonly id: string; readonly secret: string }
  readonly origin?: OriginLabel
  readonly slot?: string
  readonly sdk?: string
  readonly features?: readonly string[]
  readonly subscriptions?: readonly SubscriptionRequest[]
}
export interface SubscribeFrame extends SubscriptionRequest {
  readonly type: 'subscribe'
  readonly id: number
}
export interface UnsubscribeFrame {
  readonly type: 'unsubscribe'
  readonly id: number
  readonly channel: string
}
export interface PublishFrame {
  readonly type: 'publish'
  /** Without it the publish is not answered. */
  readonly id?: number
  readonly channel: string
  readonly data: Json
  readonly key?: string
  readonly meta?: { readonly [key: string]: Json }
}
export interface CallFrame {
  readonly type: 'call'
  readonly id: number
  readonly method: string
  readonly data?: Json
}
export interface RefreshFrame {
  readonly type: 'refresh'
  readonly id: number
  readonly token: string
}
export interface PresenceFrame {
  readonly type: 'presence'
  readonly id: number
  readonly channel: string
}
export interface HistoryFrame {
  readonly type: 'history'
  readonly id: number
  readonly channel: string
  /** Exclusive upper offset; without it and `after`, the newest page. */
  readonly before?: number
  /** Exclusive lower offset. */
  readonly after?: number
  readonly limit?: number
}
export interface PingFrame {
  readonly type: 'ping'
}
export interface PongFrame {
  readonly type: 'pong'
}
export interface ClientDisconnectFrame {
  readonly type: 'disconnect'
  /** Ends the session too: presence leaves at once. */
  readonly end?: boolean
}

/** What a client sends. */
export type ClientFrame =
  | ConnectFrame
  | SubscribeFrame
  | UnsubscribeFrame
  | PublishFrame
  | CallFrame
  | RefreshFrame
  | PresenceFrame
  | HistoryFrame
  | PingFrame
  | PongFrame
  | ClientDisconnectFrame

export interface ConnectedFrame {
  readonly type: 'connected'
  readonly id?: number | undefined
  readonly connection: string
  readonly session?: { readonly id: string; readonly secret: string; readonly ttlMs: number } | undefined
  readonly user: string
  readonly resumed: boolean
  readonly node: string
  /** Unix time in milliseconds. */
  readonly serverTime: number
  readonly heartbeat: { readonly intervalMs: number; readonly timeoutMs: number }
  readonly spreadMs: number
  readonly limits: ToldLimits
  /** `life` names one life of the memory that remembers keys: after it changed, unanswered publishes to memory channels are unknown. */
  readonly dedupe: { readonly windowMs: number; readonly life: string }
  readonly tokenExpiresInMs?: number | undefined
  /** How the session's last connection ended, when the client may not have been told. */
  readonly previous?: { readonly code: number; readonly reason: string; readonly at: number } | undefined
  readonly features?: readonly string[] | undefined
}

/** Why publications cannot be had: PROTOCOL.md, REC. */
export type GapReason = 'trimmed' | 'too-many' | 'epoch' | 'ahead' | 'forbidden'

/** What could not be recovered: after `from` (exclusive) up to `to` (inclusive). */
export interface Gap {
  readonly from: Position
  readonly to: Position
  readonly why: GapReason
}

/** What became of a subscription's continuity. */
export type Outcome = 'live' | 'recovered' | 'gap'

export interface SubscribedFrame {
  readonly type: 'subscribed'
  readonly id?: number | undefined
  readonly channel: string
  /** Where live publications go on: the next one follows it, after the recovered ones. Absent on ephemeral channels. */
  readonly position?: Position | undefined
  readonly outcome: Outcome
  /** How many recovered publications follow. */
  readonly recovering?: number | undefined
  readonly gap?: Gap | undefined
  readonly members?: readonly Member[] | undefined
  readonly memberCount?: number | undefined
  readonly presenceVersion?: number | undefined
}
export interface UnsubscribedFrame {
  readonly type: 'unsubscribed'
  readonly id?: number
  readonly channel: string
  readonly code: ErrorCode | 'requested'
  readonly reason: string
}
export interface PublishedFrame {
  readonly type: 'published'
  readonly id: number
  /** Absent on ephemeral channels. */
  readonly position?: Position
  readonly duplicate?: boolean
}
export interface PublicationFrame {
  readonly type: 'publication'
  readonly channel: string
  /** Absent on ephemeral channels. */
  readonly offset?: number
  /** The offset this one follows, where it is not `offset - 1`. */
  readonly prev?: number
  readonly data: Json
  /** Unix time in milliseconds at which it was stored. */
  readonly at: number
  /** The user who published it; absent for publications of the server. */
  readonly from?: string
  readonly key?: string
  readonly meta?: { readonly [key: string]: Json }
}
export interface ResultFrame {
  readonly type: 'result'
  readonly id: number
  /** Answer of a call. */
  readonly data?: Json
  /** Answer of `refresh`. */
  readonly tokenExpiresInMs?: number
  /** Answer of `presence`. */
  readonly members?: readonly Member[]
  readonly memberCount?: number
  readonly presenceVersion?: number
  /** Answer of `history`. */
  readonly publications?: readonly Omit<PublicationFrame, 'type' | 'channel'>[]
  readonly position?: Position
}
export interface ErrorFrame {
  readonly type: 'error'
  readonly id?: number
  readonly code: ErrorCode
  readonly message: string
  readonly temporary: boolean
  readonly retryAfterMs?: number
}
export interface JoinFrame {
  readonly type: 'join' | 'leave'
  readonly channel: string
  /** Absent when only counts are told. */
  readonly member?: Member
  readonly memberCount: number
  readonly presenceVersion: number
}
export interface DisconnectFrame {
  readonly type: 'disconnect'
  readonly code: number
  readonly reason: string
  readonly retryAfterMs?: number
  /** The winner's term, with 4501. */
  readonly term?: number
}

/** What a server sends. */
export type ServerFrame =
  | ConnectedFrame
  | SubscribedFrame
  | UnsubscribedFrame
  | PublishedFrame
  | PublicationFrame
  | ResultFrame
  | ErrorFrame
  | JoinFrame
  | PingFrame
  | PongFrame
  | DisconnectFrame
