// A `publish`: may it, does its data fit, is it stored. Answered only once it is. PROTOCOL.md, PUB.

import type { PublishedFrame, PublishFrame } from '../../protocol/frame.ts'
import type { Append } from '../broker/broker.ts'
import type { Rule } from '../channel/rules.ts'
import type { Answer } from './ask.ts'
import type { Connection } from './connection.ts'
import type { Output } from './output.ts'
import { Refusals } from './refusals.ts'
import { errorOutput, refuse, unexpected, type Failure, type Request, type Step } from './request.ts'

const FORBIDDEN = 'No rule or claim allows this publish.'
const NOTHING: readonly Output[] = []

export class PublishRequest implements Request {
  readonly channel: string
  readonly shares = true
  readonly #frame: PublishFrame

  constructor(frame: PublishFrame) {
    this.channel = frame.channel
    this.#frame = frame
  }

  start(connection: Connection, now: number): Step {
    const decision = connection.decide('publish', this.channel)
    if (decision === 'yes') return this.#allowed(connection, now)
    if (decision === 'no') return refuse(this.#frame.id, 'forbidden', FORBIDDEN)
    return { ask: { kind: 'authorize', action: 'publish', channel: this.channel } }
  }

  answered(answer: Answer, connection: Connection, now: number): Step {
    switch (answer.kind) {
      case 'allowed':
        return answer.allowed ? this.#allowed(connection, now) : refuse(this.#frame.id, 'forbidden', FORBIDDEN)
      case 'checked':
        return this.#append(connection, connection.terms.rules.of(this.channel), answer.data, now)
      case 'stored':
        return { outputs: this.#published(answer) }
      default:
        return unexpected(answer)
    }
  }

  failed(failure: Failure, connection: Connection): readonly Output[] {
    const { key } = this.#frame
    if (key !== undefined) (connection.refusals ??= new Refusals()).note(this.channel, key, failure)
    return [errorOutput(this.#frame.id, failure)]
  }

  #allowed(connection: Connection, now: number): Step {
    const rule = connection.terms.rules.of(this.channel)
    if (rule.data !== undefined) return { ask: { kind: 'check', schema: rule.data, data: this.#frame.data } }
    return this.#append(connection, rule, JSON.stringify(this.#frame.data), now)
  }

  /** The log keeps the order of its calls, so the next publish need not wait for this one to be stored. */
  #append(connection: Connection, { retention }: Rule, data: string, now: number): Step {
    const { channel, key, meta } = this.#frame
    const stopped = key === undefined ? undefined : connection.refusals?.stops(channel, key, now)
    if (stopped !== undefined) return { outputs: this.failed(stopped, connection) }
    const entry: { -readonly [Name in keyof Append]: Append[Name] } = {
      channel,
      data,
      from: connection.user,
      retention,
    }
    if (key !== undefined) entry.key = key
    if (meta !== undefined) entry.meta = JSON.stringify(meta)
    return { ask: { kind: 'append', entry }, free: true }
  }

  #published({ position, duplicate }: Answer & { kind: 'stored' }): readonly Output[] {
    const { id } = this.#frame
    if (id === undefined) return NOTHING
    const frame: { -readonly [Name in keyof PublishedFrame]: PublishedFrame[Name] } = { type: 'published', id }
    if (position !== undefined) frame.position = position
    if (duplicate) frame.duplicate = true
    return [{ type: 'send', frame }]
  }
}
