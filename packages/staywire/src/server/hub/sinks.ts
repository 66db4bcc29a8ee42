// Who a channel is delivered to. Most channels have one subscriber, often one for each connection: a lone one is kept without a set,
// which would be larger than all else that there is of such a channel. It knows nothing of joining or gathering.

import type { EncodedFrame } from './encoded-frame.ts'

/** Where the hub hands frames: a connection. */
export interface Sink {
  /** Puts a frame in the connection's outbox. Must not throw and must not call back into the hub. */
  send(frame: EncodedFrame): void
  /** Whether it takes several frames in one message. */
  readonly batches?: boolean
}

/** Sinks, each once. */
export class Sinks {
  #lone: Sink | undefined
  /** All of them, from the second on until nobody is left. */
  #set: Set<Sink> | undefined

  /** How many there are. */
  get size(): number {
    if (this.#set !== undefined) return this.#set.size
    return this.#lone === undefined ? 0 : 1
  }

  /** All of them, in the order they came in. */
  get all(): Iterable<Sink> {
    if (this.#set !== undefined) return this.#set
    return this.#lone === undefined ? [] : [this.#lone]
  }

  add(sink: Sink): void {
    if (this.#set !== undefined) this.#set.add(sink)
    else if (this.#lone === undefined) this.#lone = sink
    else if (this.#lone !== sink) {
      this.#set = new Set([this.#lone, sink])
      this.#lone = undefined
    }
  }

  /** Takes one out; answers whether it was in. */
  delete(sink: Sink): boolean {
    if (this.#set === undefined) {
      if (this.#lone !== sink) return false
      this.#lone = undefined
      return true
    }
    const was = this.#set.delete(sink)
    if (this.#set.size === 0) this.#set = undefined
    return was
  }

  /** Hands a frame to each. The hot path of fan-out. */
  send(frame: EncodedFrame): void {
    if (this.#set === undefined) this.#lone?.send(frame)
    else for (const sink of this.#set) sink.send(frame)
  }
}
