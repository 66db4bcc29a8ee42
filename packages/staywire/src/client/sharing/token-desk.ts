// Whom to ask for a token: one tab at a time, the one most likely to answer first, the next when that is silent. Keeps none.

import type { Env } from '../env.ts'
import type { Owner } from '../owner/owner.ts'
import { TOKEN_MS } from '../timing.ts'
import type { AttachedTab } from './shared-owner.ts'

/** Gets tokens for an owner from its tabs. PROTOCOL.md, PORT-9. */
export class TokenDesk {
  readonly #env: Env
  readonly #owner: Pick<Owner, 'token'>
  readonly #tabs: ReadonlySet<AttachedTab>
  #ticket = 0
  /** Who was asked for this ticket, the last one last. */
  #asked: AttachedTab[] = []
  #problem = ''

  constructor(env: Env, owner: Pick<Owner, 'token'>, tabs: ReadonlySet<AttachedTab>) {
    this.#env = env
    this.#owner = owner
    this.#tabs = tabs
  }

  /** A token is wanted. */
  ask(ticket: number): void {
    this.#ticket = ticket
    this.#asked = []
    this.#problem = 'no tab gave one in time'
    this.#next()
  }

  /** A tab answers; late is better than never. Only that it has none now makes another be asked. */
  answer(tab: AttachedTab, ticket: number, token: string | null | undefined, problem?: string): void {
    if (ticket !== this.#ticket) return
    if (!token && problem !== undefined) {
      this.#problem = problem
      this.gone(tab)
    } else this.#done(token)
  }

  /** A tab will not answer any more. */
  gone(tab: AttachedTab): void {
    if (this.#ticket && this.#asked.at(-1) === tab) this.#next()
  }

  #next(): void {
    const [tab] = [...this.#tabs]
      .filter((one) => one.tokens && !this.#asked.includes(one))
      .sort((a, b) => Number(b.visible) - Number(a.visible) || b.activeAt - a.activeAt)
    if (!tab) return this.#done(undefined, this.#problem)
    this.#asked.push(tab)
    tab.post(['askToken', this.#ticket])
    this.#env.agenda.set(this, this.#env.now + TOKEN_MS, () => this.#next())
  }

  #done(token: string | null | undefined, problem?: string): void {
    const ticket = this.#ticket
    this.#ticket = 0
    this.#env.agenda.delete(this)
    this.#owner.token(ticket, token, problem)
  }
}
