// The public face of a server: what `createServer` returns. Types only.

import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Member, Json } from '../../protocol/frame.ts'
import type { ChannelName } from '../../protocol/define-channel.ts'
import type { Position } from '../../protocol/position.ts'
import type { LimitCounts } from '../guard/limited.ts'
import type { ChannelInfo } from '../hub/hub.ts'
import type { Ban } from '../session/bans.ts'
import type { RevokeTarget } from './revoking.ts'
import type { ConnectionInfo } from '../observer/connection-info.ts'
import type { ConnectionStats, UserConnection } from '../observer/connection-stats.ts'
import type { ServerStats } from '../observer/server-stats.ts'
import type { Filter as ConnectionFilter } from '../node/registry.ts'
import type { Close } from '../node/world.ts'

export type { RevokeTarget }
export type {
  Ban,
  ChannelInfo,
  ConnectionFilter,
  ConnectionInfo,
  ConnectionStats,
  LimitCounts,
  ServerStats,
  UserConnection,
}

/** Options of one publish. */
export interface PublishOptions {
  /** Idempotency key: the same key in the same channel is stored once within the dedupe window. */
  readonly key?: string
  /** Small facts beside the data, at most 1 KiB as JSON. */
  readonly meta?: { readonly [key: string]: Json }
}

/** What became of a publish. Ephemeral channels have no position. */
export interface PublishResult {
  readonly position?: Position
  readonly duplicate: boolean
}

/** Events of a server. */
export interface ServerEvents {
  connected: (connection: ConnectionInfo) => void
  disconnected: (connection: ConnectionInfo, close: Close) => void
  /** Application code (authenticate, authorize, a call, a listener) threw. */
  error: (error: unknown, where: string) => void
}

/** How a request is handled that the host routed. */
export interface RequestOptions {
  /** The path below which it lies, as the browser asks for it. Default: those of `attach`, else `/realtime`. */
  readonly path?: string
  /** The body, where the host has read it and does not leave it in `request.body`: text, bytes, or parsed JSON. */
  readonly body?: unknown
}

/** How a `Request` is handled. */
export interface FetchOptions {
  /** The path below which it lies. Default: those of `attach`, else `/realtime`. */
  readonly path?: string
  /** The peer's address, which a `Request` does not tell. Default: unknown, so that all of them count as one address. */
  readonly address?: string
}

/** One user's view: publications to `@user:<id>` reach every device of theirs that is subscribed to it (all are, by default). */
export interface UserHandle {
  publish(data: unknown, options?: PublishOptions): Promise<PublishResult>
  /** Closes the user's connections; answers how many. Default code 4502. */
  close(options?: { code?: number; reason?: string }): Promise<number>
  /**
   * Closes the user's connections with 4503 and refuses new ones on this node, for `forMs` or without end; answers how many were
   * closed. A ban does not outlive the process: keep who is banned for good in `authenticate`.
   */
  ban(options?: { forMs?: number }): Promise<number>
  /** Lets the user in again; answers whether they were banned. */
  unban(): boolean
}

/** A server: any number of connections over any number of attached HTTP servers. */
export interface Server {
  readonly node: string
  /** Resolves when the store is open; everything that needs it waits by itself. Rejects when it cannot be opened. */
  readonly ready: Promise<void>
  /**
   * Serves WebSocket upgrades of `path` (default `/realtime`) on an HTTP server and, below it, event streams (`…/sse`), long polls
   * (`…/poll`), what their clients send (`…/frames`) and `GET …/health`. Undone by `close`.
   */
  attach(httpServer: HttpServer, options?: { path?: string }): void
  /** For hosts that route upgrades themselves. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /**
   * For hosts that route requests themselves: answers what is below the path and says `true`, else leaves it alone. Below a router that
   * cuts `url` it goes by `originalUrl`.
   */
  handleRequest(request: IncomingMessage, response: ServerResponse, options?: RequestOptions): boolean
  /**
   * For hosts that speak the Fetch standard: event streams, long polls, what their clients send, and health. Answers 404 for what is not
   * below the path. Back-pressure is the host's: what it does not read waits, within the outbox. A body that is cancelled, or a `signal`
   * that aborts, ends the connection.
   */
  fetch(request: Request, options?: FetchOptions): Promise<Response>
  /** Publishes as the server. Resolves once stored; rejects with a `StaywireError`. */
  publish<Data>(channel: ChannelName<Data>, data: Data, options?: PublishOptions): Promise<PublishResult>
  /** Publishes several, each answered by itself: a refusal of one does not stop the others. Stored together where the store can. */
  publishMany(
    items: readonly ({ readonly channel: string; readonly data: unknown } & PublishOptions)[],
  ): Promise<PromiseSettledResult<PublishResult>[]>
  user(id: string): UserHandle
  readonly connections: {
    list(filter?: ConnectionFilter): Promise<ConnectionInfo[]>
    get(id: string): Promise<ConnectionInfo | undefined>
    /** Whether there was such a connection. Default code 4502. */
    close(id: string, options?: { code?: number; reason?: string }): Promise<boolean>
    /** Closes with 4107 `moved`, so that clients come back, spread by `perSecond` (default: at once) and, where `retryAfterMs` says so, later. Answers how many. */
    closeAll(options?: { perSecond?: number; code?: number; retryAfterMs?: number }): Promise<number>
  }
  /** Members of a channel with `presence: true`. */
  presence(channel: string): Promise<{ members: Member[]; count: number }>
  history(
    channel: string,
    page?: { before?: number; after?: number; limit?: number },
  ): Promise<{ publications: HistoryItem[]; position: Position }>
  /** Channels with subscribers on this node, with their number and how many publications each has had since the first of them came. */
  channels(): ChannelInfo[]
  stats(): ServerStats
  /** All connections of this node with their heartbeats; walks all of them. */
  getConnectionStats(): ConnectionStats
  /** The connections of one user on this node; `[]` for a user who has none. */
  getUserConnections(userId: string): UserConnection[]
  /**
   * Takes back what was given to a user, a session, or one token (by the `tokenId` of its identity): closes its connections with 4005,
   * ends its sessions, and refuses with 4005 whoever brings it again. A newer token of a revoked user is welcome. Other nodes do the same.
   * Remembered until `until` (Unix milliseconds; default: in 30 days), which should be when the last such token runs out; not beyond the
   * life of the process. Answers how many connections of this node were closed.
   */
  revoke(what: RevokeTarget, options?: { until?: number }): Promise<number>
  /** Who is banned on this node. */
  bans(): Ban[]
  on<Name extends keyof ServerEvents>(event: Name, listener: ServerEvents[Name]): () => void
  /**
   * Takes nobody new, sends everybody away with 4101 spread over `overMs` (default 0: at once); resolves as soon as nobody is left.
   * `retryAfterMs` tells clients when to come back, for a server that nothing takes the place of until then.
   */
  drain(options?: { overMs?: number; retryAfterMs?: number }): Promise<void>
  /** Drains at once and lets go of everything. */
  close(): Promise<void>
}

/** One publication of a page of history. */
export interface HistoryItem {
  readonly offset: number
  readonly data: Json
  readonly at: number
  readonly from?: string
  readonly key?: string
  readonly meta?: { readonly [key: string]: Json }
}
