// When to ping one connection and when to call it dead. Knows no frames and no sockets; activity only stamps a field here,
// and the timing wheel looks at it when it comes due.

/** How dead peers are found, in milliseconds. */
export interface HeartbeatSettings {
  readonly enabled: boolean
  /** Silence in either direction after which to ping. */
  readonly intervalMs: number
  /** How long a pong may take. */
  readonly timeoutMs: number
  /** Pings in a row that may stay unanswered before the peer is dead. */
  readonly maxMissed: number
  /** How much too early a ping may go out, so that a late look at the pong still keeps the promised bound. */
  readonly slackMs: number
}

/** What is to be done now. `missed` = a ping was not answered, which alone is no verdict. */
export type Verdict = 'ping' | 'missed' | 'dead' | undefined

/**
 * What a time is before it is set, where it is set again and again. A field that is a number from the start is written in place; one
 * that was `undefined` first gets a new number on the heap with each write, and the collector a place to look at.
 */
export const NEVER = -Infinity

/** The heartbeat of one connection. Times are Unix milliseconds. */
export class Heartbeat {
  /** When anything was last heard of the peer. */
  lastSeenAt = NEVER
  /** When a control frame was last sent. Fan-out is not stamped: a ping too many is cheaper than a stamp per delivery. */
  lastSentAt = NEVER
  /** When the first ping is due, whatever is heard until then; 0 once it was sent. */
  #firstAt: number
  #pingAt = 0
  #pongAt = 0
  #rttMs = -1
  #missed = 0
  /** Whether the last ping was found unanswered already. */
  #judged = false

  /** The first ping comes at random within the second half of the first interval: `random` is in [0, 1). */
  constructor(settings: HeartbeatSettings, now: number, random: number) {
    this.lastSeenAt = this.lastSentAt = now
    this.#firstAt = now + settings.intervalMs * (0.5 + random / 2)
  }

  get lastPingAt(): number | undefined {
    return this.#pingAt === 0 ? undefined : this.#pingAt
  }

  get lastPongAt(): number | undefined {
    return this.#pongAt === 0 ? undefined : this.#pongAt
  }

  /** Round trip of the last answered ping. */
  get rttMs(): number | undefined {
    return this.#rttMs < 0 ? undefined : this.#rttMs
  }

  /** Pings in a row without a sign of life, as of the last look. */
  get missedPings(): number {
    return this.#unanswered ? this.#missed : 0
  }

  /** A pong came; answers the round trip when it is the answer to the last ping. */
  pong(now: number): number | undefined {
    const first = this.#pongAt < this.#pingAt
    this.#pongAt = now
    return first ? (this.#rttMs = now - this.#pingAt) : undefined
  }

  /** When to look again. */
  dueAt(settings: HeartbeatSettings): number {
    if (!settings.enabled) return Infinity
    return this.#unanswered && !this.#judged ? this.#pingAt + settings.timeoutMs : this.#nextPingAt(settings)
  }

  /** Looks. Sends nothing itself, but remembers the ping it asked for. */
  look(settings: HeartbeatSettings, now: number): Verdict {
    if (now < this.dueAt(settings)) return undefined
    if (!this.#unanswered) this.#missed = 0
    else if (!this.#judged) {
      this.#judged = true
      return ++this.#missed >= settings.maxMissed ? 'dead' : 'missed'
    }
    this.#firstAt = 0
    this.#pingAt = this.lastSentAt = now
    this.#judged = false
    return 'ping'
  }

  /** A ping went out and nothing was heard since. */
  get #unanswered(): boolean {
    return this.lastSeenAt < this.#pingAt
  }

  #nextPingAt(settings: HeartbeatSettings): number {
    const silentSince = this.#unanswered ? this.#pingAt : Math.min(this.lastSeenAt, this.lastSentAt)
    const due = silentSince + settings.intervalMs - settings.slackMs
    return this.#firstAt === 0 ? due : Math.min(due, this.#firstAt)
  }
}
