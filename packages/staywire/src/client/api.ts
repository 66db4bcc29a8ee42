// The public face of a client: what `createClient` takes and returns. Types only.

import type { ChannelDefinition, ChannelName } from '../protocol/define-channel.ts'
import type { StaywireError } from '../protocol/error-code.ts'
import type { Json } from '../protocol/frame.ts'
import type { Position } from '../protocol/position.ts'
import type { Inspection } from './inspection/inspection.ts'
import type { ClientStats } from './stats.ts'
import type { Cause, ConnectionError, Status, Transport } from './status.ts'
import type { PresenceState, Publication, SubscribeOptions, Subscription } from './subscription/subscription.ts'

export type * from './inspection/inspection.ts'
export type * from './stats.ts'
export type * from './status.ts'
export type * from './subscription/subscription.ts'

/** Options of `publish`. */
export interface ClientPublishOptions {
  /** Idempotency key. Default: minted. */
  readonly key?: string
  readonly meta?: { readonly [key: string]: Json }
  /** How long it may wait for a connection and its answer. Default: the dedupe window of the server. */
  readonly ttlMs?: number
}

/** What became of a publish. */
export interface Published {
  /** Absent on ephemeral channels. */
  readonly position?: Position | undefined
  readonly duplicate: boolean
}

/** Back-off of one class of closes. */
export interface Backoff {
  readonly baseMs: number
  readonly factor: number
  readonly capMs: number
  /** `'full'`: uniformly from 0 to the computed delay; a number: ± that share of it. */
  readonly jitter: 'full' | number
  /** Attempts before status `gave-up`. Default: without end. */
  readonly maxAttempts?: number
}

/** Options of `createClient`. */
export interface ClientOptions {
  /** Called on every connect and refresh. Nothing (`null`, `undefined`, `''`) = signed out. Without it the client connects anonymously (or by cookie). */
  readonly getToken?: () => string | null | undefined | Promise<string | null | undefined>
  /** Who this client is for, where the token is opaque: part of the key that makes clients one. */
  readonly identity?: string
  /** Overrides, per class or (without a class) for all but `auth`, whose tries are few on purpose. Each field falls back to the default. */
  readonly backoff?:
    | Partial<Backoff>
    | Partial<Record<'auth' | 'connection' | 'capacity' | 'network', Partial<Backoff>>>
  /** Longest time from dialling to `connected`. Default 10,000. */
  readonly connectTimeoutMs?: number
  /** How long a wire subscription outlives its last local one. Default 250. */
  readonly lingerMs?: number
  /**
   * What becomes of the connection while every page on it is hidden. `'keep'` (the default) for what must be heard at once; with
   * `closeAfterMs` it is closed after that time (status `asleep`), and is back as soon as a page is looked at, or for what is
   * published or called meanwhile. What was missed is recovered, as after every reconnect.
   */
  readonly hidden?: 'keep' | { readonly closeAfterMs: number }
  /** The outbox of unanswered publishes. Default 1,000 publishes, 1 MiB, `reject`, not persisted. */
  readonly outbox?: {
    readonly maxCount?: number
    readonly maxBytes?: number
    readonly policy?: 'reject' | 'drop-oldest'
    /**
     * Keeps unanswered publishes in IndexedDB, so that they survive a reload and a crashed tab: the next client of the same URL
     * and identity in this browser sends them, before its own, and tells by `settled` what became of them. Each publish is
     * written before it is sent, which adds the time of a disk write. The identity is the option `identity`, else the `sub` of
     * the token where that is a JWT; without either, or without a usable IndexedDB, nothing is persisted and
     * `stats().outbox.persistence` says why. `close()` ends what waits, on disk too. See docs/outbox.md.
     */
    readonly persist?: boolean
  }
  /** Checks for the data of publications, before they are sent. */
  readonly channels?: readonly ChannelDefinition<never>[]
  /** Says who opened the connection; shown to operators. */
  readonly label?: string
  /** Logs frames and states to the console, tokens redacted. Also on with `localStorage['staywire:debug'] = '1'`. */
  readonly debug?: boolean
  /**
   * The transports to use, best first: the next is tried where a network does not let one through. Default `['websocket', 'sse',
   * 'poll']`. See docs/transports.md.
   */
  readonly transports?: readonly Transport[]
  /**
   * Who has the connection. `'browser'` (default in pages): all tabs that are for the same server path and person share one, held by
   * a shared worker or, where there is none, by one of them. Whom a tab is for the app says by `identity`, else the `sub` of
   * its token; a tab that says neither shares only anonymous connections. `'tab'`: each tab has its own, as have all
   * others where sharing is not possible, such as pages without TLS. `stats().sharing` tells.
   */
  readonly share?: 'browser' | 'tab'
  /**
   * The script of the shared worker, where it is not what the server itself serves at `<url>/worker.js`: a copy of
   * `staywire/worker` on the page's own origin, or a function that makes the worker. `false`: no worker.
   */
  readonly worker?: string | { readonly href: string } | false | (() => SharedWorkerLike)
  /** A WebSocket class for runtimes without one, e.g. `ws`. */
  readonly WebSocket?: typeof WebSocketLike
}

