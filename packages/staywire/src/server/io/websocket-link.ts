// One WebSocket as a connection's link: `ws` reads and does the close handshake, everything sent goes through the writer.

import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { CLOSE } from '../../protocol/close-code.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { Connection } from '../connection/connection.ts'
import type { Approach, Link } from '../connection/link.ts'
import type { EncodedFrame } from '../hub/encoded-frame.ts'
import type { Node } from '../node/node.ts'
import { boundFirstMessage } from './first-message.ts'
import { SocketWriter, type WriterOwner } from './socket-writer.ts'
import type { WriteTick } from './write-tick.ts'

/** A `ws` socket that knows its link, so that its listeners are shared by all and none is a closure. */
export class LinkedSocket extends WebSocket {
  link: WebSocketLink | undefined
}

/** How long a stranger who says too much may take to close: the reason is on its way, and nothing of theirs is worth keeping. */
const STRANGER_GRACE_MS = 100
/** What the heads of the frames of a first message may take, on top of what is in them (RFC 6455 §5.2: at most 14 bytes each). */
const HEADS_BYTES = 1_024

/** The channel of a publication frame or several, to tell which was dropped. */
const CHANNEL = /^\[?\{"type":"publication","channel":"([^"]+)"/

export class WebSocketLink implements Link, WriterOwner {
  readonly transport = 'websocket'
  readonly outbox: SocketWriter
  readonly #socket: LinkedSocket
  readonly #node: Node
  readonly #gone: (socket: LinkedSocket) => void
  #connection: Connection | undefined
  #closing = false
  readonly #raw: Duplex
  #said: (() => void) | undefined

  /** Takes over a socket that was upgraded. `gone` is told when nothing is left of it. */
  constructor(socket: LinkedSocket, raw: Duplex, tick: WriteTick, node: Node, gone: (socket: LinkedSocket) => void) {
    this.#socket = socket
    this.#node = node
    this.#gone = gone
    this.#raw = raw
    this.outbox = new SocketWriter(raw, tick, this, node.settings.limits.outboxBytes)
    socket.link = this
    socket.on('message', onMessage)
    socket.on('ping', onPing)
    socket.on('pong', onPong)
    socket.on('error', onError)
    socket.on('close', onClose)
  }

  /** Becomes the link of a connection of its node. */
  open(approach: Approach): void {
    const connection = (this.#connection = this.#node.accept(this, approach))
    if (connection.phase !== 'awaiting') return
    this.#said = boundFirstMessage(this.#raw, LIMITS.connectFrameBytes.value + HEADS_BYTES, () => {
      this.#node.close(connection, CLOSE.frameTooLarge)
      this.#socket.pause()
      setTimeout(() => this.#socket.terminate(), STRANGER_GRACE_MS).unref()
    })
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  ping(): void {
    this.#socket.ping()
  }

  close(code: number, reason: string): void {
    if (this.#closing) return
    this.#closing = true
    this.outbox.stop()
    // A paused socket would not see the answer to its close frame.
    this.#socket.resume()
    this.#socket.close(code, reason)
    if (code === CLOSE.connectTimeout.code)
      setTimeout(() => this.#socket.terminate(), this.#node.settings.silence.graceMs).unref()
  }

  overflowed(): void {
    if (this.#connection !== undefined) this.#node.overflowed(this.#connection)
  }

  dropped(frame: EncodedFrame): void {
    const connection = this.#connection?.id ?? ''
    const channel = CHANNEL.exec(frame.text)?.[1] ?? ''
    for (let n = 0; n < frame.count; n++) this.#node.reporting.report({ type: 'dropped', connection, channel })
  }

  /** A message was read. Nothing is taken from who is being closed. */
  message(data: Buffer, binary: boolean): void {
    if (this.#closing || this.#connection === undefined) return
    this.#said?.()
    this.#said = undefined
    if (binary) this.#node.feed(this.#connection, { type: 'binary' })
    else this.#node.received(this.#connection, data.toString(), data.length)
  }

  heard(): void {
    if (this.#connection !== undefined) this.#node.feed(this.#connection, { type: 'heard' })
  }

  ponged(): void {
    if (this.#connection !== undefined) this.#node.feed(this.#connection, { type: 'pong' })
  }

  /** The peer broke RFC 6455 or a limit of the transport: `ws` closes by itself, with this code. */
  broke(code: number): void {
    const stranger = (this.#connection?.connectedAt ?? 0) === 0
    this.#over(code, '', 'server')
    // After this ws would go on reading, for as long as the peer may take to close, and keep what it has of the message. A stranger is
    // owed no more than the close frame, which is written by now.
    process.nextTick(() => (stranger ? this.#socket.terminate() : this.#socket.pause()))
  }

  /** Nothing is left of the socket. */
  ended(code: number, reason: string): void {
    this.#over(code, reason, code === 1006 ? 'network' : 'client')
    this.#gone(this.#socket)
  }

  #over(code: number, reason: string, by: 'server' | 'client' | 'network'): void {
    this.#closing = true
    this.outbox.stop(true)
    if (this.#connection !== undefined) this.#node.feed(this.#connection, { type: 'ended', code, reason, by })
  }
}

function onMessage(this: WebSocket, data: unknown, binary: boolean): void {
  ;(this as LinkedSocket).link?.message(data as Buffer, binary)
}

function onPing(this: WebSocket): void {
  ;(this as LinkedSocket).link?.heard()
}

function onPong(this: WebSocket): void {
  ;(this as LinkedSocket).link?.ponged()
}

function onError(this: WebSocket, error: Error & { readonly code?: string }): void {
  ;(this as LinkedSocket).link?.broke(violationCode(error.code))
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  ;(this as LinkedSocket).link?.ended(code, reason.toString())
}

/** The close code (RFC 6455 §7.4.1) that `ws` answers an error of its own with. */
function violationCode(code: string | undefined): number {
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || code === 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH') return 1009
  if (code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') return 1008
  return code === 'WS_ERR_INVALID_UTF8' ? 1007 : 1002
}
