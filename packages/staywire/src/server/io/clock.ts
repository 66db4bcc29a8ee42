// The time of a server: a clock that never jumps, the wall clock, and the one interval that drives everything with a time of
// its own. After a stall it lets the event loop read what has arrived before anybody is judged by the clock.

/** Read once: the getter costs more than the clock. */
const { timeOrigin } = performance

/** Milliseconds near to Unix time, of a clock that never jumps. */
export function steadyNow(): number {
  return timeOrigin + performance.now()
}

/** A tick later than this by so much is a stall. */
const STALL_MS = 500

/** Calls `onTick` every `tickMs`. Does not keep the process alive. */
export class Ticker {
  readonly #tickMs: number
  readonly #onTick: () => void
  readonly #timer: NodeJS.Timeout
  #last = steadyNow()
  #resting = false

  constructor(tickMs: number, onTick: () => void) {
    this.#tickMs = tickMs
    this.#onTick = onTick
    this.#timer = setInterval(() => this.#tick(), tickMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#resting = true
  }

  #tick(): void {
    if (this.#resting) return
    const now = steadyNow()
    const lateMs = now - this.#last - this.#tickMs
    this.#last = now
    if (lateMs < STALL_MS) return this.#onTick()
    // Sockets are read between timers and immediates; the second turn reads what the first one set free.
    this.#resting = true
    setImmediate(() => setImmediate(() => setImmediate(() => this.#resume())))
  }

  #resume(): void {
    this.#resting = false
    this.#last = steadyNow()
    this.#onTick()
  }
}
