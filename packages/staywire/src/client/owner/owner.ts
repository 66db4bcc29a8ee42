// The owner of a browser's connection: the connection, its merged subscriptions and the requests on their way. Knows its tab
// only by the port; where the two run is decided outside.

import { Connection } from '../connection/connection.ts'
import type { ConnectionHost, ConnectionSettings } from '../connection/settings.ts'
import type { Env } from '../env.ts'
import { encodeFrame } from '../../protocol/codec.ts'
import type {
  ClientFrame,
  ConnectedFrame,
  PresenceMode,
  ServerFrame,
  SubscriptionRequest,
} from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'
import { decodeServerFrame } from '../../protocol/server-frame.ts'
import type { Answer, OwnerPort, TabPort } from './port.ts'
import { Wires, type WiresHost } from './wires.ts'

/** Holds one connection for whoever speaks to it. */
export class Owner implements OwnerPort, ConnectionHost, WiresHost {
  /** What went over the wire since the start. */
  readonly traffic = { bytesSent: 0, bytesReceived: 0, framesSent: 0, framesReceived: 0 }
  /** Whom it is told to. Set before anything is. */
  tab!: TabPort
  readonly connection: Connection
  readonly #env: Env
  readonly #wires: Wires
  /** Ids of requests under way, and the tickets they answer to. */
  readonly #requests = new Map<number | undefined, number>()
  #up = false

  constructor(env: Env, settings: ConnectionSettings) {
    this.#env = env
    this.connection = new Connection(env, settings, this)
    this.#wires = new Wires(env, this)
  }

  /** When a `tick` is wanted. */
  get wakeAt(): number {
    return Math.min(this.connection.wakeAt, this.#up ? this.#wires.wakeAt : Infinity)
  }

  subscribe(channel: string, position?: Position, presence?: PresenceMode): void {
    this.#wires.want(channel, position, presence, this.#up)
  }

  unsubscribe(channel: string): void {
    this.#wires.drop(channel, this.#up)
  }

  /** A tab that asks while there is no connection has `down` on its way to it, and asks again at the next `up`. */
  request(ticket: number, body: string): void {
    if (!this.#up) return
    const id = this.nextId()
    this.#requests.set(id, ticket)
    this.#write(`{"id":${id},${body}`)
  }

  /** A text has arrived. */
  text(text: string): void {
    this.traffic.bytesReceived += this.#env.bytes(text)
    this.traffic.framesReceived++
    this.connection.received(decodeServerFrame(text))
  }

  /** Time has come to `wakeAt`. */
  tick(lateMs: number): void {
    this.connection.tick(lateMs)
    if (this.#up) this.#wires.tick()
  }

  nextId(): number {
    return this.connection.nextId()
  }

  send(frame: ClientFrame): void {
    this.#write(encodeFrame(frame))
  }

  restate(): SubscriptionRequest[] {
    return this.#wires.restate()
  }

  up({ user, dedupe }: ConnectedFrame): void {
    this.#up = true
    // Subscriptions first: who subscribes and then publishes wants to see it.
    this.#wires.up()
    this.tab.outbox.up({ user, dedupe })
  }

  down(): void {
    this.#up = false
    this.#requests.clear()
    this.tab.down()
  }

  frame(frame: ServerFrame): void {
    if ('channel' in frame) return this.#wires.frame(frame)
    if (!('id' in frame)) return
    const ticket = this.#requests.get(frame.id)
    this.#requests.delete(frame.id)
    if (ticket) this.tab.outbox.answer(ticket, frame as Answer)
    else if (frame.type === 'error') this.#wires.error(frame)
  }

  #write(text: string): void {
    this.traffic.bytesSent += this.#env.bytes(text)
    this.traffic.framesSent++
    this.#env.out.push(['write', text])
  }
}
