// Puts a connection to sleep that nobody looks at. Waking up is the connection's own business.

import type { Env } from '../env.ts'
import type { Connection } from './connection.ts'
import type { Hint } from './settings.ts'

/** Watches over one connection. PROTOCOL.md, LIFE-4. */
export class Doze {
  readonly #env: Env
  readonly #connection: Connection
  readonly #closeAfterMs: number
  #hidden = false

  constructor(env: Env, connection: Connection, closeAfterMs: number) {
    this.#env = env
    this.#connection = connection
    this.#closeAfterMs = closeAfterMs
  }

  /** The page, or all of them, say something. Only what is new counts: hidden pages say so more than once. */
  hint(hint: Hint | 'wake'): void {
    const hidden = hint === 'hidden'
    if (hidden === this.#hidden || !(hidden || hint === 'visible')) return
    this.#hidden = hidden
    this.up()
  }

  /** The connection is up, perhaps for somebody who is not looked at. What rests for another reason stays as it is. */
  up(): void {
    const { agenda, now } = this.#env
    const connection = this.#connection
    if (!this.#hidden) return agenda.delete(this)
    agenda.set(this, now + this.#closeAfterMs, () => {
      if (agenda.has(connection)) connection.leave('asleep', false, 'nobody looks')
    })
  }
}