/** The part of the standard WebSocket class that is used. */
export declare class WebSocketLike {
  constructor(url: string, protocols?: string | string[])
  readonly readyState: number
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(data: string): void
  close(code?: number, reason?: string): void
}

/** The part of the standard SharedWorker that is used. */
export interface SharedWorkerLike {
  readonly port: {
    onmessage: ((event: never) => void) | null
    postMessage(message: unknown): void
    close(): void
  }
  onerror: ((event: never) => void) | null
}

/** Events of a client. */
export interface ClientEvents {
  status: (status: Status, cause: Cause | undefined) => void
  error: (error: ConnectionError) => void
  /** A publish of an earlier page, which has no promise any more, has ended. Only with `outbox.persist`. */
  settled: (settlement: Settlement) => void
}

/** What became of a publish that an earlier page had made and this client took over. */
export interface Settlement {
  readonly channel: string
  readonly key: string
  /** As the promise of a publish would end: resolved, or rejected with code `unknown`, `expired` or another. */
  readonly outcome: 'stored' | 'rejected' | 'unknown' | 'expired'
  /** Where it was stored. Absent on ephemeral channels. */
  readonly position?: Position | undefined
  /** Why it was not stored. */
  readonly error?: StaywireError
}

/** One client of one server path for one identity: the library object an app holds. */
export interface Client {
  readonly status: Status
  readonly cause: Cause | undefined
  /** Asks for a connection; resolves when connected, rejects when the client stops trying. Concurrent calls share one attempt. */
  connect(): Promise<void>
  /** Closes and stays closed until `connect()`. Idempotent. `end` ends the session too. */
  disconnect(options?: { end?: boolean }): void
  /** Lets go of everything for ever. Pending publishes reject with `closed`. */
  close(): void
  subscribe<Data = unknown>(
    channel: ChannelName<Data>,
    onPublication?: (publication: Publication<Data>) => void,
    options?: SubscribeOptions,
  ): Subscription<Data>
  /** Resolves when the server has stored it; rejects with a `StaywireError` (`unknown` when that cannot be told any more). */
  publish<Data>(channel: ChannelName<Data>, data: Data, options?: ClientPublishOptions): Promise<Published>
  /** Calls a method of the server. Not resent: a call in flight at a drop rejects with `unknown`. */
  call<Result = unknown>(method: string, data?: unknown, options?: { timeoutMs?: number }): Promise<Result>
  presence(channel: string): Promise<PresenceState>
  history<Data = unknown>(
    channel: ChannelName<Data>,
    page?: { before?: number; after?: number; limit?: number },
  ): Promise<{ publications: Publication<Data>[]; position: Position }>
  on<Name extends keyof ClientEvents>(event: Name, listener: ClientEvents[Name]): () => void
  stats(): ClientStats
  /** The last 100 errors, oldest first. */
  errors(): readonly ConnectionError[]
  /** Asks all tabs of this browser what they hold. Those that are frozen do not answer. Outside of pages it tells of this client alone. */
  inspect(): Promise<Inspection>
}
