// Bounds what a stranger sends before the first message is whole: pieces of a message that never ends would be kept as long as the
// transport reads at all. It reads nothing of it.

import type { Duplex } from 'node:stream'

/** Counts what arrives on `socket`, beginning now, and calls `exceeded` once when it is more than `maxBytes`. Returns how to stop. */
export function boundFirstMessage(socket: Duplex, maxBytes: number, exceeded: () => void): () => void {
  let left = maxBytes
  const count = (chunk: Buffer): void => {
    // A listener that is taken off in the middle of an event is called once more.
    if (left < 0) return
    left -= chunk.length
    if (left >= 0) return
    stop()
    exceeded()
  }
  const stop = (): void => {
    left = -1
    socket.off('data', count)
  }
  socket.on('data', count)
  return stop
}
