// What a client without a WebSocket sends: bodies of frames, numbered, one after the other. A body that comes again is not
// executed again; while the connection's machine is not reading, what has come waits here.

/** What became of a body. `repeated` = executed before; `closed` = the connection ended before all of it was; `early` = one is still under way, or one is missing. */
export type Posted = 'executed' | 'repeated' | 'early' | 'closed'

/** The way up of one connection. */
export class Upstream {
  readonly #take: (frame: unknown) => void
  #seq = 0
  #running: Promise<Posted> | undefined
  #paused = false
  #closed = false
  #go: (() => void) | undefined

  /** `take` is given one frame after the other. */
  constructor(take: (frame: unknown) => void) {
    this.#take = take
  }

  /** The number that the next body must have. */
  get next(): number {
    return this.#seq + 1
  }

  /** Takes a body. PROTOCOL.md, POST-4 to POST-6. */
  async post(seq: number, frames: readonly unknown[]): Promise<Posted> {
    if (seq <= this.#seq) {
      const before = await this.#running
      return before === 'closed' ? 'closed' : 'repeated'
    }
    if (seq !== this.next || this.#running !== undefined) return 'early'
    this.#seq = seq
    this.#running = this.#execute(frames)
    const posted = await this.#running
    this.#running = undefined
    return posted
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#wake()
  }

  /** Nothing is taken any more. */
  close(): void {
    this.#closed = true
    this.#wake()
  }

  async #execute(frames: readonly unknown[]): Promise<Posted> {
    for (const frame of frames) {
      while (this.#paused && !this.#closed) await new Promise<void>((resolve) => (this.#go = resolve))
      if (this.#closed) return 'closed'
      this.#take(frame)
    }
    return 'executed'
  }

  #wake(): void {
    this.#go?.()
    this.#go = undefined
  }
}
