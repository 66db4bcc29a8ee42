// Requests that ask something and change nothing: `call`, `presence` and `history`. PROTOCOL.md, CALL, PRES and HIST.

import { encodePublicationBody, type StoredPublication } from '../../protocol/codec.ts'
import type { CallFrame, HistoryFrame, PresenceFrame } from '../../protocol/frame.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { HistoryPage } from '../broker/broker.ts'
import type { Answer } from './ask.ts'
import type { Connection } from './connection.ts'
import type { Output } from './output.ts'
import { errorOutput, refuse, unexpected, type Failure, type Request, type Step } from './request.ts'

/** A `call`. Calls run side by side: each is answered when its handler is done. */
export class CallRequest implements Request {
  readonly channel = undefined
  readonly shares = true
  readonly #frame: CallFrame

  constructor(frame: CallFrame) {
    this.#frame = frame
  }

  start(connection: Connection): Step {
    const { id, method, data } = this.#frame
    if (!connection.terms.methods.has(method))
      return refuse(id, 'unknown-method', `No handler is registered for the method ${JSON.stringify(method)}.`)
    return { ask: { kind: 'call', method, data } }
  }

  answered(answer: Answer): Step {
    if (answer.kind !== 'result') return unexpected(answer)
    const data = answer.data === undefined ? '' : `,"data":${answer.data}`
    return { outputs: [{ type: 'send-text', text: `{"type":"result","id":${this.#frame.id}${data}}` }] }
  }

  failed(failure: Failure): readonly Output[] {
    return [errorOutput(this.#frame.id, failure)]
  }
}

/** A `presence`. */
export class PresenceRequest implements Request {
  readonly channel: string
  readonly shares = false
  readonly #id: number

  constructor({ id, channel }: PresenceFrame) {
    this.#id = id
    this.channel = channel
  }

  start(connection: Connection): Step {
    const { channel } = this
    if (!connection.terms.rules.of(channel).presence)
      return refuse(this.#id, 'no-presence', 'The channel does not keep presence.')
    if (connection.subscriptions?.has(channel) !== true)
      return refuse(this.#id, 'not-subscribed', 'Presence is told to subscribers of the channel.')
    const decision = connection.decide('presence', channel)
    if (decision === 'ask') return { ask: { kind: 'authorize', action: 'presence', channel } }
    return this.#decided(decision === 'yes')
  }

  answered(answer: Answer): Step {
    if (answer.kind === 'allowed') return this.#decided(answer.allowed)
    if (answer.kind !== 'roster') return unexpected(answer)
    const { members, memberCount, version } = answer.snapshot
    return {
      outputs: [
        {
          type: 'send',
          frame: {
            type: 'result',
            id: this.#id,
            ...(members.length === memberCount && { members }),
            memberCount,
            presenceVersion: version,
          },
        },
      ],
    }
  }

  failed(failure: Failure): readonly Output[] {
    return [errorOutput(this.#id, failure)]
  }

  #decided(allowed: boolean): Step {
    if (!allowed) return refuse(this.#id, 'forbidden', 'No rule or claim allows to see who is there.')
    return { ask: { kind: 'roster', channel: this.channel, watch: undefined } }
  }
}

/** A `history`. */
export class HistoryRequest implements Request {
  readonly channel: string
  readonly shares = false
  readonly #frame: HistoryFrame

  constructor(frame: HistoryFrame) {
    this.channel = frame.channel
    this.#frame = frame
  }

  start(connection: Connection): Step {
    const decision = connection.decide('history', this.channel)
    if (decision === 'ask') return { ask: { kind: 'authorize', action: 'history', channel: this.channel } }
    return this.#decided(decision === 'yes', connection)
  }

  answered(answer: Answer, connection: Connection): Step {
    if (answer.kind === 'allowed') return this.#decided(answer.allowed, connection)
    return answer.kind === 'page' ? { outputs: [this.#result(answer.page)] } : unexpected(answer)
  }

  failed(failure: Failure): readonly Output[] {
    return [errorOutput(this.#frame.id, failure)]
  }

  #decided(allowed: boolean, connection: Connection): Step {
    const { id, channel, before, after, limit = LIMITS.historyPage.value } = this.#frame
    if (!allowed) return refuse(id, 'forbidden', 'No rule or claim allows to read this history.')
    if (connection.terms.rules.of(channel).retention.history === undefined)
      return refuse(id, 'no-history', 'The channel is ephemeral: it keeps no history.')
    const page = {
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      limit: Math.min(limit, LIMITS.historyPage.value),
    }
    return { ask: { kind: 'history', channel, page } }
  }

  /** The data of publications is JSON text already: it is put together, not parsed and written again. */
  #result({ publications, position }: HistoryPage): Output {
    const bodies = fitting(publications, this.#frame.after === undefined).map(
      (publication) => `{${encodePublicationBody(publication)}`,
    )
    return {
      type: 'send-text',
      text: `{"type":"result","id":${this.#frame.id},"publications":[${bodies.join(',')}],"position":${JSON.stringify(position)}}`,
    }
  }
}

/** What of a page fits into one frame: at least one, from the end that is nearest to where the next page goes on. */
function fitting(publications: readonly StoredPublication[], backwards: boolean): readonly StoredPublication[] {
  const order = backwards ? publications.toReversed() : publications
  let chars = 0
  const count = order.findIndex(({ data }) => (chars += data.length + 128) > LIMITS.recoveryBytes.value)
  if (count < 0) return publications
  const kept = order.slice(0, Math.max(count, 1))
  return backwards ? kept.reverse() : kept
}
