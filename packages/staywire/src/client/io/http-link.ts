// A link for networks that let no WebSocket through: frames come down in an event stream or in answers to polls, and go up in
// the bodies of requests. Knows of frames only the one that tells it its credentials, and what refuses it.

import type { Transport } from '../api.ts'
import type { Link, LinkListener } from '../world.ts'
import type { Ending } from '../connection/ending.ts'
import { decodeServerFrame } from '../../protocol/server-frame.ts'
import type { Log } from './debug.ts'
import type { Down } from './down.ts'
import { readPolls } from './poll.ts'
import { readStream } from './sse.ts'
import { Upstream } from './upstream.ts'
import { requestUrl } from './url.ts'

/** How long what says goodbye may take before it is cut off. */
const FAREWELL_MS = 1_000

const WAYS = { sse: readStream, poll: readPolls }
const scope = globalThis as Partial<Pick<Window, 'addEventListener' | 'removeEventListener'>>

/** Opens one: the first text that is sent asks for the connection. PROTOCOL.md, POST, SSE and POLL. */
export function openHttpLink(
  url: string,
  transport: Exclude<Transport, 'websocket'>,
  listener: LinkListener,
  log: Log | undefined,
): Link {
  return new HttpLink(url, WAYS[transport], listener, log)
}

class HttpLink implements Link, Down {
  readonly #url: string
  readonly #way: (typeof WAYS)[keyof typeof WAYS]
  readonly #listener: LinkListener
  readonly #log: Log | undefined
  readonly #abort = new AbortController()
  readonly #upstream = new Upstream(
    (body) => this.#request('frames', body),
    (ending) => this.#end(ending),
  )
  #begun = false
  #over = false

  constructor(url: string, way: (typeof WAYS)[keyof typeof WAYS], listener: LinkListener, log: Log | undefined) {
    this.#url = url
    this.#way = way
    this.#listener = listener
    this.#log = log
    scope.addEventListener?.('pagehide', this.#putAway)
    // Not before its owner holds it.
    queueMicrotask(() => this.#over || listener.opened())
  }

  get credentials(): string {
    return this.#upstream.credentials
  }

  send(text: string): void {
    this.#log?.('→', text)
    if (this.#begun) return this.#upstream.send(text)
    this.#begun = true
    this.#way(this, text).then(
      (ending) => this.#end(ending),
      ({ message }: Error) => this.#end({ reason: message, unreached: true }),
    )
  }

  /** What was sent before may be a goodbye: it is given a moment. */
  abandon(): void {
    this.#end()
    const cut = (): void => this.#abort.abort()
    if (!this.#upstream.busy) return cut()
    setTimeout(cut, FAREWELL_MS)
    void this.#upstream.rest().then(cut)
  }

  async post(below: string, body: string): Promise<Response> {
    if (this.#over) throw new DOMException('abandoned', 'AbortError')
    return this.#request(below, body)
  }

  frame(text: string): void {
    if (this.#over) return
    this.#log?.('←', text)
    if (!this.credentials) {
      const frame = decodeServerFrame(text)
      if (frame?.type === 'connected') this.#upstream.connected(frame)
    }
    this.#listener.text(text)
  }

  /** A page that is put away would keep its stream open, and nobody would read it. */
  readonly #putAway = (): void => {
    this.#abort.abort()
    this.#end({ reason: 'the page was put away' })
  }

  #end(ending?: Ending): void {
    if (this.#over) return
    this.#over = true
    scope.removeEventListener?.('pagehide', this.#putAway)
    if (ending) this.#listener.ended(ending)
  }

  #request(below: string, body: string): Promise<Response> {
    const { signal } = this.#abort
    const keepalive = this.#over
    const init = { method: 'POST', body, cache: 'no-store', credentials: 'include', keepalive, signal } as const
    return fetch(requestUrl(this.#url, below), init)
  }
}
