// The body of an answer that streams. Where the socket is the answer's alone, bytes go straight to it: what Node's own chunking
// would do for each stream is done once for all. It holds the status back until the first byte.

import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import type { ByteTarget } from '../socket-writer.ts'

export class StreamBody implements ByteTarget {
  /** Whether bytes must be chunks already. */
  readonly chunked: boolean
  readonly #response: ServerResponse
  readonly #target: Writable
  #begun = false

  constructor(response: ServerResponse) {
    this.#response = response
    const socket = ownSocket(response)
    this.chunked = socket !== undefined
    this.#target = socket ?? response
  }

  get writableLength(): number {
    return this.#target.writableLength
  }

  get writableNeedDrain(): boolean {
    return this.#target.writableNeedDrain
  }

  write(bytes: Uint8Array, taken?: (error?: Error | null) => void): boolean {
    if (this.#begun) return this.#target.write(bytes, taken)
    this.#begun = true
    if (!this.chunked) return this.#target.write(bytes, taken)
    this.#target.cork()
    this.#response.setHeader('Transfer-Encoding', 'chunked')
    this.#response.flushHeaders()
    const more = this.#target.write(bytes, taken)
    this.#target.uncork()
    return more
  }

  once(event: 'drain', then: () => void): void {
    this.#target.once(event, then)
  }
}

/** The socket, unless an earlier answer (pipelining) or another protocol is still in the way. */
function ownSocket({ socket, req }: ServerResponse): Socket | undefined {
  return socket !== null && req.httpVersion === '1.1' ? socket : undefined
}
