// A `subscribe`, an entry of `connect.subscriptions`, or a subscription that the server makes: may it, where does the channel
// stand, what was missed, who is there. PROTOCOL.md, SUB, REC and PRES.

import type { StoredPublication } from '../../protocol/codec.ts'
import type { GapReason, Outcome, PresenceMode, SubscribedFrame } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'
import type { Rule } from '../channel/rules.ts'
import type { Identity } from '../options.ts'
import type { Snapshot } from '../presence/roster.ts'
import type { Answer } from './ask.ts'
import type { Connection } from './connection.ts'
import type { Output } from './output.ts'
import { errorOutput, unexpected, type Failure, type Request, type Step } from './request.ts'
import { Subscription } from './subscription.ts'

/** What is asked for. Without `id` a refusal is told by `unsubscribed`. */
export interface Wanted {
  readonly id?: number | undefined
  readonly channel: string
  readonly position?: Position | undefined
  readonly presence?: PresenceMode | undefined
}

/** What becomes of continuity. */
interface Continuity {
  readonly outcome: Outcome
  readonly position: Position
  readonly why?: GapReason
  readonly publications?: readonly StoredPublication[]
}

/** What is being asked. */
type Stage = 'subscribe' | 'history' | 'presence' | 'log' | 'roster'

export class SubscribeRequest implements Request {
  readonly channel: string
  readonly shares = false
  readonly #wanted: Wanted
  readonly #byServer: boolean
  #rule: Rule | undefined
  #stage: Stage = 'subscribe'
  /** On whose behalf it was asked. */
  #identity: Identity | undefined
  /** Whether delivery has been taken over: if this fails now, nobody knows where the subscription stands. */
  #begun = false
  #continuity: Continuity | undefined
  #snapshot: Snapshot | undefined

  constructor(wanted: Wanted, byServer = false) {
    this.channel = wanted.channel
    this.#wanted = wanted
    this.#byServer = byServer
  }

  start(connection: Connection): Step {
    const { channel } = this
    this.#rule = connection.terms.rules.of(channel)
    this.#identity = connection.identity
    const decision = this.#byServer ? 'yes' : connection.decide('subscribe', channel)
    if (decision === 'ask') return { ask: { kind: 'authorize', action: 'subscribe', channel } }
    return decision === 'yes' ? this.#granted(connection) : this.#forbidden(connection)
  }

  answered(answer: Answer, connection: Connection): Step {
    switch (answer.kind) {
      case 'allowed':
        return this.#allowed(answer.allowed, connection)
      case 'position':
        return this.#goOn({ outcome: 'live', position: answer.position }, connection)
      case 'gap':
        return this.#goOn({ outcome: 'gap', position: answer.position, why: answer.why }, connection)
      case 'recovered': {
        const { publications, position } = answer
        this.#continuity = { outcome: 'recovered', position, publications }
        return publications.length > 0 ? this.#mayRead(connection) : this.#present(connection)
      }
      case 'roster':
        this.#snapshot = answer.snapshot
        return this.#told(connection)
      default:
        return unexpected(answer)
    }
  }

  failed(failure: Failure, connection: Connection): readonly Output[] {
    return this.#begun ? this.#ended(failure, connection) : this.#refused(failure)
  }

  #allowed(allowed: boolean, connection: Connection): Step {
    // A token that was refreshed meanwhile may allow less, and what is not subscribed yet is not looked at again for it.
    if (this.#stage === 'subscribe' && this.#identity !== connection.identity) return this.start(connection)
    if (this.#stage === 'subscribe') return allowed ? this.#granted(connection) : this.#forbidden(connection)
    if (this.#stage === 'presence') return allowed ? this.#look() : this.#told(connection)
    return allowed ? this.#present(connection) : this.#withhold(connection)
  }

  #granted(connection: Connection): Step {
    const { channel } = this
    if (connection.subscriptions?.has(channel) !== true) {
      if (
        !this.#byServer &&
        connection.subscriptionCount >= connection.terms.settings.limits.subscriptionsPerConnection
      ) {
        return {
          outputs: this.#refused({
            code: 'too-many-subscriptions',
            message: `A connection may have ${connection.terms.settings.limits.subscriptionsPerConnection} subscriptions.`,
          }),
        }
      }
      connection.remember(channel, new Subscription(this.#byServer))
    }
    this.#begun = true
    const outputs: Output[] = [{ type: 'begin', channel }]
    if (this.#rule?.retention.history === undefined) return { outputs, ...this.#present(connection, outputs) }
    this.#stage = 'log'
    const from = this.#wanted.position
    return { outputs, ask: from === undefined ? { kind: 'position', channel } : { kind: 'recover', channel, from } }
  }

  #goOn(continuity: Continuity, connection: Connection): Step {
    this.#continuity = continuity
    return this.#present(connection)
  }

  /** Something was missed: whoever was let in by `authorize` is asked about separately. */
  #mayRead(connection: Connection): Step {
    const decision = connection.decide('history', this.channel)
    if (decision === 'yes') return this.#present(connection)
    if (decision === 'no') return this.#withhold(connection)
    this.#stage = 'history'
    return { ask: { kind: 'authorize', action: 'history', channel: this.channel } }
  }

