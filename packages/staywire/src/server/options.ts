// What can be said to `createServer`: types, and the defaults behind them. Durations in milliseconds, sizes in bytes.

import type { Json, OriginLabel } from '../protocol/frame.ts'
import type { Schema } from '../protocol/schema.ts'
import type { Broker } from './broker/broker.ts'
import type { LimitOptions } from './limit-options.ts'
import type { Observer } from './observer/observer.ts'

/** Who is asking to connect, and with what. */
export interface AuthenticateRequest {
  /** The token of the connect frame, the `Authorization: Bearer` header, the subprotocol, or where switched on the cookie or the URL. */
  readonly token: string | undefined
  /** The peer's address, e.g. `127.0.0.1`. */
  readonly address: string
  /**
   * Lower-case header names of the upgrade request, without `cookie` when it had no `Origin`. Empty for a token refresh: the request is
   * not kept.
   */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Path and query of the upgrade request, without a token in it; empty for a token refresh. */
  readonly url: string
  readonly origin: OriginLabel
}

/** What a user may do beyond what the channel rules grant to everybody. Patterns match whole segments. */
export interface Claims {
  readonly subscribe?: readonly string[]
  readonly publish?: readonly string[]
  /** Channels whose presence they may see. Default: those of `subscribe`. */
  readonly presence?: readonly string[]
  /** Channels whose history they may read. Default: those of `subscribe`. */
  readonly history?: readonly string[]
}

/** Who somebody is. */
export interface Identity {
  /** The user id: 1–128 characters. Ids beginning with `anon:` are the library's own. */
  readonly user: string
  readonly claims?: Claims
  /** Unix time in milliseconds at which the token runs out. Default: never. */
  readonly expiresAt?: number
  /** The token's own id (a JWT's `jti`), by which it can be revoked. At most 256 characters. */
  readonly tokenId?: string
  /**
   * Unix time in milliseconds at which the token was issued: one that is older than the revocation of its user or session is refused.
   * Without it nothing is, and `authenticate` itself must know who was revoked.
   */
  readonly issuedAt?: number
  /** Channels the connection is subscribed to by the server. They need no rule. */
  readonly subscriptions?: readonly string[]
  /** Shown to others in presence. */
  readonly data?: Json
}

/** What a user wants to do with a channel. */
export interface AuthorizeRequest {
  readonly action: 'subscribe' | 'publish' | 'presence' | 'history'
  readonly channel: string
  readonly user: string
  readonly claims: Claims
}

/** One call of a client, as its handler sees it. */
export interface CallRequest {
  readonly user: string
  readonly claims: Claims
  /** The id of the calling connection. */
  readonly connection: string
}

/** Answers calls of one method. A thrown `StaywireError` travels to the caller; any other error becomes `call-failed`, and what was thrown stays here. */
export type CallHandler =
  | ((data: Json | undefined, request: CallRequest) => unknown)
  | { readonly data: Schema; handle(data: never, request: CallRequest): unknown }

/** The rule of a channel pattern. Patterns are tried in the order written; the first that matches counts. */
export interface ChannelOptions {
  /** How much is kept, or `false` for an ephemeral channel. Default `{ size: 1000, ttlMs: 86_400_000 }`. */
  readonly history?: false | { readonly size?: number; readonly ttlMs?: number }
  /** Where it is kept. Default `disk` where a store is configured, else `memory`. */
  readonly durability?: 'memory' | 'disk'
  /** Whether subscribers may ask who is there. Default `false`. */
  readonly presence?: boolean
  /** Whether every authenticated user may subscribe. Default: only by claim or `authorize`; `false`: nobody but by claim of the full name. */
  readonly subscribe?: boolean
  /** Whether every authenticated user may publish. Same default. */
  readonly publish?: boolean
  /**
   * Whether every authenticated user may see who is there. Default: whoever may subscribe; `false`: nobody but by claim `presence` of the
   * full name.
   */
  readonly readPresence?: boolean
  /**
   * Whether every authenticated user may read what is kept, page by page and by recovery. Default: whoever may subscribe; `false`:
   * nobody but by claim `history` of the full name.
   */
  readonly readHistory?: boolean
  /** Checks the data of each publish by a client, and of the server. */
  readonly data?: Schema
  /**
   * Gathers publications and sends several in one message to clients that take it: for channels with many a second. The first of them
   * waits for `maxDelayMs` at most, and no more than `maxCount` (default 100) go together. Default: each is sent at once.
   */
  readonly batch?: { readonly maxDelayMs: number; readonly maxCount?: number }
}

