// One tab's side of a client: its subscriptions, its unanswered requests, and what it was last told of the connection. Speaks
// to the owner through a port; owns no connection.

import type { ClientEvents, ConnectionError } from '../api.ts'
import { IDLE, type ConnectionState } from '../connection/state.ts'
import { Emitter } from '../emitter.ts'
import type { Env } from '../env.ts'
import { Outbox } from '../outbox/outbox.ts'
import type { OwnerPort, TabPort } from '../owner/port.ts'
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
  readonly #env: Env
  readonly #owner: OwnerPort

  constructor(env: Env, { lingerMs, outbox }: TabSettings, owner: OwnerPort) {
    super()
    this.#env = env
    this.#owner = owner
    this.subscriptions = new Subscriptions(env, owner, lingerMs)
    this.outbox = new Outbox(env, owner, outbox)
  }

  state(state: ConnectionState): void {
    const { status, cause } = this.connection
    this.connection = state
    if (state.status !== status || state.cause !== cause) this.#tell('status', state.status, state.cause)
    // What was put in just before the connection went to sleep has nobody else to wake it.
    if (state.status === 'asleep' && this.subscriptions.size + this.outbox.count) this.#owner.connection.need()
  }

  error(error: ConnectionError): void {
    if (this.errors.push(error) > 100) this.errors.shift()
    this.#tell('error', error)
  }

  askToken(ticket: number): void {
    this.#env.out.push(['askToken', ticket])
  }

  down(): void {
    this.subscriptions.down()
    this.outbox.down()
  }

  #tell(event: string, ...args: unknown[]): void {
    this.#env.out.push(['emit', this, event, args])
  }
}
