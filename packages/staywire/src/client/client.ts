// The client as the app holds it: promises and objects over the machines. Decides only what cannot even be tried.

import type {
  Client,
  ClientEvents,
  ClientOptions,
  ClientPublishOptions,
  ClientStats,
  ConnectionError,
  Inspection,
  PresenceState,
  Publication,
  Published,
  Status,
  SubscribeOptions,
  Subscription,
} from './api.ts'
import type { TabEngine } from './tab/tab-engine.ts'
import type { Request } from './outbox/outbox.ts'
import { REQUEST_TIMEOUT_MS } from './timing.ts'
import { nextPresence } from './subscription/presence.ts'
import { LocalSubscription } from './subscription/local-subscription.ts'
import { isChannelName } from '../protocol/channel-name.ts'
import { StaywireError } from '../protocol/error-code.ts'
import type { PublishedFrame, ResultFrame } from '../protocol/frame.ts'
import type { Position } from '../protocol/position.ts'

/** The object behind `createClient`. */
export class LibraryClient implements Client {
  readonly #engine: TabEngine
  readonly #options: ClientOptions
  readonly #keyPrefix: string
  readonly #inspect: () => Promise<Inspection>
  readonly #closed: () => void
  #keys = 0

  /** `keyPrefix` is unique to this client: publish keys are it and a count. */
  constructor(
    engine: TabEngine,
    options: ClientOptions,
    keyPrefix: string,
    inspect: () => Promise<Inspection>,
    closed: () => void,
  ) {
    this.#engine = engine
    this.#options = options
    this.#keyPrefix = keyPrefix
    this.#inspect = inspect
    this.#closed = closed
  }

  get status(): Status {
    return this.#engine.tab.connection.status
  }

  get cause(): Client['cause'] {
    return this.#engine.tab.connection.cause
  }

  connect(): Promise<void> {
    const { run, tab } = this.#engine
    // Asks first: only what follows counts, not where the client stood before.
    run(() => tab.owner.connect())
    const connected = new Promise<void>((resolve, reject) => {
      const settle = (): void => {
        if (this.status === 'connecting' || this.status === 'waiting') return
        if (this.status === 'connected') resolve()
        else reject(this.#notConnected())
        undo()
      }
      const undo = this.on('status', settle)
      settle()
    })
    // Status and errors tell it too: who does not look at the promise need not be told a third time.
    connected.catch(() => {})
    return connected
  }

  disconnect({ end = false }: { end?: boolean } = {}): void {
    this.#engine.run(() => this.#engine.tab.owner.leave('disconnected', end))
  }

  close(): void {
    const { run, tab } = this.#engine
    run(() => tab.owner.leave('closed', true))
    run(() => tab.outbox.close(this.#notConnected()))
    tab.subscriptions.close()
    this.#engine.stop()
    this.#closed()
  }

  subscribe<Data = unknown>(
    channel: string,
    onPublication?: (publication: Publication<Data>) => void,
    options: SubscribeOptions = {},
  ): Subscription<Data> {
    this.#check(channel)
    const { tab, run } = this.#engine
    const subscription = new LocalSubscription(channel, options, () =>
      run(() => tab.subscriptions.remove(subscription)),
    )
    if (onPublication) subscription.on('publication', onPublication as (publication: Publication) => void)
    run(() => tab.subscriptions.add(subscription, options))
    return subscription
  }

  async publish<Data>(
    channel: string,
    data: Data,
    { key = `${this.#keyPrefix}-${++this.#keys}`, meta, ttlMs }: ClientPublishOptions = {},
  ): Promise<Published> {
    this.#check(channel)
    const checked = this.#options.channels?.find((definition) => definition.matches(channel))?.check(data)
    if (checked) await checked
    const frame = { type: 'publish', channel, data, key, meta } as const
    const { position, duplicate = false } = await this.#ask<PublishedFrame>(frame, ttlMs)
    return { position, duplicate }
  }

  async call<Result = unknown>(
    method: string,
    data?: unknown,
    { timeoutMs = REQUEST_TIMEOUT_MS }: { timeoutMs?: number } = {},
  ): Promise<Result> {
    return (await this.#ask<ResultFrame>({ type: 'call', method, data }, timeoutMs)).data as Result
  }

  async presence(channel: string): Promise<PresenceState> {
    const frame = await this.#ask<ResultFrame>({ type: 'presence', channel }, REQUEST_TIMEOUT_MS)
    return nextPresence(undefined, frame) ?? { members: [], count: 0 }
  }

  async history<Data = unknown>(
    channel: string,
    page: { before?: number; after?: number; limit?: number } = {},
  ): Promise<{ publications: Publication<Data>[]; position: Position }> {
    const { publications = [], position } = await this.#ask<ResultFrame>(
      { type: 'history', channel, ...page },
      REQUEST_TIMEOUT_MS,
    )
    return {
      publications: publications.map((publication) => ({ channel, ...publication }) as Publication<Data>),
      position: position as Position,
    }
  }

  on<Name extends keyof ClientEvents>(event: Name, listener: ClientEvents[Name]): () => void {
    return this.#engine.tab.on(event, listener)
  }

  stats(): ClientStats {
    const { tab } = this.#engine
    const { owner, subscriptions, outbox } = tab
    return {
      ...tab.connection,
      ...owner.traffic,
      sharing: owner.sharing,
      subscriptions: subscriptions.size,
      outbox: { count: outbox.count, bytes: outbox.bytes, persistence: outbox.persistence },
    }
  }

  errors(): readonly ConnectionError[] {
    return [...this.#engine.tab.errors.values()]
  }

  inspect(): Promise<Inspection> {
    return this.#inspect()
  }

  /** Its text is taken now: what the app changes later is not sent. The opening brace is left off, so that an id can be put before it. */
  #ask<Answer>(
    frame: { readonly type: Request['kind']; readonly channel?: string; readonly [field: string]: unknown },
    ttlMs: number | undefined,
  ): Promise<Answer> {
    const { type: kind, channel } = frame
    this.#check(channel)
    return new Promise((resolve, reject) => {
      const { run, tab } = this.#engine
      const request = { kind, channel, body: JSON.stringify(frame).slice(1), ttlMs, resolve, reject } as Request
      run(() => tab.outbox.add(request))
    })
  }

  /** Throws for what cannot be tried at all. */
  #check(channel?: string): void {
    if (this.status === 'closed') throw this.#notConnected()
    if (channel !== undefined && !isChannelName(channel)) {
      throw new StaywireError('bad-channel', `${String(channel)} is no channel name.`)
    }
  }

  #notConnected(): StaywireError {
    const { status, cause } = this
    return new StaywireError(
      status === 'closed' ? status : 'disconnected',
      `The client is ${status}: ${cause?.reason}.`,
    )
  }
}
