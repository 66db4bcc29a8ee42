// What an owner of all tabs does when the server gives its place to another: two must never replace each other in turn. The
// rival may be its successor, whom it hears of while it waits; an owner of another kind, which some tabs fell back to; or another
// machine, whose browser is a copy of this one. Cannot tell which, so it gives in.

import type { ConnectFrame } from '../../protocol/frame.ts'
import { LOOK_MS } from '../timing.ts'
import { REPLACED } from './codes.ts'
import type { ConnectionSettings } from './settings.ts'

/** One owner's rivalry for its place. */
export class Rivalry {
  /** The names under which it claims a place. */
  hello: ConnectionSettings['hello']
  /** Whether it has claimed its place once more, and whether it has gone for another. */
  #insisted = false
  #evaded = false

  constructor(hello: ConnectionSettings['hello']) {
    this.hello = hello
  }

  /**
   * Answers an ending that gave its place away with the wait before another claim; nothing where there is none. `greeted`: the
   * server had not taken it in yet. Then its fence was too low, perhaps for a rival that is long gone: it insists, once.
   */
  judge(code: number | undefined, greeted: boolean, random: () => number): number | undefined {
    if (code !== REPLACED || this.#evaded) return undefined
    if (greeted && !this.#insisted) this.#insisted = true
    else {
      const { origin } = this.hello
      this.#evaded = true
      const browser = `${origin?.browser?.slice(0, 40)}~${random().toString(36).slice(2)}`
      this.hello = { ...this.hello, origin: { ...origin, browser } as ConnectFrame['origin'] } as typeof this.hello
    }
    return LOOK_MS * (1 + random())
  }
}
