// Which transport is dialled: the first that the network lets through. One is left only for evidence that it is the transport
// which fails and not the server. Dials nothing itself. PROTOCOL.md, FALL.

import type { ConnectionError, Transport } from '../api.ts'
import { HURRY_MS, PATIENCE_MS, TRIAL_MOST_MS, TRIAL_MS } from '../timing.ts'

/** What an ending asks for: the next transport, a probe of the server, or nothing. */
export type Verdict = 'next' | 'ask' | undefined

/** The transports of one client, and what is known of each. */
export class Fallback {
  /** The rounds that all transports have failed in since one stayed up. */
  rounds = 0
  /** When a better one is tried, once this one has proved itself. */
  trialAt = Infinity
  readonly #order: readonly Transport[]
  /** Those that have stayed up here. */
  readonly #good = new Set<Transport>()
  #at = 0
  /** Where to go back to from a transport that is being tried. */
  #back: number | undefined
  #failures = 0
  /** Connections in a row that were dropped early. */
  #strikes = 0
  /** When the server was seen to answer, since a transport last stayed up. */
  #seenAt = Infinity
  #trials = 0

  /** `recalled` has stayed up on this network before. */
  constructor(order: readonly Transport[], recalled?: Transport) {
    this.#order = order
    const at = recalled ? order.indexOf(recalled) : -1
    if (at < 0) return
    this.#at = at
    this.#good.add(order[at] as Transport)
  }

  get transport(): Transport {
    return this.#order[this.#at] as Transport
  }

  /** How long the present transport may take to open, and then to `connected`, before another has better prospects. */
  get patienceMs(): number {
    return this.#at < this.#order.length - 1 && !this.#good.has(this.transport) ? PATIENCE_MS[this.transport] : Infinity
  }

  /** Judges what the network did to a dial that began at `dialledAt`. `overdue`: it did nothing. */
  judge(phase: ConnectionError['evidence']['phase'], overdue: boolean | undefined, dialledAt: number): Verdict {
    if (this.#back !== undefined) {
      this.#at = this.#back
      this.#back = undefined
      return 'next'
    }
    if (phase === 'connected') return undefined
    this.#failures++
    const good = this.#good.has(this.transport)
    if (phase !== 'opening' && ++this.#strikes < 2 && !(overdue && !good)) return undefined
    if (this.#seenAt <= dialledAt) return this.#next()
    // A server that is restarted is not asked by everybody at the first failure.
    return phase === 'opening' && good && this.#failures < 2 ? undefined : 'ask'
  }

  /** The answer to a probe; says whether it means the next transport. One that was good here gets another dial first. */
  probed(up: boolean, now: number): boolean {
    this.#seenAt = up ? now : Infinity
    const moves = up && (this.#strikes > 1 || !this.#good.has(this.transport))
    if (moves) this.#next()
    return moves
  }

  /** The server has spoken over this transport. */
  spoken(): void {
    this.#strikes = 0
  }

  /** The connection has stayed up. */
  stable(now: number, random: () => number): void {
    if (this.#back !== undefined) this.#trials = 0
    this.#back = undefined
    this.rounds = this.#failures = this.#strikes = 0
    this.#seenAt = Infinity
    this.#good.add(this.transport)
    this.#plan(now, random)
  }

  /** The better transport to try now. */
  better(): Transport {
    return this.#order[this.#trials % this.#at] as Transport
  }

  /** The better transport is dialled in place of the present one, which is gone back to should it not stay up. */
  take(now: number, random: () => number): void {
    const at = this.#order.indexOf(this.better())
    this.trialAt = Infinity
    this.failed(now, random)
    this.#back = this.#at
    this.#at = at
  }

  /** The better transport was tried in vain: the next trial is later. */
  failed(now: number, random: () => number): void {
    this.#trials++
    this.#plan(now, random)
  }

  /** The network may be another one: a trial is worth it in a moment. */
  renewed(now: number, random: () => number): void {
    this.#trials = 0
    if (this.#at) this.trialAt = now + HURRY_MS * (1 + random())
  }

  #plan(now: number, random: () => number): void {
    const waitMs = Math.min(TRIAL_MOST_MS, TRIAL_MS * 2 ** this.#trials)
    this.trialAt = this.#at ? Math.min(this.trialAt, now + waitMs * (1 + random() / 10)) : Infinity
  }

  #next(): Verdict {
    this.#good.delete(this.transport)
    this.#strikes = 0
    this.#at = (this.#at + 1) % this.#order.length
    if (!this.#at) {
      this.rounds++
      this.#seenAt = Infinity
    }
    return 'next'
  }
}
