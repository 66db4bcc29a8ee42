// Whether the other side of one connection still lives, judged by the wall clock. Decides nothing about what follows.

import { MARGIN_MS, PROBE_MS } from '../timing.ts'

/** Watches one connection from `connected` on. */
export class Liveness {
  /** Since when the connection is up. */
  readonly since: number
  /** Whether the link is in doubt: a ping went out, and nothing was heard since. */
  probing = false
  /** Longest silence of a living connection. Without a heartbeat (interval 0) there is no limit. */
  readonly #limitMs: number
  #heardAt: number
  #pingedAt: number

  /** A connection is up; a ping goes out to measure its round trip. */
  constructor(now: number, { intervalMs, timeoutMs }: { readonly intervalMs: number; readonly timeoutMs: number }) {
    this.since = this.#heardAt = this.#pingedAt = now
    this.#limitMs = intervalMs ? intervalMs + timeoutMs + MARGIN_MS : Infinity
  }

  /** When the connection counts as dead if nothing is heard until then. A probe goes before the heartbeat, which may be long overdue. */
  get dueAt(): number {
    return this.probing ? this.#pingedAt + PROBE_MS : this.#heardAt + this.#limitMs
  }

  /** Anything at all arrived. */
  heard(now: number): void {
    this.#heardAt = now
    this.probing = false
  }

  /** A ping goes out whose answer is awaited. */
  probed(now: number): void {
    this.#pingedAt = now
    this.probing = true
  }

  /** How long nothing has been heard. */
  silentMs(now: number): number {
    return now - this.#heardAt
  }

  /** The round trip of the last ping, when its pong arrives. */
  rttMs(now: number): number {
    return now - this.#pingedAt
  }
}
