// One tab's side of a client: its subscriptions, its unanswered requests, and what it was last told of the connection. Speaks
// to the owner through a port; owns no connection.

import type { ClientEvents, ConnectionError, Transport } from '../api.ts'
import { IDLE, type ConnectionState } from '../connection/state.ts'
import { Emitter } from '../emitter.ts'
import type { Env } from '../env.ts'
import { Outbox } from '../outbox/outbox.ts'
import type { Answer, ChannelFrame, HeldOwner, TabPort, Terms } from '../owner/port.ts'
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
  /** The last 100 errors, oldest first. */
  readonly errors: ConnectionError[] = []
  readonly subscriptions: Subscriptions
  readonly outbox: Outbox
  /** Whom it speaks to. */
  owner!: HeldOwner
  #remembered: Transport | undefined
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
    const { status: now, attempts, transport } = state
    // Nobody counts attempts any more: it has proved itself.
    if (now === 'connected' && !attempts && transport && transport !== this.#remembered)
      this.#env.out.push(['remember', (this.#remembered = transport)])
    // What was put in just before the connection went to sleep has nobody else to wake it. Who hears nothing because nobody
    // looks wants it so.
    const hears = state.cause?.class === 'app' ? 0 : this.subscriptions.size
    if (state.status === 'asleep' && hears + this.outbox.count) this.owner.need()
  }

  error(error: ConnectionError): void {
    const same = this.errors.findIndex(({ at }) => at === error.at)
    // The same again, in the light of what was found out since.
    if (same >= 0) return void (this.errors[same] = error)
    if (this.errors.push(error) > 100) this.errors.shift()
    this.#tell('error', error)
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

  /** States what it wants anew, to an owner that knows nothing of it. Requests follow at the next `up`. */
  restate(): void {
    this.subscriptions.restate()
  }

  #tell(event: string, ...args: unknown[]): void {
    this.#env.out.push(['emit', this, event, args])
  }
}
