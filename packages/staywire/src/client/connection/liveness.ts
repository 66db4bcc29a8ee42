// Whether the other side of one connection still lives, judged by the wall clock. Decides nothing about what follows.

/** What is allowed for latency on top of interval and timeout. PROTOCOL.md, HB-6. */
const MARGIN_MS = 2_000
/** How long the answer to a probe may take; with the way to it, a dead link is found within 3 s. PROTOCOL.md, HB-7. */
const PROBE_TIMEOUT_MS = 2_500

/** Watches one connection from `connected` on. */
export class Liveness {
  /** Longest silence that is still a living connection. Without a heartbeat (interval 0) there is no limit. */
  readonly limitMs: number
  /** Round trip of the last ping that was answered. */
  rttMs: number | undefined
  #heardAt: number
  #pingedAt: number | undefined
  #probeUntil: number | undefined

  constructor(heartbeat: { readonly intervalMs: number; readonly timeoutMs: number }, now: number) {
    this.limitMs = heartbeat.intervalMs > 0 ? heartbeat.intervalMs + heartbeat.timeoutMs + MARGIN_MS : Infinity
    this.#heardAt = now
  }

  /** When the connection counts as dead if nothing is heard until then. A probe goes before the heartbeat, which may be long overdue. */
  get dueAt(): number {
    return this.#probeUntil ?? this.#heardAt + this.limitMs
  }

  /** In words, what speaks against the link once `dueAt` has come. */
  get doubt(): string {
    return this.#probeUntil === undefined ? `nothing was heard for ${this.limitMs} ms` : `a ping was not answered within ${PROBE_TIMEOUT_MS} ms`
  }

  /** Anything at all arrived. */
  heard(now: number): void {
    this.#heardAt = now
    this.#probeUntil = undefined
  }

  /** A ping goes out for its round trip alone. */
  pinged(now: number): void {
    this.#pingedAt = now
  }

  /** A ping goes out whose answer is awaited: the link is in doubt. */
  probed(now: number): void {
    this.pinged(now)
    this.#probeUntil = now + PROBE_TIMEOUT_MS
  }

  /** A pong arrived. */
  ponged(now: number): void {
    if (this.#pingedAt === undefined) return
    this.rttMs = now - this.#pingedAt
    this.#pingedAt = undefined
  }
}
