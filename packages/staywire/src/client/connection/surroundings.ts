// What the page and the machine around a client have said of themselves. Follows no hint; says only how often one may be followed.

import { HURRY_MS, LATE_MS, RETURN_MS } from '../timing.ts'
import type { Hint } from './settings.ts'

/** The surroundings of one client. */
export class Surroundings {
  /** Whether the network seems to be there; `undefined` where nobody says. */
  onLine: boolean | undefined
  /** How late the last timer came, in milliseconds. */
  lateMs = 0
  #wasHidden = false
  #hurriedAt = -Infinity
  #returnedAt = -Infinity

  constructor(onLine: boolean | undefined) {
    this.onLine = onLine
  }

  /** Whether the program, or the machine, had stopped. */
  get late(): boolean {
    return this.lateMs > LATE_MS
  }

  /** Notes a hint; says whether it tells that the page is looked at again after it was not. */
  note(hint: Hint | 'wake'): boolean {
    const returned = hint === 'visible' && this.#wasHidden
    if (hint === 'online' || hint === 'offline') this.onLine = hint === 'online'
    else if (hint !== 'wake') this.#wasHidden = hint === 'hidden'
    return returned
  }

  /** Whether a hint may be followed now. PROTOCOL.md, CLI-11. */
  mayHurry(now: number): boolean {
    const may = now - this.#hurriedAt >= HURRY_MS
    if (may) this.#hurriedAt = now
    return may
  }

  /** Whether an evicted client may come back now. */
  mayReturn(now: number): boolean {
    const may = now - this.#returnedAt >= RETURN_MS
    if (may) this.#returnedAt = now
    return may
  }
}
