// The client as the app holds it: promises and objects over the machines. Decides only what cannot even be tried.

import type {
  Client,
  ClientEvents,
  ClientOptions,
  ClientPublishOptions,
  ClientStats,
  ConnectionError,
  PresenceState,
  Publication,
  Published,
  Status,
  SubscribeOptions,
  Subscription,
} from './api.ts'
import type { Emitter } from './emitter.ts'
import type { Request } from './outbox/requests.ts'
import { toldPresence } from './subscription/presence.ts'
import { LocalSubscription } from './subscription/local-subscription.ts'
import type { Alone } from './tab/alone.ts'
import type { TabInput } from './tab/tab.ts'
import { utf8Length } from '../protocol/byte-length.ts'
import { isChannelName } from '../protocol/channel-name.ts'
import { StaywireError } from '../protocol/error-code.ts'
import type { ResultFrame } from '../protocol/frame.ts'
import type { Position } from '../protocol/position.ts'
import { describeIssues, type SchemaResult } from '../protocol/schema.ts'

/** What runs the machines. */
export interface Engine {
  readonly core: Alone
  readonly clock: { wall(time: number): number }
  app(input: TabInput): void
  stop(): void
}

/** Statuses in which nothing is dialled until the app asks. */
const AT_REST: readonly Status[] = ['signed-out', 'failed', 'gave-up', 'stopped', 'disconnected', 'closed']
const REQUEST_TIMEOUT_MS = 10_000

/** The object behind `createClient`. */
export class LibraryClient implements Client {
  readonly #engine: Engine
  readonly #options: ClientOptions
  readonly #events: Emitter<ClientEvents>
  readonly #keyPrefix: string
  readonly #closed: () => void
  #keys = 0

  /** `keyPrefix` is unique to this client: publish keys are it and a count. */
  constructor(engine: Engine, options: ClientOptions, events: Emitter<ClientEvents>, keyPrefix: string, closed: () => void) {
    this.#engine = engine
    this.#options = options
    this.#events = events
    this.#keyPrefix = keyPrefix
    this.#closed = closed
  }

  get status(): Status {
    return this.#engine.core.tab.state.status
  }

  get cause(): Client['cause'] {
    return this.#engine.core.tab.state.cause
  }

