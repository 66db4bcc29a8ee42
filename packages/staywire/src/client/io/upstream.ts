// What a link without a WebSocket sends: frames in numbered bodies, one request at a time, each repeated until it is answered.
// PROTOCOL.md, POST-3 to POST-6.

import type { Ending } from '../connection/ending.ts'
import type { ConnectedFrame } from '../../protocol/frame.ts'

/** Failures of one request after which there is no way. Few: a connection that is dialled again resumes, and a server that died is back soon. */
export const TRIES = 3
/** The wait before a request is repeated; doubled each time, and jittered. */
export const AGAIN_MS = 200
/** Most characters of frames in one body, a longer frame aside. */
const BODY_CHARS = 32_768

/** The way up of one link. */
export class Upstream {
  /** As JSON without the closing brace; empty before `connected`. */
  credentials = ''
  readonly #post: (body: string) => Promise<Response>
  readonly #failed: (ending: Ending) => void
  readonly #queue: string[] = []
  #seq = 0
  #pump: Promise<void> | undefined

  constructor(post: (body: string) => Promise<Response>, failed: (ending: Ending) => void) {
    this.#post = post
    this.#failed = failed
  }

  /** Whether anything is not answered yet. */
  get busy(): boolean {
    return !!this.#pump
  }

  /** Resolves when everything is answered, or nothing more can be. */
  async rest(): Promise<void> {
    await this.#pump
  }

  /** The server has told whose requests they will be. */
  connected({ connection, session }: ConnectedFrame): void {
    const all = { connection, session: session?.id, secret: session?.secret }
    this.credentials = JSON.stringify(all).slice(0, -1)
  }

  send(text: string): void {
    this.#queue.push(text)
    // What is sent in one turn travels in one body.
    this.#pump ??= Promise.resolve().then(() => this.#run())
  }

  async #run(): Promise<void> {
    try {
      while (this.#queue.length)
        await this.#deliver(`${this.credentials},"seq":${++this.#seq},"frames":[${this.#take()}]}`)
    } catch (error) {
      this.#failed({ reason: (error as Error).message })
    }
    this.#pump = undefined
  }

  #take(): string {
    let text = this.#queue.shift() ?? ''
    for (let next = this.#queue[0]; next && text.length + next.length < BODY_CHARS; next = this.#queue[0]) {
      text += `,${next}`
      this.#queue.shift()
    }
    return text
  }

  /** A body whose answer was lost is not executed again. */
  async #deliver(body: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      const status = await this.#attempt(body)
      if (status === 200) return
      // The way down tells why there is no such connection any more, unless it is dead.
      if (status === 410) await pause(AGAIN_MS * 5)
      if (tries === TRIES || (status >= 400 && status < 500))
        throw new Error(`frames were answered with status ${status}`)
      await pause(AGAIN_MS * 2 ** tries * Math.random())
    }
  }

  /** The status of the answer; 0 without one. */
  async #attempt(body: string): Promise<number> {
    try {
      const response = await this.#post(body)
      await response.text()
      return response.status
    } catch (error) {
      if ((error as Error).name === 'AbortError') throw error
      return 0
    }
  }
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
