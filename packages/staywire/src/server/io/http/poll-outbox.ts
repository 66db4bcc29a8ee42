// What waits for the next poll of one connection: the batch that was sent and not acknowledged yet, then everything after it.
// Bounded in bytes; overflow is told, never absorbed.

import { LIMITS } from '../../../protocol/limits.ts'
import type { Outbox } from '../../connection/link.ts'
import type { EncodedFrame, FrameEncoder } from '../../hub/encoded-frame.ts'
import type { WriterOwner } from '../socket-writer.ts'

/** A frame as it stands in an answer: its JSON; of several in one message, each by itself. */
const pollEncoder: FrameEncoder = { encode: (text) => Buffer.from(text.startsWith('[') ? text.slice(1, -1) : text) }

const COMMA = pollEncoder.encode(',')
const TAIL = pollEncoder.encode(']}')

/** Frames on their way. */
interface PollBatch {
  readonly seq: number
  readonly bytes: number
  readonly answer: Buffer
}

export class PollOutbox implements Outbox {
  readonly #owner: WriterOwner
  readonly #maxBytes: number
  readonly #filled: () => void
  /** Bytes of frames that were put into answers, since the start. */
  sentBytes = 0
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #sent: PollBatch | undefined
  #seq = 0
  /** Bytes the peer asked for itself (recovery): they do not count against it until all was taken. */
  #allowance = 0
  #stopped = false
  batches = false
  #drained: (() => void)[] = []

  /** `filled` is told when there is something to be polled; possibly in the middle of a fan-out. */
  constructor(maxBytes: number, owner: WriterOwner, filled: () => void) {
    this.#maxBytes = maxBytes
    this.#owner = owner
    this.#filled = filled
  }

  get bytes(): number {
    return this.#waitingBytes + (this.#sent?.bytes ?? 0)
  }

  /** The number of the last batch that was acknowledged or, while nothing is, of the one before the first. */
  get acknowledged(): number {
    return this.#sent === undefined ? this.#seq : this.#sent.seq - 1
  }

  /** Whether nothing waits beyond the batch that is on its way. */
  get drained(): boolean {
    return this.#waiting.length === 0
  }

  send(frame: EncodedFrame): void {
    if (this.#stopped) return
    if (frame.droppable && this.bytes > this.#maxBytes / 2) return this.#owner.dropped(frame)
    const bytes = frame.bytes(pollEncoder)
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.byteLength
    if (this.bytes > this.#maxBytes + this.#allowance) return this.#overflow()
    this.#filled()
  }

  sendRequested(frame: EncodedFrame): void {
    const waiting = this.bytes
    // As at a socket: what was taken is allowed no more, and nobody may ask for more and more and take none of it.
    if (waiting < LIMITS.recoveryInFlightBytes.value)
      this.#allowance = Math.min(this.#allowance, waiting) + frame.bytes(pollEncoder).byteLength
    this.send(frame)
  }

  whenDrained(then: () => void): void {
    if (this.bytes === 0) then()
    else this.#drained.push(then)
  }

  /** Takes nothing more; what waits can still be polled. */
  stop(): void {
    this.#stopped = true
  }

  /** The client has every batch up to this one. Answers whether that can be. */
  acknowledge(seq: number): boolean {
    if (seq !== this.#seq && seq !== this.acknowledged) return false
    if (this.#sent === undefined || seq < this.#sent.seq) return true
    this.#sent = undefined
    if (this.#waitingBytes > 0) return true
    this.#allowance = 0
    for (const then of this.#drained.splice(0)) then()
    return true
  }

  /** The body of an answer: the batch that is not acknowledged yet, else the next one; `undefined` when nothing waits. */
  take(): Uint8Array | undefined {
    if (this.#sent === undefined && this.#waiting.length > 0) this.#sent = this.#next()
    return this.#sent?.answer
  }

  /** The body of an answer without frames. */
  nothing(): string {
    return `{"seq":${this.acknowledged},"frames":[]}`
  }

  #next(): PollBatch {
    const frames: Uint8Array[] = []
    let bytes = 0
    for (const frame of this.#waiting) {
      if (frames.length > 0 && bytes + frame.byteLength > LIMITS.pollBatchBytes.value) break
      frames.push(frame)
      bytes += frame.byteLength
    }
    this.#waiting.splice(0, frames.length)
    this.#waitingBytes -= bytes
    this.sentBytes += bytes
    const seq = ++this.#seq
    const parts = frames.flatMap((frame, index) => (index === 0 ? [frame] : [COMMA, frame]))
    return { seq, bytes, answer: Buffer.concat([Buffer.from(`{"seq":${seq},"frames":[`), ...parts, TAIL]) }
  }

  #overflow(): void {
    this.#stopped = true
    this.#waiting = []
    this.#waitingBytes = 0
    this.#owner.overflowed()
  }
}
