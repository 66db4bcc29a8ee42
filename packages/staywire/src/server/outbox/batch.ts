// What a connection has to send in this tick: a chain of frames that connections with the same frames share, so that a burst
// to a thousand subscribers is joined once, not a thousand times.

import type { EncodedFrame, FrameEncoder } from '../hub/encoded-frame.ts'

/** One or more frames in order. Immutable but for its two memories. Lives for one tick. */
export class Batch {
  readonly frame: EncodedFrame
  /** Bytes of all frames together. */
  readonly size: number
  readonly #before: Batch | undefined
  readonly #chunk: Uint8Array
  #next: Batch | undefined
  #joined: Uint8Array | undefined

  constructor(frame: EncodedFrame, encoder: FrameEncoder, before?: Batch) {
    this.frame = frame
    this.#before = before
    this.#chunk = frame.bytes(encoder)
    this.size = this.#chunk.byteLength + (before?.size ?? 0)
  }

  /** This batch and one frame more. Fan-out appends the same frame to many in a row: they all get the same batch. */
  append(frame: EncodedFrame, encoder: FrameEncoder): Batch {
    if (this.#next?.frame === frame) return this.#next
    return (this.#next = new Batch(frame, encoder, this))
  }

  /** All frames as one piece of bytes. Must not be written to. */
  bytes(encoder: FrameEncoder): Uint8Array {
    if (this.#before === undefined) return this.#chunk
    return (this.#joined ??= this.#join(encoder.room?.(this.size) ?? new Uint8Array(this.size)))
  }

  #join(joined: Uint8Array): Uint8Array {
    let end = this.size
    for (let batch: Batch | undefined = this; batch !== undefined; batch = batch.#before) {
      end -= batch.#chunk.byteLength
      joined.set(batch.#chunk, end)
    }
    return joined
  }
}
