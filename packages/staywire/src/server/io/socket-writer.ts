// The only way to a connection's socket: a bounded outbox that makes one write per tick. Overflow is told, never absorbed.

import { LIMITS } from '../../protocol/limits.ts'
import type { Batch } from '../outbox/batch.ts'
import type { EncodedFrame } from '../hub/encoded-frame.ts'
import type { WriteTick } from './write-tick.ts'

/** Where a writer puts bytes: a socket, or what stands before one. */
export interface ByteTarget {
  readonly writableLength: number
  readonly writableNeedDrain: boolean
  write(bytes: Uint8Array): boolean
  once(event: 'drain', then: () => void): unknown
}

/** Whom a writer tells about pressure: its connection. */
export interface WriterOwner {
  /** The outbox would exceed its limit. Told once; nothing is sent any more. May be told in the middle of a fan-out. */
  overflowed(): void
  /** A droppable frame was left out because the peer reads slowly. */
  dropped(frame: EncodedFrame): void
}

/**
 * A turn that brings more than this is written before its end: a socket that takes it is not held up by how much one turn publishes, and
 * what is joined in one piece stays small.
 */
const EARLY_BYTES = 65_536

/** The outbox of one connection: the batch of this tick, then what the socket has not got rid of. */
export class SocketWriter {
  readonly #socket: ByteTarget
  readonly #tick: WriteTick
  readonly #owner: WriterOwner
  readonly #maxBytes: number
  readonly #earlyBytes: number
  /** Bytes that were written, since the start. */
  sentBytes = 0
  #pending: Batch | undefined
  /** Bytes the peer asked for itself (recovery): they do not count against it until the socket has drained. */
  #allowance = 0
  #stopped = false
  batches = false

  /** `maxBytes` bounds what waits towards the peer. */
  constructor(socket: ByteTarget, tick: WriteTick, owner: WriterOwner, maxBytes: number) {
    this.#socket = socket
    this.#tick = tick
    this.#owner = owner
    this.#maxBytes = maxBytes
    this.#earlyBytes = Math.min(EARLY_BYTES, maxBytes)
  }

  /** Bytes that wait: in this tick's batch and in the socket. */
  get bytes(): number {
    return (this.#pending?.size ?? 0) + this.#socket.writableLength
  }

  /** Sends a frame at the end of this turn. The hot path of fan-out. */
  send(frame: EncodedFrame): void {
    if (this.#stopped) return
    if (frame.droppable && this.bytes > this.#maxBytes / 2) {
      this.#owner.dropped(frame)
      return
    }
    const pending = this.#pending
    const batch = pending === undefined ? this.#tick.begin(this, frame) : pending.append(frame, this.#tick.encoder)
    this.#pending = batch
    if (batch.size > this.#earlyBytes) this.flush()
  }

  /**
   * Sends a frame the peer asked for: it counts as slowness of the peer only when very much waits already, as nobody may ask for more and
   * more and read none of it. Pace these by `bytes` and `whenDrained`.
   */
  sendRequested(frame: EncodedFrame): void {
    const waiting = this.bytes
    // What was allowed and has been read is allowed no more: else many small answers would add up to room for anything.
    if (waiting < LIMITS.recoveryInFlightBytes.value)
      this.#allowance = Math.min(this.#allowance, waiting) + frame.bytes(this.#tick.encoder).byteLength
    this.send(frame)
  }

  /** Writes what is pending now, in one piece. */
  flush(): void {
    const batch = this.#pending
    if (batch === undefined) return
    this.#pending = undefined
    const queued = this.#socket.writableLength
    if (queued === 0 && this.#allowance > 0) this.#allowance = Math.min(this.#allowance, batch.size)
    if (queued + batch.size > this.#maxBytes + this.#allowance) return this.#overflow()
    this.sentBytes += batch.size
    this.#socket.write(batch.bytes(this.#tick.encoder))
  }

  /** Calls `then` once, when the socket has taken all that waits (at once if nothing does). */
  whenDrained(then: () => void): void {
    this.flush()
    if (this.#socket.writableNeedDrain) this.#socket.once('drain', then)
    else then()
  }

  /** Sends nothing from now on; what is pending is written first unless `discard`. */
  stop(discard = false): void {
    if (this.#stopped) return
    if (!discard) this.flush()
    this.#stopped = true
    this.#pending = undefined
  }

  #overflow(): void {
    if (this.#stopped) return
    this.stop(true)
    this.#owner.overflowed()
  }
}
