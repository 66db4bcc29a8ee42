// The signs of life of one adopted connection: when to ask for one, and when one was missed. It sends nothing; activity only
// stamps a time here, and the timing wheel looks at it when it comes due.

import { within } from '../server/guard/limit-settings.ts'
import type { AdoptionHeartbeat } from './options.ts'

/** What is to be done now: ask, count a miss, or call it dead. */
export type Verdict = 'ask' | 'missed' | 'dead' | undefined

/** Fills in and checks. Throws a `StaywireError` `bad-option` naming the first value that cannot be used. */
export function heartbeatSettings({ enabled = true, ...given }: AdoptionHeartbeat): Required<AdoptionHeartbeat> {
  const checkEveryMs = within('heartbeat.checkEveryMs', given.checkEveryMs, 30_000, 20)
  const missedAfterMs = within('heartbeat.missedAfterMs', given.missedAfterMs, Math.floor(checkEveryMs / 3), 1)
  return {
    enabled,
    checkEveryMs,
    missedAfterMs: Math.min(missedAfterMs, checkEveryMs - 1),
    outAfter: within('heartbeat.outAfter', given.outAfter, 3, 1),
  }
}

/** The heartbeat of one connection. Times are Unix milliseconds. */
export class Heartbeat {
  lastSeenAt: number
  lastPingAt: number | undefined
  lastPongAt: number | undefined
  rttMs: number | undefined
  /** The sign of life since which the rest is counted. */
  #since: number
  #missed = 0
  #asked = false

  constructor(now: number) {
    this.lastSeenAt = this.#since = now
  }

  /** Heartbeats missed in a row, as of the last look. */
  get missedPings(): number {
    return this.#since === this.lastSeenAt ? this.#missed : 0
  }

  /** A ping went out, or came in where the peer is the one that pings. */
  pinged(now: number): void {
    this.lastPingAt = now
  }

  /** A ping of ours was answered; gives the round trip, unless it was answered before. */
  ponged(now: number): number | undefined {
    const first = this.lastPingAt !== undefined && (this.lastPongAt ?? -1) < this.lastPingAt
    this.lastPongAt = now
    return first ? (this.rttMs = now - (this.lastPingAt ?? now)) : undefined
  }

  /** When to look again. */
  dueAt({ enabled, checkEveryMs, missedAfterMs }: Required<AdoptionHeartbeat>): number {
    if (!enabled) return Infinity
    if (this.#since !== this.lastSeenAt) return this.lastSeenAt + checkEveryMs - missedAfterMs
    return this.#since + (this.#missed + 1) * checkEveryMs - (this.#asked ? 0 : missedAfterMs)
  }

  /** Looks. */
  look(settings: Required<AdoptionHeartbeat>, now: number): Verdict {
    if (now < this.dueAt(settings)) return undefined
    if (this.#since !== this.lastSeenAt) {
      this.#since = this.lastSeenAt
      this.#missed = 0
      this.#asked = false
    }
    if (!this.#asked) {
      this.#asked = true
      return 'ask'
    }
    this.#asked = false
    return ++this.#missed >= settings.outAfter ? 'dead' : 'missed'
  }
}
