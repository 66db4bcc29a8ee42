// The line of an owner to its server: opens links, writes to one, lets go of them. Decides nothing.

import type { Transport } from '../api.ts'
import type { Engine } from '../engine.ts'
import type { Effects } from '../env.ts'
import type { Link, Network } from '../world.ts'
import type { Owner } from './owner.ts'

/** The links of one owner. */
export class Line implements Omit<Effects, 'askToken' | 'emit' | 'remember'> {
  readonly #engine: Engine
  readonly #network: Network
  readonly #owner: Owner
  #link: Link | undefined
  /** Opened beside it. */
  #spare: Link | undefined

  /** The engine runs the owner from now on. */
  constructor(engine: Engine, network: Network, owner: Owner) {
    this.#engine = engine
    this.#network = network
    this.#owner = owner
    engine.owner = owner
    engine.line = this
  }

  write(text: string): void {
    this.#link?.send(text)
  }

  abandon(): void {
    this.take(false)
    this.#link?.abandon()
    this.#link = undefined
  }

  open(dial: number, transport: Transport): void {
    this.#engine.listen()
    this.#link = this.#dial(dial, transport)
  }

  try(dial: number, transport: Transport): void {
    this.#spare = this.#dial(dial, transport)
  }

  take(place: boolean): void {
    const spare = this.#spare
    this.#spare = undefined
    if (!place) return spare?.abandon()
    this.#link?.abandon()
    this.#link = spare
  }

  probe(dial: number): void {
    void this.#network.probe().then((up) => this.#engine.run(() => this.#owner.connection.probed(dial, up)))
  }

  #dial(dial: number, transport: Transport): Link | undefined {
    const owner = this.#owner
    const { run } = this.#engine
    const link = this.#network.open(transport, {
      opened: () => run(() => owner.connection.opened(dial)),
      // Nothing was said over a spare one, so that nothing said to it is about the connection.
      text: (text) => run(() => link !== this.#spare && owner.text(text)),
      ended: (ending) => run(() => owner.connection.ended(dial, ending)),
    })
    return link
  }
}
