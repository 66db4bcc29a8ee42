// Whether somebody who is known may be connected: a seat on this node, and the places they claim. The higher fence wins in
// whatever order claims arrive; who loses is told by whom. It closes nobody itself.

import { CLOSE } from '../../protocol/close-code.ts'
import type { Fence } from '../../protocol/frame.ts'
import type { Answer, Claims } from '../connection/ask.ts'
import type { Connection } from '../connection/connection.ts'
import type { Leases } from '../broker/broker.ts'
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
  readonly maxConnections: number
  /** A connection, here or on another node, lost its place to a claim of this term. */
  readonly beaten: (holder: string, term: number) => void
}

/** Takes in connections, and sees them off. */
export class Admission {
  readonly #terms: AdmissionTerms
  #seats = 0

  constructor(terms: AdmissionTerms) {
    this.#terms = terms
  }

  /** Connections that are connected, or about to be. */
  get seats(): number {
    return this.#seats
  }

  /** Decides; what it gives (seat, session, claims) is noted on the connection, and `dismiss` takes it back. */
  async admit(connection: Connection, identity: Identity, claims: Claims): Promise<Answer> {
    const { sessions, node, mint } = this.#terms
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
    if (this.#seats >= this.#terms.maxConnections) return { kind: 'turned-away', code: CLOSE.nodeFull.code }
    this.#seats++
    connection.seated = true
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
    if (connection.seated) this.#seats--
    connection.seated = false
    if (session === undefined) return
    if (end) sessions.end(session)
    sessions.detach(session, ending, now)
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