/** How dead peers are found. */
export interface HeartbeatOptions {
  /** Default `true`. */
  readonly enabled?: boolean
  /** Default 25,000. */
  readonly intervalMs?: number
  /** Default 8,000. */
  readonly timeoutMs?: number
  /** How many pings may stay unanswered before the connection is closed 4102. Default 1. */
  readonly maxMissed?: number
}

/** Compression of WebSocket messages (permessage-deflate), for clients that offer it: browsers do. */
export interface CompressionOptions {
  /** Default `false`: it costs time for each publication, and tells who listens to the wire how much messages have in common. */
  readonly enabled?: boolean
  /** Smaller messages go as they are. Default 1,024. */
  readonly thresholdBytes?: number
}

/** Options of `createServer`. */
export interface ServerOptions {
  /**
   * Says who a connection is; `null` refuses it (4002, or 4001 without a token). A throw or no answer within `decisionTimeoutMs` closes 4104:
   * the client comes back. To refuse a known user, throw a `StaywireError` with code `forbidden` (4003).
   */
  readonly authenticate?: (request: AuthenticateRequest) => Identity | null | Promise<Identity | null>
  /** Name of a cookie that may carry the token. It counts only with an `Origin` that may come. Default: none. */
  readonly tokenCookie?: string
  /**
   * Name of a URL parameter that may carry the token, for clients that can set nothing else. URLs end up in the logs of proxies and in
   * histories: use it for tokens that live for seconds. The server itself takes it out of every URL it tells. Default: none.
   */
  readonly tokenParameter?: string
  /** Lets connections without a token in as `anon:<browser>`. Default `false`. */
  readonly anonymous?: boolean
  /** Decides what neither a rule nor a claim decided. A throw counts as no. Default: no. */
  readonly authorize?: (request: AuthorizeRequest) => boolean | Promise<boolean>
  /** Rules by channel pattern. */
  readonly channels?: Readonly<Record<string, ChannelOptions>>
  /** Request/response handlers by method name. */
  readonly calls?: Readonly<Record<string, CallHandler>>
  readonly limits?: LimitOptions
  readonly heartbeat?: HeartbeatOptions
  readonly compression?: CompressionOptions
  /** Where publications are kept. Default: a memory broker. */
  readonly store?: Broker
  /** The node's name: letters, digits and `-`. Default: random. */
  readonly node?: string
  /**
   * The other nodes behind the same proxy, by name, with the URL of the path of each, e.g. `{ b: 'http://10.0.0.2:8080/realtime' }`; this
   * node itself may be among them. What comes here over HTTP for a connection of one of them is handed to it: clients without a WebSocket
   * may then be sent to any. Needs `node`. Default: none.
   */
  readonly peers?: Readonly<Record<string, string>>
  /** Origins allowed besides the server's own (Origin host = Host), e.g. `https://app.example`. */
  readonly allowOrigins?: readonly string[]
  /**
   * Networks (CIDR, e.g. `10.0.0.0/8`) and addresses of proxies that are believed when they say for whom they speak: `forwardedHeader`
   * is read from its end, and the first address that is no trusted proxy is the client's. Default: none, the peer is the client.
   */
  readonly trustedProxies?: readonly string[]
  /** The header that those proxies write, and never pass on as it came. Default `x-forwarded-for`. */
  readonly forwardedHeader?: 'x-forwarded-for' | 'forwarded'
  /** Told about everything that happens. */
  readonly observer?: Observer
}
