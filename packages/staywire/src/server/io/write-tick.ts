// One write per connection per turn of the event loop: collects what the writers of one transport have to send and flushes them together.

import { Batch } from '../outbox/batch.ts'
import type { EncodedFrame, FrameEncoder } from '../hub/encoded-frame.ts'
import type { SocketWriter } from './socket-writer.ts'

/** Shared by all writers of one kind of transport. */
export class WriteTick {
  readonly encoder: FrameEncoder
  #dirty: SocketWriter[] = []
  #first: Batch | undefined
  readonly #flushAll = (): void => this.#flush()

  constructor(encoder: FrameEncoder) {
    this.encoder = encoder
  }

  /** The batch of a writer that had nothing to send: it is flushed at the end of this turn. */
  begin(writer: SocketWriter, frame: EncodedFrame): Batch {
    if (this.#dirty.push(writer) === 1) setImmediate(this.#flushAll)
    if (this.#first?.frame !== frame) this.#first = new Batch(frame, this.encoder)
    return this.#first
  }

  #flush(): void {
    const dirty = this.#dirty
    this.#dirty = []
    this.#first = undefined
    for (const writer of dirty) writer.flush()
  }
}
