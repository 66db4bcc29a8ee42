// The public face of a client: what `createClient` takes and returns. Types only.

import type { ChannelDefinition, ChannelName } from '../protocol/define-channel.ts'
import type { CloseClass } from '../protocol/close-code.ts'
import type { StaywireError } from '../protocol/error-code.ts'
import type { Gap, GapReason, Json, Member, Outcome, PresenceMode } from '../protocol/frame.ts'
import type { Position } from '../protocol/position.ts'

/**
 * Where a client stands.
 * `idle`: nothing has asked for a connection yet · `connecting` · `connected` · `waiting`: dropped, the next attempt is at `retryAt` ·
 * `signed-out`: `getToken` returned nothing · `failed`: refused for its identity, waits for a new token or `connect()` ·
 * `gave-up`: the attempts are used up · `stopped`: the server ended it for good · `asleep`: closed as idle until there is something to do ·
 * `disconnected`: by the app's own `disconnect()` · `closed`: by `close()`, for ever.
 */
export type Status =
  | 'idle'
  | 'connecting'
  | 'connected'
  | 'waiting'
  | 'signed-out'
  | 'failed'
  | 'gave-up'
  | 'stopped'
  | 'asleep'
  | 'disconnected'
  | 'closed'

/** How frames travel: over a WebSocket, down in an event stream and up in requests, or in requests only. */
export type Transport = 'websocket' | 'sse' | 'poll'

/** Why the network failed, as far as the evidence tells. PROTOCOL.md, CAUSE. */
export type NetworkCause = 'offline' | 'server-down' | 'blocked' | 'proxy-timeout' | 'woke-up' | 'unknown'

/** Why the status is what it is. */
export interface Cause {
  /** The close code, where there was one of ours. */
  readonly code?: number | undefined
  readonly class: CloseClass | 'app'
  /** In words, for people. */
  readonly reason: string
  /** With class `network`. */
  readonly network?: NetworkCause | undefined
}

/** One entry of `client.errors()`. */
export interface ConnectionError extends Cause {
  /** Unix time in milliseconds. */
  readonly at: number
  /** What it is concluded from. */
  readonly evidence: {
    /** How far the attempt had come. */
    readonly phase: 'opening' | 'opened' | 'early' | 'connected'
    readonly transport?: Transport | undefined
    /** How long the connection had lived, in milliseconds. */
    readonly ageMs: number
    /** How long nothing had been heard, in milliseconds. */
    readonly silentMs: number
    readonly onLine?: boolean | undefined
    /** How late the last timer came, in milliseconds. */
    readonly timerLateMs: number
    readonly wireCode?: number | undefined
    /** Whether the server answered a probe, where one was made. */
    readonly answers?: boolean | undefined
  }
}

/** A publication as subscribers get it. `data` is what was published. */
export interface Publication<Data = unknown> {
  readonly channel: string
  /** Absent on ephemeral channels. */
  readonly offset?: number
  readonly data: Data
  /** Unix time in milliseconds at which it was stored. */
  readonly at: number
  /** The user who published it; absent for the server's own. */
  readonly from?: string
  readonly key?: string
  readonly meta?: { readonly [key: string]: Json }
}

/** A change of presence. */
export interface PresenceState {
  readonly members: readonly Member[]
  /** May be higher than `members.length`: above a limit only counts are told. */
  readonly count: number
}

/** Events of a subscription. */
export interface SubscriptionEvents<Data> {
  publication: (publication: Publication<Data>) => void
  /** After every (re)subscribe: nothing missed, a gap, or fresh. */
  outcome: (outcome: Outcome, details: { gap?: Gap; recovered: number }) => void
  /** Publications were missed and cannot be had: reload. */
  gap: (gap: { from: Position; to: Position; why: GapReason }) => void
  presence: (state: PresenceState) => void
  /** The server refused or ended the subscription. */
  error: (error: StaywireError) => void
}

