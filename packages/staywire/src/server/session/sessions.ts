// The sessions of this node, with and without a connection. Bounded in time by their ttl and in number by a limit; decides
// nothing about fences, which are leases.

import type { Ending } from './ending.ts'
import type { Session } from './session.ts'

/** Compares two secrets in a time that tells nothing about where they differ. */
export type SameSecret = (a: string, b: string) => boolean

/** All sessions by id. */
export class Sessions {
  readonly #ttlMs: number
  readonly #maxDropped: number
  readonly #sameSecret: SameSecret
  readonly #sessions = new Map<string, Session>()
  /** Those without a connection, the one that ends first first: all have the same ttl. */
  readonly #dropped = new Set<Session>()

  /** `maxDropped` bounds those kept without a connection: beyond it the oldest is forgotten before its time. */
  constructor(ttlMs: number, maxDropped: number, sameSecret: SameSecret) {
    this.#ttlMs = ttlMs
    this.#maxDropped = maxDropped
    this.#sameSecret = sameSecret
  }

  /** How many there are. */
  get size(): number {
    return this.#sessions.size
  }

  /** How many of them have no connection. */
  get dropped(): number {
    return this.#dropped.size
  }

  /** When `expire` has something to forget; `Infinity` when nothing. */
  get wakeAt(): number {
    for (const { expiresAt } of this.#dropped) return expiresAt
    return Infinity
  }

  /** The session that these credentials resume, or `undefined`: unknown, another's, or a wrong secret, without telling which. */
  find({ id, secret }: { readonly id: string; readonly secret: string }, user: string): Session | undefined {
    const session = this.#sessions.get(id)
    if (session === undefined || session.user !== user || !this.#sameSecret(session.secret, secret)) return undefined
    return session
  }

  /** Whether a session is kept: it was not ended, and its ttl has not run out. */
  has(session: Session): boolean {
    return this.#sessions.get(session.id) === session
  }

  /** A connection of the session is live. Keeps a new session, and one that was about to be forgotten. */
  attach(session: Session): void {
    session.connections++
    session.previous = undefined
    session.expiresAt = Infinity
    this.#dropped.delete(session)
    this.#sessions.set(session.id, session)
  }

  /** A connection of the session ended; `ending` when the server ended it. The session stays for its ttl after the last. */
  detach(session: Session, ending: Ending | undefined, now: number): void {
    session.connections--
    session.previous = ending
    if (session.connections > 0 || this.#sessions.get(session.id) !== session) return
    session.expiresAt = now + this.#ttlMs
    this.#dropped.add(session)
    if (this.#dropped.size > this.#maxDropped) this.#forgetFirst()
  }

  /** Ends all that fit. */
  endWhere(fits: (session: Session) => boolean): void {
    for (const session of this.#sessions.values()) if (fits(session)) this.end(session)
  }

  /** Ends a session: it no longer resumes. */
  end(session: Session): void {
    this.#dropped.delete(session)
    this.#sessions.delete(session.id)
  }

  /** Forgets those whose ttl ran out; answers how many. */
  expire(now: number): number {
    let forgotten = 0
    for (const session of this.#dropped) {
      if (session.expiresAt > now) break
      this.end(session)
      forgotten++
    }
    return forgotten
  }

  #forgetFirst(): void {
    for (const session of this.#dropped) return this.end(session)
  }
}
