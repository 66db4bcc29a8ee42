// What the line of an owner does once not all is well: a second link beside the one in use, probes, and what is kept for later
// clients. Decides nothing.

import type { Transport } from '../api.ts'
import type { Effects } from '../env.ts'
import type { Spare } from '../world.ts'
import type { Line } from './line.ts'

/** Beside one line. */
export class Beside implements Pick<Effects, 'try' | 'take' | 'probe' | 'remember'> {
  readonly #line: Line
  readonly #spare: Spare

  constructor(line: Line, spare: Spare) {
    this.#line = line
    this.#spare = spare
  }

  try(dial: number, transport: Transport): void {
    this.#line.beside = this.#line.dial(dial, transport)
  }

  take(place: boolean): void {
    const line = this.#line
    const { beside } = line
    line.beside = undefined
    if (!place) return beside?.abandon()
    line.link?.abandon()
    line.link = beside
  }

  probe(dial: number): void {
    const { engine, owner } = this.#line
    void this.#spare.probe().then((up) => engine.run(() => owner.upkeep?.probed(dial, up)))
  }

  /** Passes on what the page says about itself, from now on. */
  listen(): void {
    const { engine, owner } = this.#line
    engine.unlisten ??= this.#spare.listen((hint) => engine.run(() => owner.upkeep?.hint(hint)))
  }

  remember(transport: Transport): void {
    this.#spare.remember(transport)
  }
}