/** One interest in one channel. Several subscriptions to one channel share one on the wire. */
export interface Subscription<Data = unknown> {
  readonly channel: string
  readonly state: 'pending' | 'live' | 'refused' | 'ended'
  /** How far this subscription has delivered. */
  readonly position: Position | undefined
  readonly presence: PresenceState | undefined
  on<Name extends keyof SubscriptionEvents<Data>>(event: Name, listener: SubscriptionEvents<Data>[Name]): () => void
  /** Idempotent. The wire subscription lingers shortly, so that a quick re-mount costs nothing. */
  unsubscribe(): void
}

/** Options of `subscribe`. */
export interface SubscribeOptions {
  /** Recover from here: what a page rendered by the server already shows. */
  readonly position?: Position
  /** Ask for presence. */
  readonly presence?: PresenceMode
  /** Which part of the app it is for, shown by `inspect()` and never sent. The React and Vue bindings put the component's name here. */
  readonly label?: string
}

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

/** The outbox on disk. */
export interface PersistenceStats {
  /** `opening`: the disk or the identity is waited for, and publishes with it · `on` · `off`: without, for `reason`. */
  readonly state: 'opening' | 'on' | 'off'
  readonly reason?: string
  /** Publishes of earlier pages that were taken over. */
  readonly adopted: number
  /** Publishes of earlier pages whose time to live was over; they were not sent. */
  readonly expired: number
}

/** A client in figures. */
export interface ClientStats {
  readonly status: Status
  readonly cause: Cause | undefined
  /** What the connection, or the attempt at one, travels over. */
  readonly transport: Transport | undefined
  /** The id of the live connection. */
  readonly connection: string | undefined
  readonly user: string | undefined
  /** When the next attempt is due, Unix milliseconds. */
  readonly retryAt: number | undefined
  /** Round trip of the last probe or ping, in milliseconds. */
  readonly rttMs: number | undefined
  /** Attempts since the last stable connection. */
  readonly attempts: number
  /** Connections after the first. */
  readonly reconnects: number
  readonly connectedAt: number | undefined
  readonly bytesSent: number
  readonly bytesReceived: number
  readonly framesSent: number
  readonly framesReceived: number
  readonly subscriptions: number
  /** Who holds the connection, and for how many. */
  readonly sharing: {
    /** Where the owner of the connection is: a worker or a tab that all tabs speak to, or this tab, for itself alone. */
    readonly placement: 'shared-worker' | 'leader-tab' | 'tab'
    /** Tabs on this connection. */
    readonly tabs: number
    /** The name of the owner's present life. Absent while there is none, and where the tab is its own. */
    readonly owner?: string | undefined
    /** With `leader-tab`: whether it is this tab. */
    readonly leads?: boolean | undefined
    /** Why it is not one connection for the whole browser, or not in the place first chosen. */
    readonly why?: string | undefined
  }
  readonly outbox: {
    readonly count: number
    readonly bytes: number
    /** Only with `outbox.persist`. */
    readonly persistence?: PersistenceStats | undefined
  }
}

/** What `inspect()` finds: the pages of this browser that are on the same server path for the same user. */
export interface Inspection {
  /** The connections that these pages are on: one, if all is well. */
  readonly connections: readonly string[]
  readonly tabs: readonly InspectedTab[]
}

/** A tab, with the page that is loaded in it; more of them where it holds frames. */
export interface InspectedTab {
  readonly tab: string
  /** Whether it is the one that asked. */
  readonly here: boolean
  readonly pages: readonly InspectedPage[]
}

/** One load of a page. */
export interface InspectedPage {
  readonly page: string
  readonly here: boolean
  readonly visible: boolean
  readonly status: Status
  readonly connection: string | undefined
  readonly sharing: ClientStats['sharing']
  readonly components: readonly InspectedComponent[]
}

/** What holds subscriptions in a page. Components of one name are one. */
export interface InspectedComponent {
  /** `SubscribeOptions.label`. */
  readonly label: string | undefined
  readonly subscriptions: readonly Pick<Subscription, 'channel' | 'state'>[]
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
