// What was taken back: users, sessions and tokens whose bearers may not come (back) with what they were given before. Each is
// remembered until it has run out by itself anyway. It closes nobody.

import { LIMITS } from '../../protocol/limits.ts'
import type { Identity } from '../options.ts'

/** What a revocation is about: everything given to a user, one session, or one token. */
export type RevocationKind = 'user' | 'session' | 'token'

/** Something taken back. Times are Unix milliseconds. */
export interface Revocation {
  readonly kind: RevocationKind
  /** The user id, the session id, or the token's own id (`jti`). */
  readonly id: string
  /** When: what was issued to the user or session later does not fall under it. */
  readonly at: number
  /** When it may be forgotten, because nothing that falls under it is valid any more. */
  readonly until: number
}

/** The revocations of a node. */
export class Revocations {
  readonly #most: number
  readonly #byName = new Map<string, Revocation>()
  #wakeAt = Infinity

  constructor(most: number = LIMITS.revocations.value) {
    this.#most = most
  }

  /** How many are remembered. */
  get size(): number {
    return this.#byName.size
  }

  /** When `expire` has something to forget; `Infinity` when nothing. */
  get wakeAt(): number {
    return this.#wakeAt
  }

  /**
   * Remembers one; of two about the same thing what each says later. Answers the one that had to be forgotten for it before its time, if
   * one had to: that which would have run out first.
   */
  add(revocation: Revocation): Revocation | undefined {
    const name = nameOf(revocation.kind, revocation.id)
    const known = this.#byName.get(name)
    const { at, until } = revocation
    this.#byName.set(name, {
      ...revocation,
      at: Math.max(at, known?.at ?? at),
      until: Math.max(until, known?.until ?? until),
    })
    this.#wakeAt = Math.min(this.#wakeAt, until)
    if (this.#byName.size <= this.#most) return undefined
    const [first, early] = [...this.#byName].reduce((least, next) => (next[1].until < least[1].until ? next : least))
    this.#byName.delete(first)
    return early
  }

  /** Whether somebody may not come with this, `session` being the one they want to resume. */
  cover({ user, tokenId, issuedAt = Infinity }: Identity, session: string | undefined): boolean {
    if (this.#byName.size === 0) return false
    if (tokenId !== undefined && this.#byName.has(nameOf('token', tokenId))) return true
    const ofUser = this.#byName.get(nameOf('user', user))
    const ofSession = session === undefined ? undefined : this.#byName.get(nameOf('session', session))
    return issuedAt <= Math.max(ofUser?.at ?? -Infinity, ofSession?.at ?? -Infinity)
  }

  /** Forgets those that ran out. */
  expire(now: number): void {
    if (now < this.#wakeAt) return
    this.#wakeAt = Infinity
    for (const [name, { until }] of this.#byName) {
      if (until <= now) this.#byName.delete(name)
      else this.#wakeAt = Math.min(this.#wakeAt, until)
    }
  }
}

function nameOf(kind: RevocationKind, id: string): string {
  return `${kind}:${id}`
}
