// Signals in one process: what is sent comes back, as this node is all nodes.

import type { Signal, SignalMessage } from '../broker.ts'

/** Hands each message to the listener of the same process. */
export class MemorySignal implements Signal {
  #listener: ((message: SignalMessage) => void) | undefined

  listen(listener: (message: SignalMessage) => void): void {
    this.#listener = listener
  }

  send(message: SignalMessage): Promise<void> {
    this.#listener?.(message)
    return Promise.resolve()
  }
}
