// The subscriptions of one connection, one per channel whoever wants it. Restates them after each reconnect with the position
// reached; hands frames on unjudged, because only who consumes a channel knows what it has.

import { isTemporary } from '../../protocol/error-code.ts'
import type {
  ErrorFrame,
  PresenceMode,
  PublicationFrame,
  ServerFrame,
  SubscribedFrame,
  SubscribeFrame,
  SubscriptionRequest,
  UnsubscribedFrame,
  UnsubscribeFrame,
} from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'
import { SUBSCRIPTIONS_PER_CONNECTION } from '../../protocol/limits.ts'
import type { OwnerMessage, TabMessage } from './message.ts'

/** The wait before a temporarily refused subscription is asked for again, where the server does not tell one. */
const RETRY_MS = 2_000

/** One channel on the wire. */
interface Wire {
  readonly channel: string
  presence: PresenceMode | undefined
  /** Up to where everything has been handed on. */
  position: Position | undefined
  /** What `connect` asked to recover from; its answer has no id to find it by. */
  restated: Position | undefined
  /** Whether it was asked for on this connection. */
  asked: boolean
  retryAt: number
}

/** A `subscribe` or `unsubscribe` whose answer is due. */
interface Pending {
  readonly wire: Wire
  readonly from: Position | undefined
}

/** The merged subscriptions of a browser's connection. */
export class Wires {
  readonly #wires = new Map<string, Wire>()
  readonly #pending = new Map<number, Pending>()
  /** What `connect` asked for and nobody wants any more. */
  readonly #leftovers = new Set<string>()
  readonly #nextId: () => number
  readonly #random: () => number
  #wakeAt = Infinity

  constructor(nextId: () => number, random: () => number) {
    this.#nextId = nextId
    this.#random = random
  }

  /** When a subscription is to be asked for again. */
  get wakeAt(): number {
    return this.#wakeAt
  }

