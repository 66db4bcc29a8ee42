// Whether somebody who is known may be connected: a seat within the limits, and the places they claim. The higher fence wins in
// whatever order claims arrive; who loses is told by whom. It closes nobody itself.

import { CLOSE } from '../../protocol/close-code.ts'
import type { Fence } from '../../protocol/frame.ts'
import type { Answer, Claims } from '../connection/ask.ts'
import type { Connection } from '../connection/connection.ts'
import type { Leases } from '../broker/broker.ts'
import { LIMITED, type LimitedBy } from '../guard/limited.ts'
import type { Seats } from '../guard/seats.ts'
import type { Identity } from '../options.ts'
import type { Ending } from './ending.ts'
import { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

/** Makes names that nobody can guess. */
export interface Mint {
  /** At least 72 random bits, URL-safe. */
  id(): string
  /** At least 128 random bits, URL-safe. */
  secret(): string
}

/** What admission needs of its node. */
export interface AdmissionTerms {
  readonly node: string
  readonly sessions: Sessions
  readonly leases: Leases
  readonly mint: Mint
  readonly ttlMs: number
  readonly seats: Seats<Connection>
  readonly isBanned: (user: string) => boolean
  /** A connection, here or on another node, lost its place to a claim of this term. */
  readonly beaten: (holder: string, term: number) => void
  /** A connection of this node was refused a seat, or lost it to another; the latter is to be closed. */
  readonly limited: (connection: Connection, limit: LimitedBy, outcome: 'refused' | 'evicted') => void
}

/** Takes in connections, and sees them off. */
export class Admission {
  readonly #terms: AdmissionTerms

  constructor(terms: AdmissionTerms) {
    this.#terms = terms
  }

  /** Connections that are connected, or about to be. */
  get seats(): number {
    return this.#terms.seats.taken
  }

  /** Decides; what it gives (seat, session, claims) is noted on the connection, and `dismiss` takes it back. */
  async admit(connection: Connection, identity: Identity, claims: Claims): Promise<Answer> {
    const { sessions, node, mint } = this.#terms
    if (this.#terms.isBanned(identity.user)) return { kind: 'turned-away', code: CLOSE.banned.code }
    const known =
      connection.bare || claims.session === undefined ? undefined : sessions.find(claims.session, identity.user)
    const session = connection.bare
      ? undefined
      : (known ?? new Session(`${node}.${mint.id()}`, mint.secret(), identity.user))
    const previous = known?.previous
    if (claims.fence !== undefined) {
      const winner = await this.#claim(connection, claims.fence, namesOf(identity, claims, session))
      if (winner !== undefined) return { kind: 'turned-away', code: CLOSE.replaced.code, term: winner[0] }
    }
    if (connection.phase === 'closed') {
      this.#release(connection)
      return { kind: 'turned-away', code: CLOSE.replaced.code }
    }
    // It was ended while places were claimed: who comes back finds that out.
    if (known !== undefined && !sessions.has(known)) return { kind: 'turned-away', code: CLOSE.moved.code }
    const refused = this.#sit(connection, identity.user, claims.browser)
    if (refused !== undefined) return refused
    if (session !== undefined) {
      connection.session = session
      sessions.attach(session)
    }
    return { kind: 'admitted', session, resumed: known !== undefined, previous }
  }

  /** A connection is over. `ending`: how the server ended it, for the next one to be told; `end`: its session is over, too. */
  dismiss(connection: Connection, ending: Ending | undefined, end: boolean, now: number): void {
    const { sessions } = this.#terms
    const { session } = connection
    this.#release(connection)
    if (connection.seat !== undefined) this.#terms.seats.leave(connection, connection.seat)
    connection.seat = undefined
    if (session === undefined) return
    if (end) sessions.end(session)
    sessions.detach(session, ending, now)
  }

  /** Seats a connection, in one turn; answers the refusal, if it is one. */
  #sit(connection: Connection, user: string, browser: string | undefined): Answer | undefined {
    const { seats, limited } = this.#terms
    const seat = { address: connection.addressGroup, user, browser }
    const taken = seats.take(connection, seat)
    if (typeof taken === 'string') {
      limited(connection, taken, 'refused')
      const { close, retryAfterMs } = LIMITED[taken]
      return { kind: 'turned-away', code: close.code, retryAfterMs }
    }
    connection.seat = seat
    for (const { who, limit } of taken.evicted) limited(who, limit, 'evicted')
    return undefined
  }

  /** Claims one place after the other; answers the fence that won against it, if one did. */
  async #claim(connection: Connection, fence: Fence, names: readonly string[]): Promise<Fence | undefined> {
    const { leases, ttlMs, beaten } = this.#terms
    for (const name of names) {
      const claimed = await leases.claim({ name, holder: connection.id, fence, ttlMs })
      if (!claimed.granted) {
        this.#release(connection)
        return claimed.winner
      }
      connection.claims = [...(connection.claims ?? []), name]
      if (claimed.beaten !== undefined && claimed.beaten !== connection.id) beaten(claimed.beaten, fence[0])
    }
    return undefined
  }

  #release(connection: Connection): void {
    for (const name of connection.claims ?? [])
      void this.#terms.leases.release(name, connection.id).catch(() => undefined)
    connection.claims = undefined
  }
}

/** A session of one's own making is claimed, too: a later, staler connect of it must lose. */
function namesOf({ user }: Identity, { slot, browser }: Claims, session: Session | undefined): string[] {
  const names = session === undefined ? [] : [`session:${session.id}`]
  if (slot !== undefined && browser !== undefined) names.push(`slot:${JSON.stringify([user, browser, slot])}`)
  return names
}