  #withhold(connection: Connection): Step {
    const position = (this.#continuity as Continuity).position
    return this.#goOn({ outcome: 'gap', position, why: 'forbidden' }, connection)
  }

  /** Becomes a member before looking, so that one sees oneself. `outputs` go first. */
  #present(connection: Connection, outputs: readonly Output[] = []): Step {
    const subscription = connection.subscriptions?.get(this.channel)
    if (this.#rule?.presence !== true || subscription === undefined) return this.#told(connection, outputs)
    const entered: readonly Output[] = subscription.present
      ? outputs
      : [...outputs, { type: 'enter', channel: this.channel }]
    subscription.present = true
    if (this.#wanted.presence === undefined) return this.#told(connection, entered)
    const decision = connection.decide('presence', this.channel)
    if (decision === 'no') return this.#told(connection, entered)
    this.#stage = decision === 'ask' ? 'presence' : 'roster'
    return decision === 'ask'
      ? { outputs: entered, ask: { kind: 'authorize', action: 'presence', channel: this.channel } }
      : { ...this.#look(), outputs: entered }
  }

  #look(): Step {
    this.#stage = 'roster'
    return { ask: { kind: 'roster', channel: this.channel, watch: this.#wanted.presence } }
  }

  #told(connection: Connection, outputs: readonly Output[] = []): Step {
    const { channel } = this
    const { outcome = 'live', position, publications = [] } = this.#continuity ?? {}
    const subscription = connection.subscriptions?.get(channel)
    if (subscription !== undefined) {
      subscription.told = true
      subscription.watching = this.#snapshot !== undefined
      subscription.position = position
    }
    const upTo = position?.offset ?? 0
    return {
      outputs: [
        ...outputs,
        { type: 'send', frame: this.#frame() },
        {
          type: 'report',
          event: {
            type: 'subscribed',
            connection: connection.id,
            channel,
            outcome,
            recovered: publications.length,
            subscriptions: connection.subscriptions?.size ?? 0,
          },
        },
        publications.length > 0 ? { type: 'recover', channel, publications, upTo } : { type: 'join', channel, upTo },
      ],
    }
  }

  #frame(): SubscribedFrame {
    const { id, channel, position: from, presence } = this.#wanted
    const { outcome = 'live', position, why, publications } = this.#continuity ?? {}
    const snapshot = this.#snapshot
    const everybody = presence === 'members' && snapshot?.members.length === snapshot?.memberCount
    return {
      type: 'subscribed',
      id,
      channel,
      position,
      outcome,
      recovering: publications?.length,
      gap: why !== undefined && from !== undefined && position !== undefined ? { from, to: position, why } : undefined,
      members: everybody ? snapshot?.members : undefined,
      memberCount: snapshot?.memberCount,
      presenceVersion: snapshot?.version,
    }
  }

  #forbidden(connection: Connection): Step {
    return {
      outputs: this.#ended({ code: 'forbidden', message: 'No rule or claim allows this subscription.' }, connection),
    }
  }

  /** Refused, and a subscription that was there before ends with it. */
  #ended(failure: Failure, connection: Connection): readonly Output[] {
    const { channel } = this
    const outputs = this.#refused(failure)
    const known = connection.forget(channel)
    if (known === undefined) return outputs
    const told = known.told && this.#wanted.id !== undefined
    return [left(channel, known), ...(told ? [unsubscribed(channel, failure)] : []), ...outputs]
  }

  #refused(failure: Failure): readonly Output[] {
    if (this.#wanted.id !== undefined) return [errorOutput(this.#wanted.id, failure)]
    return [unsubscribed(this.channel, failure)]
  }
}

/** What there was of a subscription goes: its place in presence only if it had one, as another connection of the session may have one. */
export function left(channel: string, { present }: Subscription): Output {
  return { type: 'leave', channel, ...(present && { present }) }
}

/** A subscription that the server ends or does not make is told by this. PROTOCOL.md, SUB-8 and CONN-11. */
export function unsubscribed(channel: string, { code, message }: Failure): Output {
  return { type: 'send', frame: { type: 'unsubscribed', channel, code, reason: message } }
}
