/** The counts of all connections together, and the one thing somebody waits for. Plain numbers: it is touched once per frame. */

import type { Member } from './member.ts'

export class Tally {
  deliveries = 0
  answers = 0
  /** While set, every delivery's sequence number is read and checked: outside the measured window only. */
  inspecting = false
  /** Told of every answer, where the next echo hangs on it. */
  answered: ((member: Member) => void) | undefined
  #deliveriesDue = Infinity
  #answersDue = Infinity
  #waiting: { resolve(): void; reject(error: Error): void } | undefined

  /** Resolves when that many more deliveries and answers have arrived; rejects with the exact counts after `patienceMs`. */
  async more(deliveries: number, answers: number, patienceMs = 10_000): Promise<void> {
    const due = this.#expect(deliveries, answers)
    const timer = setTimeout(() => {
      const missing = `${this.#deliveriesDue - this.deliveries} deliveries and ${this.#answersDue - this.answers} answers`
      this.fail(`${missing} did not arrive within ${patienceMs / 1000} s`)
    }, patienceMs)
    try {
      await due
    } finally {
      clearTimeout(timer)
    }
  }

  #expect(deliveries: number, answers: number): Promise<void> {
    this.#deliveriesDue = this.deliveries + deliveries
    this.#answersDue = this.answers + answers
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  /** Looks whether what is waited for has arrived: once per read, not per frame. */
  look(): void {
    if (this.deliveries < this.#deliveriesDue || this.answers < this.#answersDue) return
    this.#deliveriesDue = Infinity
    this.#waiting?.resolve()
    this.#waiting = undefined
  }

  /** Ends the waiting with an error. */
  fail(why: string): void {
    this.#waiting?.reject(new Error(why))
    this.#waiting = undefined
  }
}
