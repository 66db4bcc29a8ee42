// The subscriptions of one connection, one per channel whoever wants it. Restates them after each reconnect with the position
// reached; hands frames on unjudged, because only who consumes a channel knows what it has.

import type { Env } from '../env.ts'
import { isTemporary } from '../../protocol/error-code.ts'
import type {
  ClientFrame,
  ErrorFrame,
  PresenceMode,
  PublicationFrame,
  SubscribedFrame,
  SubscriptionRequest,
  UnsubscribedFrame,
} from '../../protocol/frame.ts'
import { SUBSCRIPTIONS_PER_CONNECTION } from '../../protocol/limits.ts'
import type { Position } from '../../protocol/position.ts'
import { RETRY_MS } from '../timing.ts'
import type { ChannelFrame, TabPort } from './port.ts'

/** One channel on the wire. */
interface Wire {
  readonly channel: string
  presence?: PresenceMode | undefined
  /** Up to where everything has been handed on. */
  position?: Position | undefined
  /** What was asked to recover from, until the answer. */
  from?: Position | undefined
  /** The id of the last `subscribe` on this connection; 0 = not asked for, -1 = by `connect`, whose answers carry none. */
  id: number
  retryAt: number
}

/** What the wires need of their owner. */
export interface WiresHost {
  nextId(): number
  send(frame: ClientFrame): void
  readonly tab: TabPort
}

/** The merged subscriptions of a browser's connection. */
export class Wires {
  /** When a subscription is to be asked for again. */
  wakeAt = Infinity
  readonly #env: Env
  readonly #host: WiresHost
  readonly #wires = new Map<string, Wire>()
  /** What `connect` asked for and nobody wants any more. */
  #leftovers: string[] = []

  constructor(env: Env, host: WiresHost) {
    this.#env = env
    this.#host = host
  }

  /** Notes what a tab wants, and asks for it if there is a connection. */
  want(channel: string, position: Position | undefined, presence: PresenceMode | undefined, up: boolean): void {
    const wire: Wire = this.#wires.get(channel) ?? { channel, id: 0, retryAt: Infinity }
    wire.presence = presence ?? wire.presence
    wire.position = position ?? wire.position
    this.#wires.set(channel, wire)
    if (up) this.#ask(wire)
  }

  /** Lets go of a channel, and says so if the server knows of it. */
  drop(channel: string, up: boolean): void {
    const wire = this.#wires.get(channel)
    this.#wires.delete(channel)
    if (!wire?.id) return
    if (up) this.#unsubscribe(channel)
    else this.#leftovers.push(channel)
  }

  /** What `connect` restates. The rest follows one by one once connected. PROTOCOL.md, CLI-6. */
  restate(): SubscriptionRequest[] {
    this.#leftovers = []
    this.wakeAt = Infinity
    const wires = [...this.#wires.values()]
    for (const [index, wire] of wires.entries()) {
      wire.id = index < SUBSCRIPTIONS_PER_CONNECTION ? -1 : 0
      wire.from = wire.position
      wire.retryAt = Infinity
    }
    return wires.slice(0, SUBSCRIPTIONS_PER_CONNECTION).map(request)
  }

  /** The connection is up: asks for what `connect` did not carry, and lets go of what it carried too much. */
  up(): void {
    for (const channel of this.#leftovers) this.#unsubscribe(channel)
    for (const wire of this.#wires.values()) if (!wire.id) this.#ask(wire)
  }

  /** Asks again for what was refused for a while. */
  tick(): void {
    if (this.#env.now < this.wakeAt) return
    this.wakeAt = Infinity
    for (const wire of this.#wires.values()) {
      if (wire.retryAt <= this.#env.now) this.#ask(wire)
      this.wakeAt = Math.min(this.wakeAt, wire.retryAt)
    }
  }

  /** Takes a frame about a channel. */
  frame(frame: ChannelFrame | UnsubscribedFrame): void {
    if (frame.type === 'subscribed') return this.#subscribed(frame)
    if (frame.type === 'publication') this.#advance(frame)
    if (frame.type !== 'unsubscribed') this.#host.tab.subscriptions.frame(frame)
    // The answer to an `unsubscribe` says nothing new: a subscription asked for since is another one.
    else if (frame.code !== 'requested') {
      this.#refused(this.#wires.get(frame.channel), frame.code, frame.reason, isTemporary(frame.code))
    }
  }

  /** Takes an error that answers none of a tab's requests. */
  error({ id, code, message, temporary, retryAfterMs }: ErrorFrame): void {
    const wire = [...this.#wires.values()].find((asked) => asked.id === id)
    this.#refused(wire, code, message, temporary, retryAfterMs)
  }

  #ask(wire: Wire): void {
    wire.id = this.#host.nextId()
    wire.from = wire.position
    wire.retryAt = Infinity
    this.#host.send({ type: 'subscribe', id: wire.id, ...request(wire) })
  }

  #subscribed(frame: SubscribedFrame): void {
    const wire = this.#wires.get(frame.channel)
    // An answer to an earlier question: the one to the latest follows.
    if (!wire || (frame.id && frame.id !== wire.id)) return
    const { from } = wire
    wire.from = undefined
    if (frame.outcome !== 'recovered' || !wire.position) wire.position = frame.position
    this.#host.tab.subscriptions.frame(frame, from)
  }

  #advance({ channel, offset = 0, prev = offset - 1 }: PublicationFrame): void {
    const wire = this.#wires.get(channel)
    const position = wire?.position
    // A hole is the consumer's to find; until it is filled the connection is restated from before it.
    if (position && offset > position.offset && prev <= position.offset)
      wire.position = { epoch: position.epoch, offset }
  }

  #refused(wire: Wire | undefined, code: string, message: string, temporary: boolean, retryAfterMs = RETRY_MS): void {
    if (!wire) return
    if (temporary) {
      wire.retryAt = this.#env.now + retryAfterMs * (1 + this.#env.random())
      this.wakeAt = Math.min(this.wakeAt, wire.retryAt)
    } else {
      this.#wires.delete(wire.channel)
      this.#host.tab.subscriptions.refused(wire.channel, code, message)
    }
  }

  #unsubscribe(channel: string): void {
    this.#host.send({ type: 'unsubscribe', id: this.#host.nextId(), channel })
  }
}

function request({ channel, position, presence }: Wire): SubscriptionRequest {
  return { channel, position, presence } as SubscriptionRequest
}
