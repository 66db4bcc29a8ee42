// What went wrong, by class and code, with rates and the latest of it. Ends that nobody has to do anything about are no errors.

import { CLOSE, closeClass } from '../../protocol/close-code.ts'
import type { ServerEvent } from '../../server/observer/observer.ts'
import { OTHER } from '../metrics/label.ts'
import { CLOSE_CODES, ERROR_CODES, HANDSHAKE_CAUSES, placeOf, type HandshakeCause } from '../metrics/sets.ts'
import { causeOf } from './closed-connections.ts'
import { MinuteCounts } from './minute-counts.ts'
import { Ring, type Page } from './ring.ts'

/** Closes by their class; `handshake`, `frame` and `application` for what is refused or fails elsewhere. */
export const ERROR_CLASSES = [
  'auth',
  'connection',
  'capacity',
  'final',
  'network',
  'handshake',
  'frame',
  'application',
] as const

/** The class of an error. */
export type ErrorClass = (typeof ERROR_CLASSES)[number]

/** One thing that went wrong. */
export interface ErrorEntry {
  /** Unix time in milliseconds. */
  readonly at: number
  readonly class: ErrorClass
  /** A close code, an error code, a cause or a place: of a closed set. */
  readonly code: string
  readonly message: string
  readonly connection?: string
  readonly user?: string
}

/** How often one kind happened. */
export interface ErrorCount {
  readonly class: ErrorClass
  readonly code: string
  readonly total: number
  /** In the last 1, 15 and 60 minutes. */
  readonly lastMinute: number
  readonly last15Minutes: number
  readonly lastHour: number
}

const KEPT = 1_000
/** Planned, or the client's own doing. */
const NO_ERRORS: readonly number[] = [
  1000,
  1001,
  ...[CLOSE.shuttingDown, CLOSE.moved, CLOSE.idle, CLOSE.replaced].map(({ code }) => code),
]
const MESSAGE_CHARS = 200

/** The history of errors. */
export class ErrorHistory {
  readonly #recent = new Ring<ErrorEntry>(KEPT)
  #counts = new Map<string, { readonly class: ErrorClass; readonly code: string; readonly counts: MinuteCounts }>()
  #all = new MinuteCounts()

  /** How many there were since the start or the last reset. */
  get total(): number {
    return this.#all.total
  }

  /** How many in the last minutes (at most 60). */
  last(minutes: number, now: number): number {
    return this.#all.last(minutes, now)
  }

  /** Every kind that happened, the most frequent first. */
  counts(now: number): ErrorCount[] {
    const counts = [...this.#counts.values()].map(({ class: kind, code, counts: { total }, counts: minutes }) => ({
      class: kind,
      code,
      total,
      lastMinute: minutes.last(1, now),
      last15Minutes: minutes.last(15, now),
      lastHour: minutes.last(60, now),
    }))
    return counts.toSorted((a, b) => b.total - a.total)
  }

  page(filter: { class?: string; code?: string }, window: { limit: number; before?: number }): Page<ErrorEntry> {
    const fits = (entry: ErrorEntry): boolean =>
      (filter.class === undefined || entry.class === filter.class) &&
      (filter.code === undefined || entry.code === filter.code)
    return this.#recent.page(fits, window)
  }

  /** Counts go back to 0; what is listed stays. */
  reset(): void {
    this.#counts = new Map()
    this.#all = new MinuteCounts()
  }

  /** A handshake failed. */
  handshakeFailed(cause: HandshakeCause, at: number, message: string): void {
    this.#add({ at, class: 'handshake', code: known(HANDSHAKE_CAUSES, cause), message })
  }

  /** Takes in what happened. */
  report(event: ServerEvent, at: number): void {
    switch (event.type) {
      case 'closed': {
        const { code, by, facts, connection } = event
        if (facts === undefined || NO_ERRORS.includes(code)) return
        const entry = {
          at,
          class: closeClass(code),
          code: known(CLOSE_CODES, String(code)),
          message: causeOf(code, by),
        }
        return this.#add({ ...entry, connection, user: facts.user })
      }
      case 'frame-refused': {
        const { connection, code } = event
        const message = 'A frame was answered with an error.'
        return this.#add({ at, class: 'frame', code: known(ERROR_CODES, code), message, connection })
      }
      case 'application-error':
        return this.#add({
          at,
          class: 'application',
          code: placeOf(event.where),
          message: messageOf(event.error),
        })
      default:
    }
  }

  #add(entry: ErrorEntry): void {
    this.#recent.push(entry)
    this.#all.add(entry.at)
    const key = `${entry.class} ${entry.code}`
    let kind = this.#counts.get(key)
    if (kind === undefined) {
      kind = { class: entry.class, code: entry.code, counts: new MinuteCounts() }
      this.#counts.set(key, kind)
    }
    kind.counts.add(entry.at)
  }
}

function known(set: readonly string[], code: string): string {
  return set.includes(code) ? code : OTHER
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MESSAGE_CHARS)
}
