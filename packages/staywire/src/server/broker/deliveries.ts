// Tells the one listener of a log what was stored, one after another: what is appended from inside a delivery waits for its turn, so
// that every subscriber sees the same order.

import type { StoredPublication } from '../../protocol/codec.ts'
import type { LogListener } from './broker.ts'

/** The way from a log to its listener. Without one, what is stored is told to nobody. */
export class Deliveries {
  #listener: LogListener | undefined
  #telling = false
  readonly #waiting: { channel: string | undefined; publication: StoredPublication | undefined }[] = []

  listen(listener: LogListener): void {
    this.#listener = listener
  }

  deliver(channel: string, publication: StoredPublication): void {
    this.#tell(channel, publication)
  }

  discontinued(channel: string | undefined): void {
    this.#tell(channel, undefined)
  }

  #tell(channel: string | undefined, publication: StoredPublication | undefined): void {
    if (this.#telling) {
      this.#waiting.push({ channel, publication })
      return
    }
    this.#telling = true
    try {
      this.#tellNow(channel, publication)
      for (const next of this.#waiting) this.#tellNow(next.channel, next.publication) // grows while it is walked
    } finally {
      this.#telling = false
      this.#waiting.length = 0
    }
  }

  #tellNow(channel: string | undefined, publication: StoredPublication | undefined): void {
    if (channel !== undefined && publication !== undefined) this.#listener?.deliver(channel, publication)
    else this.#listener?.discontinued(channel)
  }
}
