// Subscriptions that have to find their place again without being asked: after too much was published while history was
// being read, and after the continuity of a channel broke. PROTOCOL.md, REC-3 and REC-13.

import type { Position } from '../../protocol/position.ts'
import type { Answer } from './ask.ts'
import type { Connection } from './connection.ts'
import type { Output } from './output.ts'
import { unexpected, type Failure, type Request, type Step } from './request.ts'
import { left, unsubscribed } from './subscribe-request.ts'

/** Fetches what was published beyond the position that was told, and goes on live after it. The hub has begun again already. */
export class CatchUpRequest implements Request {
  readonly channel: string
  readonly shares = false

  constructor(channel: string) {
    this.channel = channel
  }

  start(connection: Connection): Step {
    const from = connection.subscriptions?.get(this.channel)?.position
    return from === undefined ? {} : { ask: { kind: 'recover', channel: this.channel, from } }
  }

  answered(answer: Answer, connection: Connection): Step {
    const { channel } = this
    const subscription = connection.subscriptions?.get(channel)
    const from = subscription?.position
    if (subscription === undefined || from === undefined) return {}
    if (answer.kind === 'gap') return { outputs: toldOfGap(connection, channel, from, answer.position, answer.why) }
    if (answer.kind !== 'recovered') return unexpected(answer)
    const { publications, position } = answer
    subscription.position = position
    return { outputs: [{ type: 'recover', channel, publications, upTo: position.offset }] }
  }

  failed(failure: Failure, connection: Connection): readonly Output[] {
    return lost(failure, connection, this.channel)
  }
}

/** Tells a subscriber where a channel goes on, if it is not where it was. */
export class ResyncRequest implements Request {
  readonly channel: string
  readonly shares = false
  #begun = false

  constructor(channel: string) {
    this.channel = channel
  }

  start(connection: Connection): Step {
    const known = connection.subscriptions?.get(this.channel)?.position
    return known === undefined ? {} : { ask: { kind: 'position', channel: this.channel } }
  }

  answered(answer: Answer, connection: Connection): Step {
    const { channel } = this
    const from = connection.subscriptions?.get(channel)?.position
    if (answer.kind !== 'position') return unexpected(answer)
    if (from === undefined || (!this.#begun && answer.position.epoch === from.epoch)) return {}
    // Delivery stops only now that it is known to be elsewhere; where it goes on is read after that.
    if (!this.#begun) {
      this.#begun = true
      return { outputs: [{ type: 'begin', channel }], ask: { kind: 'position', channel } }
    }
    return { outputs: toldOfGap(connection, channel, from, answer.position, 'epoch') }
  }

  failed(failure: Failure, connection: Connection): readonly Output[] {
    return lost(failure, connection, this.channel)
  }
}

function toldOfGap(
  connection: Connection,
  channel: string,
  from: Position,
  to: Position,
  why: 'trimmed' | 'too-many' | 'epoch' | 'ahead' | 'forbidden',
): readonly Output[] {
  const subscription = connection.subscriptions?.get(channel)
  if (subscription !== undefined) subscription.position = to
  return [
    { type: 'send', frame: { type: 'subscribed', channel, position: to, outcome: 'gap', gap: { from, to, why } } },
    {
      type: 'report',
      event: {
        type: 'subscribed',
        connection: connection.id,
        channel,
        outcome: 'gap',
        recovered: 0,
        subscriptions: connection.subscriptions?.size ?? 0,
      },
    },
    { type: 'join', channel, upTo: to.offset },
  ]
}

/** Where a subscription stands cannot be found out: it ends, rather than going on with a hole. */
function lost(failure: Failure, connection: Connection, channel: string): readonly Output[] {
  const known = connection.forget(channel)
  return known === undefined ? [] : [left(channel, known), unsubscribed(channel, failure)]
}
