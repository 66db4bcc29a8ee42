// What one tab has asked and the server has not answered: publishes, calls and reads, in order, each ending exactly once. What
// goes out and comes back needs no more than this. For everything else there is its care, without which nothing is sent again.

import type { ClientOptions, PersistenceStats } from '../api.ts'
import type { Env } from '../env.ts'
import { failure } from '../failure.ts'
import type { Answer, OwnerPort, Terms } from '../owner/port.ts'
import { StaywireError, type ErrorCode } from '../../protocol/error-code.ts'
import type { ErrorFrame } from '../../protocol/frame.ts'
import { DEDUPE_WINDOW_MS } from '../../protocol/limits.ts'

/** Something asked, as it is put in. */
export interface Request {
  readonly kind: 'publish' | 'call' | 'presence' | 'history'
  /** Publishes to one channel are kept in order. */
  readonly channel: string | undefined
  /** The JSON text of its frame, without the opening brace. */
  readonly body: string
  /** How long it may take, the wait for a connection included. Default: as long as the server remembers keys. */
  readonly ttlMs: number | undefined
  /** Whose it is: of an earlier page, of who is connected, or else of whom it first goes out for. */
  user?: string | undefined
  /** When it may have been done, where that is known. */
  sent?: Sent
  readonly resolve: (answer: Exclude<Answer, ErrorFrame>) => void
  readonly reject: (error: StaywireError) => void
}

/** When, and in which life of the server's memory, something may have been done for the first time. */
export interface Sent {
  readonly at: number
  readonly life: string
}

/** Something asked that has not ended. */
export interface Entry extends Request {
  /** UTF-8 length of `body`. */
  readonly bytes: number
  readonly ticket: number
  /** Awaits its answer on this connection. */
  inFlight?: boolean
  readonly expiresAt: number
}

/** What is seen to where requests do not simply go out and come back. */
export interface OutboxCare {
  /** Whether there is room for one more; else it was ended. */
  admits(request: Request, bytes: number): boolean
  /** A request was put in. Answers which are to go out now. */
  added(entry: Entry): Iterable<Entry>
  /** Whether a request must wait that is to go out as `sent`, until `pump` is called. */
  holds(entry: Entry, sent: Sent): boolean
  /** A publish was refused for now. */
  refused(entry: Entry, frame: ErrorFrame): void
  /** The connection is up again: ends what must not go out once more. */
  resumed(terms: Terms): void
  /** A request has ended. */
  ended(entry: Entry): void
}

/** Unanswered requests of a tab. */
export class Outbox {
  bytes = 0
  care: OutboxCare | undefined
  /** Is told of each request that came, is to go out (`sent`) or has ended. Answers whether it must wait, until `pump` is called. */
  keep: ((entry: Entry, sent?: Sent) => boolean) | undefined
  /** How the keeping goes, where it is wanted. */
  persistence?: PersistenceStats
  /** Of the connection that is up, or the last one. */
  terms: Terms | undefined
  readonly env: Env
  readonly bounds: ClientOptions['outbox']
  /** By ticket, in the order in which they go out. */
  readonly entries = new Map<number, Entry>()
  readonly #at: { readonly owner: OwnerPort }
  #up = false
  /** Whether something went out and did not simply come back. */
  #troubled = false
  #tickets = 0

  constructor(env: Env, at: { readonly owner: OwnerPort }, bounds: ClientOptions['outbox']) {
    this.env = env
    this.#at = at
    this.bounds = bounds
  }

  get count(): number {
    return this.entries.size
  }

  /** Asks something, now or as soon as there is a connection. */
  add(request: Request): void {
    this.#at.owner.need()
    const { env, terms, care } = this
    const { body, ttlMs = terms?.dedupe.windowMs ?? DEDUPE_WINDOW_MS } = request
    const bytes = env.bytes(body)
    if (care && !care.admits(request, bytes)) return
    const entry: Entry = {
      user: terms?.user,
      ...request,
      bytes,
      ticket: ++this.#tickets,
      expiresAt: env.now + ttlMs,
    }
    this.entries.set(entry.ticket, entry)
    this.bytes += bytes
    this.pump(care ? care.added(entry) : [entry])
    this.keep?.(entry)
  }

  answer(ticket: number, frame: Answer): void {
    const entry = this.entries.get(ticket)
    if (!entry) return
    if (frame.type !== 'error') {
      this.end(entry)
      entry.resolve(frame)
    } else if (entry.kind === 'publish' && frame.temporary) {
      entry.inFlight = false
      this.#troubled = true
      this.care?.refused(entry, frame)
    } else this.end(entry, failure(frame))
  }

  /** The connection is up: what was not answered goes out again, in order, as far as that is safe. PROTOCOL.md, CLI-1 and CLI-2. */
  up(terms: Terms): void {
    this.terms = terms
    this.care?.resumed(terms)
    this.#up = true
    this.pump()
  }

  /** The connection is gone. A call under way may have been made or not. PROTOCOL.md, CLI-7. */
  down(): void {
    this.#up = false
    this.#troubled = true
    for (const entry of this.entries.values()) {
      if (entry.kind === 'call' && entry.inFlight) this.end(entry, ended(entry, 'unknown'))
      entry.inFlight = false
    }
  }

  /** Nothing will be answered any more. */
  close(error: StaywireError): void {
    this.#up = false
    for (const entry of this.entries.values()) this.end(entry, error)
  }

  /** Sends what neither waits for an answer nor is held back. */
  pump(entries: Iterable<Entry> = this.entries.values()): void {
    const { env, terms, care } = this
    if (!this.#up || !terms || (this.#troubled && !care)) return
    for (const entry of entries) {
      const { sent = { at: env.now, life: terms.dedupe.life } } = entry
      if (entry.inFlight || care?.holds(entry, sent)) continue
      entry.inFlight = true
      entry.user ??= terms.user
      entry.sent = sent
      this.#at.owner.request(entry.ticket, entry.body)
    }
  }

  /** A request is over; with an `error` it has failed. */
  end(entry: Entry, error?: StaywireError): void {
    this.entries.delete(entry.ticket)
    this.bytes -= entry.bytes
    this.keep?.(entry)
    if (error) entry.reject(error)
    this.care?.ended(entry)
  }
}

/** Why a request ended that was not answered. */
export function ended({ kind }: Request, code: ErrorCode): StaywireError {
  return new StaywireError(code, `The ${kind} ended: ${code}.`)
}
