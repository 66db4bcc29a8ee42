// What the links of both HTTP transports have in common: a connection, its way up, and an end that is told once.

import { CLOSE } from '../../../protocol/close-code.ts'
import type { DisconnectFrame } from '../../../protocol/frame.ts'
import { LIMITS } from '../../../protocol/limits.ts'
import type { Connection } from '../../connection/connection.ts'
import type { Approach, Link, Outbox } from '../../connection/link.ts'
import type { EncodedFrame } from '../../hub/encoded-frame.ts'
import type { Node } from '../../node/node.ts'
import type { WriterOwner } from '../socket-writer.ts'
import { Upstream } from './upstream.ts'

/** The channel of a publication frame or several, to tell which was dropped. */
const CHANNEL = /^\[?\{"type":"publication","channel":"([^"]+)"/

/** Told when nothing is left of a link. */
export type Gone = (link: HttpLink) => void

export abstract class HttpLink implements Link, WriterOwner {
  abstract readonly transport: 'sse' | 'poll'
  abstract readonly outbox: Outbox
  readonly upstream = new Upstream((frame) => this.#posted(frame))
  protected readonly node: Node
  readonly #gone: Gone
  #connection: Connection | undefined
  #closing = false
  #left = false

  constructor(node: Node, gone: Gone) {
    this.node = node
    this.#gone = gone
  }

  /** Whose link it is; `undefined` before `open`. */
  get connection(): Connection | undefined {
    return this.#connection
  }

  /** Becomes the link of a connection of its node; `first` is what it says first. */
  open(approach: Approach, first?: { readonly text: string; readonly bytes: number }): void {
    this.#connection = this.node.accept(this, approach)
    if (first === undefined || this.#closing) return
    this.node.received(this.#connection, first.text, first.bytes)
    // There is no second try on one request.
    if (this.#connection.phase === 'awaiting') this.node.close(this.#connection, CLOSE.protocolError)
  }

  pause(): void {
    this.upstream.pause()
  }

  resume(): void {
    this.upstream.resume()
  }

  abstract ping(): void

  close(_code: number, _reason: string, told?: DisconnectFrame): void {
    if (this.#closing) return
    this.#closing = true
    this.upstream.close()
    // Nothing was answered yet: a status says it better than a stream of one event.
    if ((this.#connection?.connectedAt ?? 0) === 0 && told !== undefined) this.refuse(told)
    else this.finish()
  }

  overflowed(): void {
    if (this.#connection !== undefined) this.node.overflowed(this.#connection)
  }

  dropped(frame: EncodedFrame): void {
    const connection = this.#connection?.id ?? ''
    const channel = CHANNEL.exec(frame.text)?.[1] ?? ''
    for (let n = 0; n < frame.count; n++) this.node.reporting.report({ type: 'dropped', connection, channel })
  }

  /** Anything was heard of the peer. */
  heard(): void {
    if (this.#connection?.heartbeat !== undefined) this.#connection.heartbeat.lastSeenAt = this.node.world.now()
  }

  /** Answers the request that wanted to become a connection. */
  protected abstract refuse(told: DisconnectFrame): void
  /** Sends what waits, and ends. */
  protected abstract finish(): void

  /** The peer went away without a word. */
  protected vanished(): void {
    this.#closing = true
    this.upstream.close()
    if (this.#connection !== undefined)
      this.node.feed(this.#connection, { type: 'ended', code: 1006, reason: '', by: 'network' })
  }

  /** Nothing is left of it. */
  protected leave(): void {
    if (this.#left) return
    this.#left = true
    this.#gone(this)
  }

  #posted(frame: unknown): void {
    if (this.#connection !== undefined) this.node.posted(this.#connection, frame, sizeOf(frame))
  }
}

/** Bytes of a value as JSON. What is nested too deep to be written is refused for that; it counts as the largest there may be. */
function sizeOf(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value))
  } catch {
    return LIMITS.hardFrameBytes.value
  }
}
