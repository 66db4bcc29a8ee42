// The ends of subscriptions: asked for by the client, or found to be no longer allowed. PROTOCOL.md, SUB-7 and SUB-8.

import type { Answer } from './ask.ts'
import type { Connection } from './connection.ts'
import type { Output } from './output.ts'
import { unexpected, type Failure, type Request, type Step } from './request.ts'
import { left, unsubscribed } from './subscribe-request.ts'

/** An `unsubscribe`. */
export class UnsubscribeRequest implements Request {
  readonly channel: string
  readonly shares = false
  readonly #id: number

  constructor(id: number, channel: string) {
    this.#id = id
    this.channel = channel
  }

  start(connection: Connection): Step {
    const { channel } = this
    const known = connection.forget(channel)
    const outputs: Output[] = known === undefined ? [] : [left(channel, known)]
    outputs.push({
      type: 'send',
      frame: { type: 'unsubscribed', id: this.#id, channel, code: 'requested', reason: 'requested' },
    })
    return { outputs }
  }

  answered(answer: Answer): Step {
    return unexpected(answer)
  }

  failed(): readonly Output[] {
    return []
  }
}

/** Looks again whether a subscription is allowed, after the identity of its connection changed. */
export class RecheckRequest implements Request {
  readonly channel: string
  readonly shares = false
  /** Whether it is known that the subscription stays. */
  #subscribed = false

  constructor(channel: string) {
    this.channel = channel
  }

  start(connection: Connection): Step {
    if (connection.subscriptions?.has(this.channel) !== true) return {}
    const decision = connection.decide('subscribe', this.channel)
    if (decision === 'ask') return { ask: { kind: 'authorize', action: 'subscribe', channel: this.channel } }
    return decision === 'yes' ? this.#look(connection) : this.#end(connection)
  }

  answered(answer: Answer, connection: Connection): Step {
    if (answer.kind !== 'allowed') return unexpected(answer)
    if (this.#subscribed) return answer.allowed ? {} : this.#unwatch(connection)
    return answer.allowed ? this.#look(connection) : this.#end(connection)
  }

  /** Not known means no: closed by default. */
  failed(_failure: Failure, connection: Connection): readonly Output[] {
    return (this.#subscribed ? this.#unwatch(connection) : this.#end(connection)).outputs ?? []
  }

  /** It stays; whether its presence may still be seen is another question. */
  #look(connection: Connection): Step {
    this.#subscribed = true
    if (connection.subscriptions?.get(this.channel)?.watching !== true) return {}
    const decision = connection.decide('presence', this.channel)
    if (decision === 'ask') return { ask: { kind: 'authorize', action: 'presence', channel: this.channel } }
    return decision === 'yes' ? {} : this.#unwatch(connection)
  }

  #unwatch(connection: Connection): Step {
    const subscription = connection.subscriptions?.get(this.channel)
    if (subscription !== undefined) subscription.watching = false
    return { outputs: [{ type: 'unwatch', channel: this.channel }] }
  }

  #end(connection: Connection): Step {
    const { channel } = this
    const known = connection.forget(channel)
    if (known === undefined) return {}
    return {
      outputs: [
        left(channel, known),
        unsubscribed(channel, { code: 'forbidden', message: 'The rights of this connection were narrowed.' }),
      ],
    }
  }
}