  /** Notes what a tab wants; answers the frame that asks for it, if there is a connection to send it on. */
  want({ channel, position, presence }: Extract<TabMessage, { type: 'subscribe' }>, up: boolean): SubscribeFrame[] {
    let wire = this.#wires.get(channel)
    if (wire === undefined) {
      wire = { channel, presence, position, restated: undefined, asked: false, retryAt: Infinity }
      this.#wires.set(channel, wire)
    }
    wire.presence = presence ?? wire.presence
    wire.position = position ?? wire.position
    return up ? [this.#ask(wire)] : []
  }

  /** Lets go of a channel; answers the frame that says so, if the server knows of it. */
  drop(channel: string, up: boolean): UnsubscribeFrame[] {
    const asked = this.#wires.get(channel)?.asked === true
    this.#wires.delete(channel)
    if (asked && !up) this.#leftovers.add(channel)
    return asked && up ? [this.#unsubscribe(channel)] : []
  }

  /** What `connect` restates. The rest follows one by one once connected. PROTOCOL.md, CLI-6. */
  restate(): SubscriptionRequest[] {
    this.down()
    const first = [...this.#wires.values()].slice(0, SUBSCRIPTIONS_PER_CONNECTION)
    return first.map((wire) => {
      wire.asked = true
      wire.restated = wire.position
      return request(wire)
    })
  }

  /** The connection is up: asks for what `connect` did not carry, and lets go of what it carried too much. */
  up(): (SubscribeFrame | UnsubscribeFrame)[] {
    const missing = [...this.#wires.values()].filter((wire) => !wire.asked)
    return [...[...this.#leftovers].map((channel) => this.#unsubscribe(channel)), ...missing.map((wire) => this.#ask(wire))]
  }

  /** The connection is gone, and all that was asked on it. */
  down(): void {
    this.#pending.clear()
    this.#leftovers.clear()
    this.#wakeAt = Infinity
    for (const wire of this.#wires.values()) {
      wire.asked = false
      wire.retryAt = Infinity
    }
  }

  /** Asks again for what was refused for a while. */
  tick(now: number): SubscribeFrame[] {
    if (now < this.#wakeAt) return []
    const wires = [...this.#wires.values()]
    const due = wires.filter(({ retryAt }) => retryAt <= now).map((wire) => this.#ask(wire))
    this.#wakeAt = Math.min(...wires.map(({ retryAt }) => retryAt))
    return due
  }

  /** Takes a frame; `undefined` when it is none of a subscription's. */
  frame(frame: ServerFrame, now: number): OwnerMessage[] | undefined {
    switch (frame.type) {
      case 'publication':
        this.#advance(frame)
        return [{ type: 'channel', frame }]
      case 'join':
      case 'leave':
        return [{ type: 'channel', frame }]
      case 'subscribed':
        return this.#subscribed(frame)
      case 'unsubscribed':
        // The answer to an `unsubscribe` says nothing new; a subscription asked for since is another one.
        return frame.code === 'requested' ? [] : this.#ended(frame, frame.code, now)
      case 'error':
        return this.#error(frame, now)
      default:
        return undefined
    }
  }

  #ask(wire: Wire): SubscribeFrame {
    const id = this.#nextId()
    wire.asked = true
    wire.retryAt = Infinity
    this.#pending.set(id, { wire, from: wire.position })
    return { type: 'subscribe', id, ...request(wire) }
  }

  #subscribed(frame: SubscribedFrame): OwnerMessage[] {
    const wire = this.#wires.get(frame.channel)
    const pending = this.#pending.get(frame.id ?? 0)
    this.#pending.delete(frame.id ?? 0)
    if (pending !== undefined && pending.wire !== wire) return []
    const from = pending === undefined ? wire?.restated : pending.from
    if (wire !== undefined) {
      wire.restated = undefined
      if (frame.outcome !== 'recovered' || wire.position === undefined) wire.position = frame.position
    }
    return [{ type: 'channel', frame, from }]
  }

  #advance({ channel, offset, prev = (offset ?? 0) - 1 }: PublicationFrame): void {
    const wire = this.#wires.get(channel)
    if (wire?.position === undefined || offset === undefined) return
    // A hole is the consumer's to find; until it is filled the connection is restated from before it.
    const { epoch, offset: reached } = wire.position
    if (offset > reached && prev <= reached) wire.position = { epoch, offset }
  }

  #error(frame: ErrorFrame, now: number): OwnerMessage[] | undefined {
    const pending = this.#pending.get(frame.id ?? 0)
    if (pending === undefined) return undefined
    this.#pending.delete(frame.id ?? 0)
    const { wire } = pending
    if (this.#wires.get(wire.channel) !== wire) return []
    return this.#refused(wire, frame.temporary, frame.code, frame.message, now, frame.retryAfterMs)
  }

  #ended({ channel, reason }: UnsubscribedFrame, code: string, now: number): OwnerMessage[] {
    const wire = this.#wires.get(channel)
    return wire === undefined ? [] : this.#refused(wire, isTemporary(code), code, reason, now)
  }

  #refused(wire: Wire, temporary: boolean, code: string, message: string, now: number, retryAfterMs = RETRY_MS): OwnerMessage[] {
    const { channel } = wire
    if (!temporary) {
      this.#wires.delete(channel)
      return [{ type: 'refused', channel, code, message }]
    }
    wire.retryAt = now + retryAfterMs * (1 + this.#random())
    this.#wakeAt = Math.min(this.#wakeAt, wire.retryAt)
    return []
  }

  #unsubscribe(channel: string): UnsubscribeFrame {
    return { type: 'unsubscribe', id: this.#nextId(), channel }
  }
}

function request({ channel, position, presence }: Wire): SubscriptionRequest {
  return { channel, ...(position === undefined ? undefined : { position }), ...(presence === undefined ? undefined : { presence }) }
}
