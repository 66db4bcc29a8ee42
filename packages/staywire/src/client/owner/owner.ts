// The owner of a browser's connection: the connection, its merged subscriptions and the requests on their way. Restates the
// subscriptions after each reconnect with the position reached, and hands frames on unjudged, because only who consumes a
// channel knows what it has. Knows its tab only by the port; where the two run is decided outside.

import type { ClientStats, Status } from '../api.ts'
import { Connection } from '../connection/connection.ts'
import type { ConnectionHost, ConnectionSettings, Hint } from '../connection/settings.ts'
import type { Env } from '../env.ts'
import { RETRY_MS } from '../timing.ts'
import { encodeFrame } from '../../protocol/codec.ts'
import { isTemporary } from '../../protocol/error-code.ts'
import type {
  ClientFrame,
  ConnectedFrame,
  PresenceMode,
  ServerFrame,
  SubscribedFrame,
  SubscriptionRequest,
  UnsubscribedFrame,
} from '../../protocol/frame.ts'
import { SUBSCRIPTIONS_PER_CONNECTION } from '../../protocol/limits.ts'
import type { Position } from '../../protocol/position.ts'
import { decodeServerMessage } from '../../protocol/server-frame.ts'
import type { Answer, ChannelFrame, HeldOwner, TabPort } from './port.ts'
import { noTraffic } from './traffic.ts'
import { advance, requestOf, type Wire } from './wire.ts'

/** Holds one connection for whoever speaks to it. */
export class Owner implements HeldOwner, ConnectionHost {
  readonly traffic = noTraffic()
  sharing: ClientStats['sharing'] = { placement: 'tab', tabs: 1 }
  /** Whom it is told to. Set before anything is. */
  tab!: TabPort
  readonly connection: Connection
  readonly #env: Env
  readonly #wires = new Map<string, Wire>()
  /** What `connect` asked for and nobody wants any more. */
  #leftovers: string[] = []
  /** Ids of requests under way, and the tickets they answer to. */
  readonly #requests = new Map<number | undefined, number>()
  #up = false

  constructor(env: Env, settings: ConnectionSettings) {
    this.#env = env
    this.connection = new Connection(env, settings, this)
  }

  connect(): void {
    this.connection.connect()
  }

  need(): void {
    this.connection.need()
  }

  leave(status: Status, end: boolean): void {
    this.connection.leave(status, end)
  }

  hint(hint: Hint): void {
    this.connection.upkeep?.hint(hint)
  }

  token(ticket: number, token: string | null | undefined, problem?: string): void {
    this.connection.token(ticket, token, problem)
  }

  subscribe(channel: string, position?: Position, presence?: PresenceMode): void {
    const wire: Wire = this.#wires.get(channel) ?? { channel, id: 0 }
    wire.presence = presence ?? wire.presence
    wire.position = position ?? wire.position
    this.#wires.set(channel, wire)
    if (this.#up) this.#ask(wire)
  }

  unsubscribe(channel: string): void {
    const wire = this.#wires.get(channel)
    this.#wires.delete(channel)
    this.#env.agenda.delete(wire)
    if (!wire?.id) return
    if (this.#up) this.#drop(channel)
    else this.#leftovers.push(channel)
  }

  /** A tab that asks while there is no connection has `down` on its way to it, and asks again at the next `up`. */
  request(ticket: number, body: string): void {
    if (!this.#up) return
    const id = this.connection.nextId()
    this.#requests.set(id, ticket)
    this.#write(`{"id":${id},${body}`)
  }

  /** A text has arrived. */
  text(text: string): void {
    this.traffic.bytesReceived += this.#env.bytes(text)
    for (const frame of decodeServerMessage(text)) {
      this.traffic.framesReceived++
      this.connection.received(frame)
    }
  }

  send(frame: ClientFrame): void {
    this.#write(encodeFrame(frame))
  }

  /** As many as one `connect` carries. The rest follows one by one once connected. PROTOCOL.md, CLI-6. */
  restate(): SubscriptionRequest[] {
    this.#leftovers = []
    const wires = [...this.#wires.values()]
    for (const [index, wire] of wires.entries()) {
      wire.id = index < SUBSCRIPTIONS_PER_CONNECTION ? -1 : 0
      wire.from = wire.position
    }
    return wires.slice(0, SUBSCRIPTIONS_PER_CONNECTION).map(requestOf)
  }

  up({ user, dedupe }: ConnectedFrame): void {
    this.#up = true
    // Subscriptions first: who subscribes and then publishes wants to see it.
    for (const channel of this.#leftovers) this.#drop(channel)
    for (const wire of this.#wires.values()) if (!wire.id) this.#ask(wire)
    this.tab.up({ user, dedupe })
  }

  down(): void {
    this.#up = false
    this.#requests.clear()
    // The next `connect` asks for all of them; asked for before it, one would end the connection for good.
    for (const wire of this.#wires.values()) this.#env.agenda.delete(wire)
    this.tab.down()
  }

  frame(frame: ServerFrame): void {
    if ('channel' in frame) return this.#channel(frame)
    if (!('id' in frame)) return
    const { id } = frame
    const ticket = this.#requests.get(id)
    this.#requests.delete(id)
    if (ticket) this.tab.answer(ticket, frame as Answer)
    else if (frame.type === 'error') {
      const wire = [...this.#wires.values()].find((asked) => asked.id === id)
      this.#refused(wire, frame.code, frame.message, frame.temporary, frame.retryAfterMs)
    }
  }

  #channel(frame: ChannelFrame | UnsubscribedFrame): void {
    const wire = this.#wires.get(frame.channel)
    if (frame.type === 'subscribed') return this.#subscribed(frame, wire)
    if (frame.type === 'publication') advance(wire, frame)
    if (frame.type !== 'unsubscribed') this.tab.frame(frame)
    // The answer to an `unsubscribe` says nothing new: a subscription asked for since is another one.
    else if (frame.code !== 'requested') this.#refused(wire, frame.code, frame.reason, isTemporary(frame.code))
  }

  #subscribed(frame: SubscribedFrame, wire: Wire | undefined): void {
    // An answer to an earlier question: the one to the latest follows.
    if (!wire || (frame.id && frame.id !== wire.id)) return
    if (frame.outcome !== 'recovered' || !wire.position) wire.position = frame.position
    this.tab.frame(frame, wire.from)
  }

  #refused(wire: Wire | undefined, code: string, message: string, temporary: boolean, retryAfterMs = RETRY_MS): void {
    if (!wire) return
    if (temporary) {
      const { agenda, now, random } = this.#env
      agenda.set(wire, now + retryAfterMs * (1 + random()), () => this.#ask(wire))
    } else {
      this.#wires.delete(wire.channel)
      this.tab.refused(wire.channel, code, message)
    }
  }

  #ask(wire: Wire): void {
    wire.id = this.connection.nextId()
    wire.from = wire.position
    this.send({ type: 'subscribe', id: wire.id, ...requestOf(wire) })
  }

  #drop(channel: string): void {
    this.send({ type: 'unsubscribe', id: this.connection.nextId(), channel })
  }

  #write(text: string): void {
    this.traffic.bytesSent += this.#env.bytes(text)
    this.traffic.framesSent++
    this.#env.out.push(['write', text])
  }
}
