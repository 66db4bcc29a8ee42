// Whether somebody may come in now, before it is asked who they are: not when memory runs out, and not all at once. Refusals are told
// after a moment, so that whoever does not listen to them cannot ask again at once.

import { CLOSE } from '../../protocol/close-code.ts'
import type { Answer } from '../connection/ask.ts'
import type { Connection } from '../connection/connection.ts'
import { LIMITED, type LimitedBy } from './limited.ts'
import { Valve } from './valve.ts'

/** What a door is made with. */
export interface DoorTerms {
  readonly acceptPerSecond: number
  readonly memoryPercent: number
  /** How long a decision may take: holding somebody must leave time for it. */
  readonly decisionTimeoutMs: number
  now(): number
  /** How much of its memory this process uses, from 0 to 1. */
  memory(): number
  /** Somebody was refused. */
  limited(connection: Connection, limit: LimitedBy): void
}

/** Longest wait for one's turn. */
const HOLD_MS = 1_000
/** How long after it was made a refusal is told. */
const REFUSAL_MS = 1_000
/** Refusals that wait to be told; more are told at once. */
const MOST_REFUSALS = 1_000

/** A refusal that waits to be told. */
interface Refusal {
  readonly at: number
  readonly tell: () => void
}

/** The door of a node. */
export class Door {
  readonly #terms: DoorTerms
  readonly #valve: Valve
  readonly #refusalMs: number
  #refusals: Refusal[] = []

  constructor(terms: DoorTerms) {
    this.#terms = terms
    const mostMs = terms.decisionTimeoutMs / 4
    this.#valve = new Valve(terms.acceptPerSecond, Math.min(HOLD_MS, mostMs))
    this.#refusalMs = Math.min(REFUSAL_MS, mostMs)
  }

  /** How many wait at it. */
  get waiting(): number {
    return this.#valve.waiting + this.#refusals.length
  }

  /** When `tick` has something to do; `Infinity` when nothing. */
  get wakeAt(): number {
    return Math.min(this.#valve.wakeAt, this.#refusals[0]?.at ?? Infinity)
  }

  /** Nothing when one may come in at once; else resolves with nothing when it is one's turn, or with the refusal. */
  pass(connection: Connection): Promise<Answer | undefined> | undefined {
    const { memory, memoryPercent, now } = this.#terms
    if (memory() * 100 >= memoryPercent)
      return this.#refuse(connection, 'memoryPercent', LIMITED.memoryPercent.retryAfterMs)
    const turn = {
      came: false,
      come(): void {
        turn.came = true
      },
    }
    const retryAfterMs = this.#valve.pass(now(), () => turn.come())
    if (retryAfterMs !== undefined) return this.#refuse(connection, 'acceptPerSecond', retryAfterMs)
    // Most come at once: for them no promise is made.
    if (turn.came) return undefined
    return new Promise((resolve) => {
      turn.come = () => resolve(undefined)
    })
  }

  /** Resolves when a refusal may be told. */
  async slowly(answer: Answer): Promise<Answer> {
    if (this.#refusals.length < MOST_REFUSALS) {
      const at = this.#terms.now() + this.#refusalMs
      await new Promise<void>((tell) => void this.#refusals.push({ at, tell }))
    }
    return answer
  }

  /** Lets in those whose turn has come, and tells what has waited for long enough. */
  tick(now: number): void {
    this.#valve.tick(now)
    const due = this.#refusals.findIndex(({ at }) => at > now)
    const told = this.#refusals.splice(0, due < 0 ? this.#refusals.length : due)
    for (const { tell } of told) tell()
  }

  #refuse(connection: Connection, limit: LimitedBy, retryAfterMs: number): Promise<Answer> {
    this.#terms.limited(connection, limit)
    return this.slowly({ kind: 'turned-away', code: CLOSE.nodeFull.code, retryAfterMs })
  }
}