  connect(): Promise<void> {
    const connected = new Promise<void>((resolve, reject) => {
      const settle = (): void => {
        if (this.status === 'connected') resolve()
        else if (AT_REST.includes(this.status)) reject(this.#restError())
        else return
        undo()
      }
      // Asks first: only what follows counts, not where the client stood before.
      this.#engine.app({ type: 'connect' })
      const undo = this.on('status', settle)
      settle()
    })
    // Status and errors tell it too: who does not look at the promise need not be told a third time.
    connected.catch(() => {})
    return connected
  }

  disconnect({ end = false }: { end?: boolean } = {}): void {
    this.#engine.app({ type: 'disconnect', end })
  }

  close(): void {
    this.#engine.app({ type: 'close' })
    this.#engine.stop()
    this.#closed()
  }

  subscribe<Data = unknown>(channel: string, onPublication?: (publication: Publication<Data>) => void, options: SubscribeOptions = {}): Subscription<Data> {
    this.#check(channel)
    const subscription = new LocalSubscription<Data>(channel, options.position, (ended) => this.#engine.app({ type: 'remove', subscription: ended as LocalSubscription }), onPublication)
    this.#engine.app({ type: 'add', subscription: subscription as LocalSubscription, options })
    return subscription
  }

  publish<Data>(channel: string, data: Data, options: ClientPublishOptions = {}): Promise<Published> {
    return new Promise((resolve, reject) => {
      this.#check(channel)
      const put = (): void => {
        const { key = `${this.#keyPrefix}-${++this.#keys}`, meta, ttlMs } = options
        const body = bodyOf({ type: 'publish', channel, data, key, meta })
        this.#engine.app({ type: 'publish', publish: { channel, body, bytes: utf8Length(body), ttlMs, resolve, reject } })
      }
      const checked = this.#validate(channel, data)
      if (checked === undefined) put()
      else checked.then(put, reject)
    })
  }

  call<Result = unknown>(method: string, data?: unknown, options: { timeoutMs?: number } = {}): Promise<Result> {
    return this.#request({ type: 'call', method, data }, false, options.timeoutMs).then((frame) => frame.data as Result)
  }

  presence(channel: string): Promise<PresenceState> {
    return this.#request({ type: 'presence', channel }, true).then((frame) => toldPresence(frame) ?? { members: [], count: 0 })
  }

  history<Data = unknown>(channel: string, page: { before?: number; after?: number; limit?: number } = {}): Promise<{ publications: Publication<Data>[]; position: Position }> {
    return this.#request({ type: 'history', channel, ...page }, true).then(({ publications = [], position }) => ({
      publications: publications.map((publication) => ({ channel, ...publication }) as Publication<Data>),
      position: position as Position,
    }))
  }

  on<Name extends keyof ClientEvents>(event: Name, listener: ClientEvents[Name]): () => void {
    return this.#events.on(event, listener)
  }

  stats(): ClientStats {
    const { core, clock } = this.#engine
    const { state, subscriptions, outbox } = core.tab
    const wall = (time: number | undefined): number | undefined => (time === undefined ? undefined : clock.wall(time))
    return {
      ...state,
      retryAt: wall(state.retryAt),
      connectedAt: wall(state.connectedAt),
      ...core.owner.traffic,
      subscriptions: subscriptions.size,
      outbox: { count: outbox.count, bytes: outbox.bytes },
    }
  }

  errors(): readonly ConnectionError[] {
    return this.#engine.core.tab.errors.map((error) => ({ ...error, at: this.#engine.clock.wall(error.at) }))
  }

  #request(frame: { readonly type: string; readonly channel?: string; readonly [field: string]: unknown }, repeatable: boolean, timeoutMs = REQUEST_TIMEOUT_MS): Promise<ResultFrame> {
    return new Promise((resolve, reject) => {
      if (frame.channel !== undefined) this.#check(frame.channel)
      this.#check()
      const request: Request = { body: bodyOf(frame), timeoutMs, repeatable, resolve, reject }
      this.#engine.app({ type: 'request', request })
    })
  }

  /** Throws for what cannot be tried at all. */
  #check(channel?: string): void {
    if (this.status === 'closed') throw new StaywireError('closed', 'The client was closed.', { fix: 'Make another with `createClient`.' })
    if (channel === undefined || isChannelName(channel)) return
    throw new StaywireError('bad-channel', `${JSON.stringify(channel)} is not a channel name.`, { fix: 'Use 1–128 of the characters A–Z a–z 0–9 and : . _ - @ $ / %, without an empty segment.' })
  }

  /** Runs the check that the app gave for the channel; `undefined` when there is nothing to wait for. */
  #validate(channel: string, data: unknown): Promise<void> | undefined {
    const definition = this.#options.channels?.find((defined) => defined.matches(channel))
    const result = definition?.data['~standard'].validate(data)
    const judge = ({ issues }: SchemaResult<unknown>): void => {
      if (issues !== undefined) throw new StaywireError('invalid-data', `The data does not fit ${definition?.pattern}: ${describeIssues(issues)}.`)
    }
    if (result instanceof Promise) return result.then(judge)
    if (result !== undefined) judge(result)
    return undefined
  }

  #restError(): StaywireError {
    if (this.status === 'closed') return new StaywireError('closed', 'The client was closed.')
    return new StaywireError('disconnected', `Not connected (${this.status}): ${this.cause?.reason}.`, { fix: 'Remove the cause, then call `connect()`.' })
  }
}

/** A frame's JSON text without the opening brace, so that an id can be put before it. Taken once: what the app changes later is not sent. */
function bodyOf(frame: object): string {
  return JSON.stringify(frame).slice(1)
}
