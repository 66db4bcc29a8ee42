// What clients without a WebSocket have in common: the connection begins with the first thing said, and everything later goes up
// in numbered bodies, one at a time.

import { Conversation, type Wire } from '../../conformance/harness/conversation.ts'

/** The credentials of a connection, as every request of it carries them. */
export interface Credentials {
  readonly connection: string
  readonly session: string
  readonly secret: string
}

export abstract class HttpPeer extends Conversation {
  /** What the first request was answered with; 0 before. */
  status = 0
  /** Statuses of the bodies that were sent. */
  readonly posted: number[] = []
  protected readonly url: string
  protected readonly abort = new AbortController()
  readonly #headers: Readonly<Record<string, string>>
  readonly #query: string
  #credentials: Credentials | undefined
  #begun = false
  #seq = 0
  readonly #queue: string[] = []
  #sending = false
  #told: { code: number; reason: string } | undefined

  /** `query` goes with every URL. */
  constructor(url: string, headers: Readonly<Record<string, string>> = {}, query = '') {
    super()
    this.#query = query
    this.url = url
    this.#headers = headers
  }

  get credentials(): Credentials {
    if (this.#credentials === undefined) throw new Error('It is not connected.')
    return this.#credentials
  }

  send(what: object | string): void {
    const text = typeof what === 'string' ? what : JSON.stringify(what)
    if (!this.#begun) {
      this.#begun = true
      void this.begin(text)
      return
    }
    // Text that is no JSON is still something in a body that is.
    this.#queue.push(typeof what === 'string' && !isJson(what) ? JSON.stringify(what) : text)
    void this.#pump()
  }

  drop(): void {
    this.abort.abort()
    this.over({ code: 1006, reason: '' })
  }

  /** Sends one body as it is. */
  async post(path: string, body: unknown): Promise<Response> {
    return fetch(this.url + path + this.#query, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: this.#headers,
      signal: this.abort.signal,
    })
  }

  /** Asks for a connection with these words. */
  protected abstract begin(text: string): Promise<void>

  /** A frame came down. */
  protected frame(frame: Wire): void {
    if (frame.type === 'connected') {
      const { id, secret } = (frame['session'] ?? {}) as { id: string; secret: string }
      this.#credentials = { connection: frame['connection'] as string, session: id, secret }
    }
    if (frame.type === 'disconnect') this.#told = { code: Number(frame['code']), reason: String(frame['reason']) }
    this.heard(frame)
    if (frame.type === 'connected') void this.#pump()
  }

  /** Nothing more comes down: what was told about it counts, else it was answered in good order. */
  protected finished(): void {
    this.over(this.#told ?? { code: 1000, reason: '' })
  }

  async #pump(): Promise<void> {
    if (this.#sending || this.#credentials === undefined) return
    this.#sending = true
    while (this.#queue.length > 0) {
      const frames = this.#queue.splice(0).join(',')
      const head = JSON.stringify({ ...this.#credentials, seq: ++this.#seq }).slice(0, -1)
      try {
        const response = await this.post('/frames', `${head},"frames":[${frames}]}`)
        this.posted.push(response.status)
        await response.text()
      } catch {
        break
      }
    }
    this.#sending = false
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
