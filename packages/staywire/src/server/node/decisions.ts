// Finds the answers to what connections ask: from the application, the broker, the presence and the admission of this node.
// Every question gets an answer; what is thrown becomes one. Deadlines are the connection's business.

import type { CallRequest } from '../options.ts'
import { closeClass } from '../../protocol/close-code.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import type { Json } from '../../protocol/frame.ts'
import { LIMITS } from '../../protocol/limits.ts'
import { describeIssues, type Schema } from '../../protocol/schema.ts'
import type { Answer, Ask } from '../connection/ask.ts'
import type { Connection } from '../connection/connection.ts'
import type { Door } from '../guard/door.ts'
import { NO_CLAIMS } from '../guard/guard.ts'
import type { AuthorizeRequest, CallHandler, Identity, ServerOptions } from '../options.ts'
import type { Presence } from '../presence/presence.ts'
import type { Admission } from '../session/admission.ts'
import { identityOf, type AuthenticationTerms } from './authentication.ts'
import type { Store } from './store.ts'

/** What decisions are made with. */
export interface DecisionTerms {
  readonly authentication: AuthenticationTerms
  readonly authorize: ServerOptions['authorize']
  readonly calls: ReadonlyMap<string, CallHandler>
  readonly store: Store
  readonly presence: Presence
  readonly admission: Admission
  readonly door: Door
  /** The application's own code failed. */
  failed(error: unknown, where: string): void
}

const CAPS = { publications: LIMITS.recoveryPublications.value, bytes: LIMITS.recoveryBytes.value }

/** Decides for all connections of a node. */
export class Decisions {
  readonly #terms: DecisionTerms
  readonly #admitted = (answer: Answer): Answer | Promise<Answer> =>
    isRefusedByLimit(answer) ? this.#terms.door.slowly(answer) : answer

  constructor(terms: DecisionTerms) {
    this.#terms = terms
  }

  /** Asks; `answered` is called once, later, whatever happens. */
  answer(connection: Connection, ask: Ask, answered: (answer: Answer) => void): void {
    this.#decide(connection, ask).then(answered, (error: unknown) => answered(this.#failure(error)))
  }

  #decide(connection: Connection, ask: Ask): Promise<Answer> {
    const { store } = this.#terms
    switch (ask.kind) {
      case 'append':
        return store.append(ask.entry)
      case 'position':
        return store.position(ask.channel)
      case 'recover':
        return store.recover(ask.channel, ask.from, CAPS)
      case 'history':
        return store.history(ask.channel, ask.page)
      case 'authenticate':
        return this.#authenticate(connection, ask)
      case 'admit':
        return this.#admit(connection, ask)
      case 'authorize':
        return this.#authorize({ action: ask.action, channel: ask.channel, ...whoIs(connection) })
      case 'check':
        return fits(ask.schema, ask.data)
      case 'roster':
        return this.#roster(connection, ask)
      case 'call':
        return this.#call(ask.method, ask.data, { ...whoIs(connection), connection: connection.id })
    }
  }

  #authenticate(connection: Connection, ask: Ask & { kind: 'authenticate' }): Promise<Answer> {
    // Those who are in do not pass the door again for a new token.
    const held = connection.phase === 'connected' ? undefined : this.#terms.door.pass(connection)
    if (held === undefined) return this.#identify(connection, ask)
    return held.then((refusal) => refusal ?? this.#identify(connection, ask))
  }

  #identify({ address, approach }: Connection, { token, origin }: Ask & { kind: 'authenticate' }): Promise<Answer> {
    const { headers = {}, url = '' } = approach ?? {}
    return identityOf({ token: token ?? approach?.token, address, headers, url, origin }, this.#terms.authentication)
  }

  #admit(connection: Connection, ask: Ask & { kind: 'admit' }): Promise<Answer> {
    const { store, admission } = this.#terms
    if (store.opening !== undefined) return store.opening.then(() => this.#admit(connection, ask))
    return admission.admit(connection, ask.identity, ask.claims).then(this.#admitted)
  }

  async #authorize(request: AuthorizeRequest): Promise<Answer> {
    try {
      return { kind: 'allowed', allowed: (await this.#terms.authorize?.(request)) === true }
    } catch (error) {
      this.#terms.failed(error, 'authorize')
      return { kind: 'allowed', allowed: false }
    }
  }

  async #roster(connection: Connection, { channel, watch }: Ask & { kind: 'roster' }): Promise<Answer> {
    const { presence } = this.#terms
    await presence.load(channel)
    const here = connection.subscriptions?.has(channel) === true && connection.phase === 'connected'
    const snapshot =
      here && watch !== undefined ? presence.watch(channel, connection.link.outbox, watch) : presence.look(channel)
    return { kind: 'roster', snapshot }
  }

  async #call(method: string, data: Json | undefined, request: CallRequest): Promise<Answer> {
    const handler = this.#terms.calls.get(method) as CallHandler
    try {
      return { kind: 'result', data: JSON.stringify(await invoke(handler, data, request)) }
    } catch (error) {
      if (error instanceof StaywireError) return this.#failure(error)
      this.#terms.failed(error, `call ${method}`)
      return { kind: 'failed', code: 'call-failed', message: 'The call failed.' }
    }
  }

  /** A `StaywireError` is meant for the one who asked; anything else is told to the application only. */
  #failure(error: unknown): Answer {
    if (error instanceof StaywireError) {
      const { code, message, retryAfterMs } = error
      return { kind: 'failed', code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) }
    }
    this.#terms.failed(error, 'server')
    return { kind: 'failed', code: 'server-error', message: 'The server failed.' }
  }
}

function isRefusedByLimit(answer: Answer): boolean {
  return answer.kind === 'turned-away' && closeClass(answer.code) === 'capacity'
}

/** The data as a schema leaves it, as JSON text. Rejects with `invalid-data`. */
export async function check(schema: Schema, data: unknown): Promise<unknown> {
  const result = await schema['~standard'].validate(data)
  if (result.issues === undefined) return result.value
  throw new StaywireError('invalid-data', describeIssues(result.issues))
}

async function fits(schema: Schema, data: Json): Promise<Answer> {
  return { kind: 'checked', data: JSON.stringify((await check(schema, data)) ?? null) }
}

async function invoke(handler: CallHandler, data: Json | undefined, request: CallRequest): Promise<unknown> {
  if (typeof handler === 'function') return handler(data, request)
  return handler.handle((await check(handler.data, data)) as never, request)
}

function whoIs({ identity }: Connection): Pick<AuthorizeRequest, 'user' | 'claims'> {
  const { user, claims = NO_CLAIMS } = identity as Identity
  return { user, claims }
}
