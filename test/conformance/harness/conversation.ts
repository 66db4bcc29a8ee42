// One side of a conversation with a server, whatever carries it: every frame and the end that came, in order, to be taken by a
// test. It answers nothing by itself, not even pings.

/** A frame as it came, unchecked. */
export type Wire = { readonly type: string; readonly [field: string]: unknown }

/** What the server closed with. */
export interface Ending {
  readonly code: number
  readonly reason: string
}

const PATIENCE_MS = 15_000

export abstract class Conversation {
  /** Resolves with the close; never rejects. */
  readonly ended: Promise<Ending>
  /** Frames that came and were not taken yet, oldest first. */
  readonly inbox: Wire[] = []
  /** The announcements of the user's own channel (CONN-12), kept apart: they come whenever they come. */
  readonly own: Wire[] = []
  #waiting: (() => void)[] = []
  #lastId = 1_000
  #gone: Ending | undefined
  #end: (ending: Ending) => void = () => undefined

  constructor() {
    this.ended = new Promise((resolve) => (this.#end = resolve))
  }

  /** Sends an object as JSON, a string as it is. */
  abstract send(what: object | string): void
  /** Vanishes without a word. */
  abstract drop(): void

  /** Sends a frame with an id of its own, and returns the answer that carries it. */
  async ask(frame: { readonly type: string; readonly [field: string]: unknown }): Promise<Wire> {
    const id = ++this.#lastId
    this.send({ ...frame, id })
    return this.take((answer) => answer['id'] === id)
  }

  /** Takes the first frame of a type (or that fits) out of the inbox, waiting for it. Rejects when the connection ends first. */
  async take(what: string | ((frame: Wire) => boolean)): Promise<Wire> {
    const fits = typeof what === 'string' ? (frame: Wire) => frame.type === what : what
    const wanted = typeof what === 'string' ? `"${what}"` : 'the answer'
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const index = this.inbox.findIndex(fits)
      if (index >= 0) return this.inbox.splice(index, 1)[0] as Wire
      if (this.#gone !== undefined)
        throw new Error(`Ended with ${this.#gone.code} before ${wanted}; had ${JSON.stringify(this.inbox)}`)
      if (Date.now() >= deadline)
        throw new Error(`No ${wanted} within ${PATIENCE_MS} ms; had ${JSON.stringify(this.inbox)}`)
      await this.#change(deadline - Date.now())
    }
  }

  /** Takes the next frame, whatever it is. */
  next(): Promise<Wire> {
    return this.take(() => true)
  }

  /** Takes everything that came before the server answered a ping sent now. */
  async settle(): Promise<Wire[]> {
    this.send({ type: 'ping' })
    await this.take('pong')
    return this.inbox.splice(0)
  }

  /** A frame came. */
  protected heard(frame: Wire): void {
    const own =
      frame.type === 'subscribed' && frame['id'] === undefined && String(frame['channel']).startsWith('@user:')
    ;(own ? this.own : this.inbox).push(frame)
    this.#wake()
  }

  /** It is over. */
  protected over(ending: Ending): void {
    this.#gone ??= ending
    this.#end(this.#gone)
    this.#wake()
  }

  #change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs)
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
