// One tab's side of a client: its subscriptions, its unanswered requests, and what it was last told of the connection. Speaks
// to the owner through a port; owns no connection.

import type { ClientEvents, ConnectionError } from '../api.ts'
import { IDLE, type ConnectionState } from '../connection/state.ts'
import { Emitter } from '../emitter.ts'
import type { Env } from '../env.ts'
import { Outbox } from '../outbox/outbox.ts'
import type { Answer, ChannelFrame, HeldOwner, TabPort, Terms } from '../owner/port.ts'
import type { SubscriptionRequest } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'
import { Subscriptions } from '../subscription/subscriptions.ts'

/** What a tab is made with. */
export interface TabSettings {
  readonly lingerMs: number
  readonly outbox?: ConstructorParameters<typeof Outbox>[2]
}

/** The machines of one tab. */
export class Tab extends Emitter<ClientEvents> implements TabPort {
  /** What the owner last said of the connection. */
  connection = IDLE
  /** The last 100 errors by their time, oldest first. */
  readonly errors = new Map<number, ConnectionError>()
  readonly subscriptions: Subscriptions
  readonly outbox: Outbox
  /** Whom it speaks to. */
  owner!: HeldOwner
  readonly #env: Env

  constructor(env: Env, { lingerMs, outbox }: TabSettings) {
    super()
    this.#env = env
    this.subscriptions = new Subscriptions(env, this, lingerMs)
    this.outbox = new Outbox(env, this, outbox)
  }

  state(state: ConnectionState): void {
    const { status, cause } = this.connection
    this.connection = state
    if (state.status !== status || state.cause !== cause) this.#tell('status', state.status, state.cause)
  }

  error(error: ConnectionError): void {
    const { errors } = this
    const { at } = error
    // Else the same again, in the light of what was found out since.
    if (!errors.has(at)) this.#tell('error', error)
    errors.set(at, error)
    for (const first of errors.keys()) if (errors.size > 100) errors.delete(first)
  }

  askToken(ticket: number): void {
    this.#env.out.push(['askToken', ticket])
  }

  up(terms: Terms): void {
    this.outbox.up(terms)
  }

  answer(ticket: number, frame: Answer): void {
    this.outbox.answer(ticket, frame)
  }

  frame(frame: ChannelFrame, from?: Position): void {
    this.subscriptions.frame(frame, from)
  }

  refused(channel: string, code: string, message: string): void {
    this.subscriptions.refused(channel, code, message)
  }

  down(): void {
    this.subscriptions.down()
    this.outbox.down()
  }

  wanted(): readonly SubscriptionRequest[] {
    return this.subscriptions.wanted()
  }

  #tell(event: string, ...args: unknown[]): void {
    this.#env.out.push(['emit', this, event, args])
  }
}
