// One event stream as a connection's link: the answer to one request, down; what comes up comes in bodies of its own. The
// status is held back until it is known whether there is a connection.

import type { DisconnectFrame } from '../../../protocol/frame.ts'
import { LIMITS } from '../../../protocol/limits.ts'
import type { BareApproach, Outbox } from '../../connection/link.ts'
import { EncodedFrame } from '../../hub/encoded-frame.ts'
import type { Node } from '../../node/node.ts'
import { LastEventId } from '../../outbox/last-event-id.ts'
import { SocketWriter } from '../socket-writer.ts'
import { WriteTick } from '../write-tick.ts'
import { turnAway } from './answer.ts'
import type { Exchange, StreamBody } from './exchange.ts'
import { HttpLink, type Gone } from './http-link.ts'
import { chunkedEvents, plainEvents, STREAM_HEADERS, withFields, type StreamEncoder } from './sse-event.ts'

/** How soon a browser comes back by itself, at least; as much again at random. */
const RETRY_MS = 1_000

/** The turns of all streams of a server, one for each way of writing them. */
export class StreamTicks {
  readonly chunked = new WriteTick(chunkedEvents)
  readonly plain = new WriteTick(plainEvents)
}

export class SseLink extends HttpLink {
  readonly transport = 'sse'
  readonly outbox: Outbox
  readonly #exchange: Exchange
  readonly #body: StreamBody
  readonly #encoder: StreamEncoder
  readonly #writer: SocketWriter
  #grace: NodeJS.Timeout | undefined

  /** Takes over an exchange. `bare`: what a client wants that only listens. */
  constructor(exchange: Exchange, ticks: StreamTicks, node: Node, gone: Gone, bare?: BareApproach) {
    super(node, gone)
    this.#exchange = exchange
    const body = (this.#body = exchange.stream(STREAM_HEADERS))
    this.#encoder = body.chunked ? chunkedEvents : plainEvents
    const tick = body.chunked ? ticks.chunked : ticks.plain
    this.#writer = new SocketWriter(body, tick, this, node.settings.limits.outboxBytes)
    this.outbox = bare === undefined ? this.#writer : new NumberedOutbox(this.#writer, bare, node.world.random())
    exchange.whenOver(() => this.#over())
  }

  /** A comment keeps the way open. That the peer's kernel takes it is the only sign of life there is. */
  ping(): void {
    this.#writer.flush()
    this.#body.write(this.#encoder.comment, (error) => {
      if (!error && this.connection !== undefined) this.node.feed(this.connection, { type: 'pong' })
    })
  }

  protected override refuse(told: DisconnectFrame): void {
    if (this.#body.begun) return this.finish()
    this.#writer.stop(true)
    turnAway(this.#exchange, told)
  }

  protected override finish(): void {
    this.#writer.stop()
    this.#body.end()
    this.#grace = setTimeout(() => this.#body.destroy(), LIMITS.closeGraceMs.value).unref()
  }

  #over(): void {
    clearTimeout(this.#grace)
    this.#writer.stop(true)
    this.vanished()
    this.leave()
  }
}

/** The outbox of a client that only listens: its events say how far it has got, and when to come back. */
class NumberedOutbox implements Outbox {
  readonly #writer: SocketWriter
  readonly #lastEventId: LastEventId
  #retry: string | undefined

  constructor(writer: SocketWriter, { channels, positions = [] }: BareApproach, random: number) {
    this.#writer = writer
    this.#lastEventId = new LastEventId(channels, positions)
    this.#retry = String(Math.round(RETRY_MS * (1 + random)))
  }

  get bytes(): number {
    return this.#writer.bytes
  }

  get sentBytes(): number {
    return this.#writer.sentBytes
  }

  send(frame: EncodedFrame): void {
    this.#writer.send(this.#numbered(frame))
  }

  sendRequested(frame: EncodedFrame): void {
    this.#writer.sendRequested(this.#numbered(frame))
  }

  whenDrained(then: () => void): void {
    this.#writer.whenDrained(then)
  }

  #numbered(frame: EncodedFrame): EncodedFrame {
    const retry = this.#retry
    this.#retry = undefined
    const text = withFields(frame.text, { id: this.#lastEventId.after(frame.text), retry })
    return text === frame.text ? frame : new EncodedFrame(text, frame.droppable)
  }
}
