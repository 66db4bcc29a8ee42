// The owner of a browser's connection: the connection, what it has asked the server for, and the requests on their way. Asks for
// what its tab wants at each connect anew, and hands frames on unjudged, because only who consumes a channel knows what it has.
// Knows its tab only by the port; where the two run is decided outside.

import type { ClientStats } from '../api.ts'
import { Connection } from '../connection/connection.ts'
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
import type { Answer, ChannelFrame, HeldOwner } from './port.ts'
import { noTraffic } from './traffic.ts'

/** What the server was asked for, and in which frame: those in `connect` have no id, nor have their answers. */
interface Asked extends SubscriptionRequest {
  readonly id?: number
}

/** Holds one connection for whoever speaks to it. */
export class Owner extends Connection implements HeldOwner {
  readonly traffic = noTraffic()
  sharing!: ClientStats['sharing']
  /** The channels asked for on this connection. */
  readonly #asked = new Map<string, Asked>()
  /** Ids of requests under way, and the tickets they answer to. */
  readonly #requests = new Map<number | undefined, number>()

  subscribe(channel: string, position?: Position, presence?: PresenceMode): void {
    this.#forget(channel)
    if (this.up) this.#ask({ channel, position, presence } as Asked)
  }

  unsubscribe(channel: string): void {
    // What `connect` asked for is looked at again once it is answered.
    if (!this.up || !this.#forget(channel)) return
    this.send({ type: 'unsubscribe', id: this.nextId(), channel })
  }

  /** A tab that asks while there is no connection has `down` on its way to it, and asks again at the next `up`. */
  request(ticket: number, body: string): void {
    if (!this.up) return
    const id = this.nextId()
    this.#requests.set(id, ticket)
    this.#write(`{"id":${id},${body}`)
  }

  /** A text has arrived. */
  text(text: string): void {
    this.traffic.bytesReceived += this.env.bytes(text)
    for (const frame of decodeServerMessage(text)) {
      this.traffic.framesReceived++
      this.received(frame)
    }
  }

  send(frame: ClientFrame): void {
    this.#write(encodeFrame(frame))
  }

  /** As many as one `connect` carries. PROTOCOL.md, CLI-6. */
  wanted(): readonly SubscriptionRequest[] {
    const wanted = this.tab.wanted().slice(0, SUBSCRIPTIONS_PER_CONNECTION)
    // An attempt that came to nothing has asked for nothing.
    this.#asked.clear()
    for (const asked of wanted) this.#asked.set(asked.channel, asked)
    return wanted
  }

  greeted({ user, dedupe }: ConnectedFrame): void {
    const wanted = this.tab.wanted()
    for (const channel of this.#asked.keys())
      if (!wanted.some((one) => one.channel === channel)) this.unsubscribe(channel)
    // Subscriptions first: who subscribes and then publishes wants to see it.
    for (const one of wanted) if (!this.#asked.has(one.channel)) this.#ask(one)
    this.tab.up({ user, dedupe })
  }

  lost(): void {
    this.#requests.clear()
    for (const channel of this.#asked.keys()) this.#forget(channel)
    this.tab.down()
  }

  heard(frame: ServerFrame): void {
    if ('channel' in frame) return this.#channel(frame)
    if (!('id' in frame)) return
    const { id } = frame
    const ticket = this.#requests.get(id)
    this.#requests.delete(id)
    if (ticket) this.tab.answer(ticket, frame as Answer)
    else if (frame.type === 'error') {
      const asked = [...this.#asked.values()].find((one) => one.id === id)
      this.#refused(asked, frame.code, frame.message, frame.temporary, frame.retryAfterMs)
    }
  }

  #channel(frame: ChannelFrame | UnsubscribedFrame): void {
    const { channel } = frame
    const asked = this.#asked.get(channel)
    if (frame.type === 'subscribed') this.#subscribed(frame, asked)
    else if (frame.type !== 'unsubscribed') this.tab.frame(frame)
    // The answer to an `unsubscribe` says nothing new: a subscription asked for since is another one.
    else if (frame.code !== 'requested') this.#refused(asked, frame.code, frame.reason, isTemporary(frame.code))
  }

  #subscribed(frame: SubscribedFrame, asked: Asked | undefined): void {
    // Else an answer to an earlier question: the one to the latest follows.
    if (asked && (!frame.id || frame.id === asked.id)) this.tab.frame(frame, asked.position)
  }

  #refused(asked: Asked | undefined, code: string, message: string, temporary: boolean, retryAfterMs = RETRY_MS): void {
    if (!asked) return
    if (temporary) {
      const { agenda, now, random } = this.env
      agenda.set(asked, now + retryAfterMs * (1 + random()), () => this.#ask(asked))
    } else {
      this.#forget(asked.channel)
      this.tab.refused(asked.channel, code, message)
    }
  }

  #ask(wanted: SubscriptionRequest): void {
    const asked = { ...wanted, id: this.nextId() }
    this.#asked.set(wanted.channel, asked)
    this.send({ type: 'subscribe', ...asked })
  }

  #forget(channel: string): boolean {
    this.env.agenda.delete(this.#asked.get(channel))
    return this.#asked.delete(channel)
  }

  #write(text: string): void {
    this.traffic.bytesSent += this.env.bytes(text)
    this.traffic.framesSent++
    this.env.out.push(['write', text])
  }
}
