// From an accepted `connect` to `connected`: who is it, may they stay, and what does the server subscribe them to.
// PROTOCOL.md, CONN and RES.

import { CLOSE, closeCode } from '../../protocol/close-code.ts'
import type { ConnectedFrame, ConnectFrame } from '../../protocol/frame.ts'
import { BATCH } from '../../protocol/frame.ts'
import { LIMITS } from '../../protocol/limits.ts'
import { ownChannel } from '../guard/guard.ts'
import type { Identity } from '../options.ts'
import type { Answer } from './ask.ts'
import { closeOutput } from './closing.ts'
import type { Connection } from './connection.ts'
import type { Approach } from './link.ts'
import type { Output } from './output.ts'
import { unexpected, type Request, type Step } from './request.ts'
import { SubscribeRequest, unsubscribed } from './subscribe-request.ts'

const MAX_AGENT_CHARS = 200

/** What a client without `connect` asks for: its credentials and channels came with the upgrade. */
export type Greeting = Pick<
  ConnectFrame,
  'features' | 'fence' | 'session' | 'slot' | 'origin' | 'sdk' | 'subscriptions' | 'token'
> & {
  readonly id?: number
  /** What was asked for as a channel and cannot be one. */
  readonly misnamed?: readonly string[]
}

export class HandshakeRequest implements Request {
  readonly channel = undefined
  readonly shares = false
  readonly #greeting: Greeting

  constructor(greeting: Greeting) {
    this.#greeting = greeting
  }

  start(connection: Connection): Step {
    return { ask: { kind: 'authenticate', token: this.#greeting.token, origin: connection.origin } }
  }

  answered(answer: Answer, connection: Connection, now: number): Step {
    switch (answer.kind) {
      case 'identity': {
        const { session, fence, slot, origin } = this.#greeting
        if (connection.terms.revoked(answer.identity, session?.id))
          return { outputs: [closeOutput(CLOSE.tokenRevoked)] }
        connection.identify(answer.identity, answer.expiresInMs, now)
        return {
          ask: { kind: 'admit', identity: answer.identity, claims: { session, fence, slot, browser: origin?.browser } },
        }
      }
      case 'turned-away':
        return { outputs: [closeOutput(closeCode(answer.code) ?? CLOSE.serverError, answer)] }
      case 'admitted':
        return { outputs: this.#connected(answer, connection, now) }
      default:
        return unexpected(answer)
    }
  }

  /** Whether it was refused is not known: the client is to come back. */
  failed(): readonly Output[] {
    return [closeOutput(CLOSE.serverError)]
  }

  /** The subscriptions that follow: the client's own, then those the server makes that the client did not restate. */
  #subscriptions(identity: Identity): SubscribeRequest[] {
    const given = serverSubscriptions(identity)
    const wanted = this.#greeting.subscriptions ?? []
    const requests = wanted.map(
      ({ channel, position, presence }) =>
        new SubscribeRequest({ channel, position, presence }, given.includes(channel)),
    )
    for (const channel of given) {
      const restated = wanted.some((one) => one.channel === channel)
      if (!restated) requests.push(new SubscribeRequest({ channel }, true))
    }
    return requests
  }

  #connected(answer: Answer & { kind: 'admitted' }, connection: Connection, now: number): readonly Output[] {
    const { session, resumed, previous } = answer
    const { terms } = connection
    const { limits, heartbeat } = terms.settings
    const { enabled, intervalMs, timeoutMs } = heartbeat
    const expiresInMs = connection.expiresInMs(now)
    const { windowMs, life } = terms.dedupe()
    const batches = this.#greeting.features?.includes(BATCH) === true
    connection.link.outbox.batches = batches
    const frame: ConnectedFrame = {
      type: 'connected',
      id: this.#greeting.id,
      connection: connection.id,
      session: session && { id: session.id, secret: session.secret, ttlMs: limits.sessionTtlMs },
      user: connection.user,
      resumed,
      node: terms.node,
      serverTime: terms.wall(),
      heartbeat: enabled ? { intervalMs, timeoutMs } : { intervalMs: 0, timeoutMs: 0 },
      spreadMs: terms.spreadMs(),
      limits: { frameBytes: limits.frameBytes, subscriptions: limits.subscriptionsPerConnection },
      dedupe: { windowMs, life },
      features: batches ? [BATCH] : undefined,
      tokenExpiresInMs: expiresInMs,
      previous: previous && {
        code: previous.code,
        reason: previous.reason.slice(0, LIMITS.reasonBytes.value),
        at: previous.at,
      },
    }
    const misnamed = this.#greeting.misnamed ?? []
    const agent = agentOf(connection.approach?.headers)
    const { sdk } = this.#greeting
    connection.connect(this.#subscriptions(connection.identity as Identity), now)
    return [
      { type: 'connected', resumed, agent, sdk },
      { type: 'send', frame },
      ...misnamed.map((channel) =>
        unsubscribed(channel.slice(0, LIMITS.channelNameBytes.value), {
          code: 'bad-channel',
          message: 'This is not a channel name.',
        }),
      ),
    ]
  }
}

/** What a client's program calls itself (RFC 9110 §10.1.5), cut. */
function agentOf(headers: Approach['headers'] | undefined): string | undefined {
  const agent = headers?.['user-agent']
  return typeof agent === 'string' ? agent.slice(0, MAX_AGENT_CHARS) : undefined
}

/** Channels that a user is subscribed to by the server: those that `authenticate` named, and their own. */
export function serverSubscriptions(identity: Identity): readonly string[] {
  const own = ownChannel(identity.user)
  const given = identity.subscriptions ?? []
  return own === undefined || given.includes(own) ? given : [...given, own]
}
