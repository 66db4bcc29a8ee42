// One tab's side of a client: its subscriptions, its unanswered publishes and requests, and what it was last told of the
// connection. Speaks to the owner in messages; owns no connection.

import type { ConnectionError, SubscribeOptions } from '../api.ts'
import type { ConnectionState } from '../connection/input.ts'
import type { Emission } from '../emitter.ts'
import { Outbox, type Publish } from '../outbox/outbox.ts'
import { Requests, type Request } from '../outbox/requests.ts'
import type { OwnerMessage, TabMessage } from '../owner/message.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import type { LocalSubscription } from '../subscription/local-subscription.ts'
import { Subscriptions } from '../subscription/subscriptions.ts'

/** What a tab is told: by the app, by the owner, by the clock. */
export type TabInput =
  | { readonly type: 'connect' | 'close' }
  | { readonly type: 'disconnect'; readonly end: boolean }
  | { readonly type: 'add'; readonly subscription: LocalSubscription; readonly options: SubscribeOptions }
  | { readonly type: 'remove'; readonly subscription: LocalSubscription }
  | { readonly type: 'publish'; readonly publish: Publish }
  | { readonly type: 'request'; readonly request: Request }
  | { readonly type: 'told'; readonly message: OwnerMessage }
  | { readonly type: 'tick' }

/** What a tab wants done. */
export type TabOutput =
  | { readonly type: 'post'; readonly message: TabMessage }
  | { readonly type: 'ask-token'; readonly ticket: number }
  | Emission

/** What a tab is made with. */
export interface TabSettings {
  readonly lingerMs: number
  readonly outbox: ConstructorParameters<typeof Outbox>[0]
  readonly random: () => number
  /** Whom events of the client itself go to. */
  readonly events: Emission['to']
}

const MAX_ERRORS = 100
const IDLE: ConnectionState = {
  status: 'idle',
  cause: undefined,
  retryAt: undefined,
  connection: undefined,
  user: undefined,
  rttMs: undefined,
  attempts: 0,
  reconnects: 0,
  connectedAt: undefined,
}

/** The machines of one tab. */
export class Tab {
  /** What the owner last said of the connection. */
  state = IDLE
  /** The last 100 errors, oldest first. */
  readonly errors: ConnectionError[] = []
  readonly subscriptions: Subscriptions
  readonly outbox: Outbox
  readonly #requests = new Requests()
  readonly #events: Emission['to']
  #ticket = 0
  #out: TabOutput[] = []

  constructor({ lingerMs, outbox, random, events }: TabSettings) {
    this.subscriptions = new Subscriptions(lingerMs)
    this.outbox = new Outbox(outbox, random)
    this.#events = events
  }

  /** When a `tick` is wanted. */
  get wakeAt(): number {
    return Math.min(this.subscriptions.wakeAt, this.outbox.wakeAt, this.#requests.wakeAt)
  }

  /** Takes one input; answers what is to be done, in order. */
  handle(input: TabInput, now: number): TabOutput[] {
    switch (input.type) {
      case 'told':
        this.#told(input.message, now)
        break
      case 'add':
        this.#out.push(...this.subscriptions.add(input.subscription, input.options))
        this.#need()
        break
      case 'remove':
        this.subscriptions.remove(input.subscription, now)
        break
      case 'publish':
        this.#post(this.outbox.add(++this.#ticket, input.publish, now))
        this.#need()
        break
      case 'request':
        this.#post(this.#requests.add(++this.#ticket, input.request, now))
        this.#need()
        break
      case 'tick':
        this.#out.push(...this.subscriptions.tick(now))
        this.#post(this.outbox.tick(now))
        this.#requests.tick(now)
        break
      case 'close':
        this.#close()
        this.#post([{ type: 'close' }])
        break
      default:
        this.#post([input as TabMessage])
    }
    return this.#out.splice(0)
  }

  #told(message: OwnerMessage, now: number): void {
    switch (message.type) {
      case 'state':
        return this.#state(message.state)
      case 'ask-token':
        this.#out.push(message)
        return
      case 'up':
        this.#post(this.outbox.up(message.terms, now))
        return this.#post(this.#requests.up())
      case 'down':
        this.subscriptions.down()
        this.outbox.down()
        return this.#requests.down()
      case 'channel':
        this.#out.push(...this.subscriptions.frame(message.frame, message.from))
        return
      case 'refused':
        this.#out.push(...this.subscriptions.refused(message.channel, message.code, message.message))
        return
      case 'answer': {
        const { ticket, frame } = message
        if (frame.type === 'result' || !this.outbox.answer(ticket, frame, now)) {
          if (frame.type !== 'published') this.#requests.answer(ticket, frame)
        }
        return
      }
      case 'corrected':
        this.errors.pop()
        this.errors.push(message.error)
        return
      case 'error':
        this.errors.push(message.error)
        if (this.errors.length > MAX_ERRORS) this.errors.shift()
        this.#emit('error', message.error)
    }
  }

  #state(state: ConnectionState): void {
    const changed = state.status !== this.state.status || state.cause !== this.state.cause
    this.state = state
    if (changed) this.#emit('status', state.status, state.cause)
    // What was put in just before the connection went to sleep has nobody else to wake it.
    if (state.status === 'asleep' && (this.subscriptions.size > 0 || this.outbox.count > 0 || this.#requests.count > 0)) this.#need()
  }

  #close(): void {
    const error = new StaywireError('closed', 'The client was closed.')
    this.outbox.close(error)
    this.#requests.close(error)
    this.subscriptions.close()
  }

  #need(): void {
    this.#post([{ type: 'need' }])
  }

  #post(messages: readonly TabMessage[]): void {
    for (const message of messages) this.#out.push({ type: 'post', message })
  }

  #emit(event: string, ...args: unknown[]): void {
    this.#out.push({ type: 'emit', to: this.#events, event, args })
  }
}
