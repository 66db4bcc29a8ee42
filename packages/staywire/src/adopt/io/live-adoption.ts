// An adoption on real time: the clock that drives it, and how long its checks take.

import { randomBytes } from 'node:crypto'
import type { Observer } from '../../server/observer/observer.ts'
import { steadyNow, Ticker } from '../../server/io/clock.ts'
import { Adoption } from '../adoption.ts'
import type { AdoptionOptions } from '../options.ts'
import { AdoptedServer } from '../view.ts'

/** Options of every adoption. */
export interface LiveOptions extends AdoptionOptions {
  /** Told about everything that happens. */
  readonly observer?: Observer
}

/** What checking costs, in milliseconds of CPU time: how long a busy machine let it wait is not counted. */
export interface CheckFigures {
  /** To check every connection once, and ask those that are silent: as of the last whole round of `checkEveryMs`. */
  readonly roundMs: number
  /** The most that one tick took in that round. */
  readonly longestTickMs: number
}

const NO_OBSERVER: Observer = { report: () => {} }

/** An adopted server with a clock. */
export class LiveAdoption extends AdoptedServer {
  /** @internal What connections of the other library are told to. */
  readonly adoption: Adoption
  readonly #ticker: Ticker
  #round = { endsAt: 0, sumMs: 0, longestMs: 0 }
  #figures: CheckFigures = { roundMs: 0, longestTickMs: 0 }

  /** `strangers`: connections of the other library that are not adopted. */
  constructor({ observer = NO_OBSERVER, ...options }: LiveOptions, strangers: () => number) {
    const node = options.node ?? `node-${randomBytes(4).toString('hex')}`
    const adoption = new Adoption(options, { now: steadyNow, wall: () => Date.now(), node, observer, strangers })
    super(adoption)
    this.adoption = adoption
    this.#ticker = new Ticker(adoption.tickMs, () => this.#tick())
  }

  /** What the heartbeats cost. */
  checks(): CheckFigures {
    return this.#figures
  }

  /** @internal */
  protected stopClock(): void {
    this.#ticker.stop()
  }

  #tick(): void {
    const began = process.cpuUsage()
    this.adoption.tick()
    const { user, system } = process.cpuUsage(began)
    const tookMs = (user + system) / 1_000
    const round = this.#round
    const now = steadyNow()
    round.sumMs += tookMs
    round.longestMs = Math.max(round.longestMs, tookMs)
    if (now < round.endsAt) return
    this.#figures = { roundMs: round.sumMs, longestTickMs: round.longestMs }
    this.#round = { endsAt: now + this.adoption.heartbeat.checkEveryMs, sumMs: 0, longestMs: 0 }
  }
}
