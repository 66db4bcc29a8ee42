// The line of an owner to its server: opens links, writes to one, lets go of them. Decides nothing.

import type { Transport } from '../api.ts'
import type { Engine } from '../engine.ts'
import type { Effects } from '../env.ts'
import type { Link, Network, Spare } from '../world.ts'
import type { Owner } from './owner.ts'

/** The links of one owner. */
export class Line implements Omit<Effects, 'askToken' | 'emit' | 'remember'> {
  readonly #engine: Engine
  readonly #network: Network
  readonly #owner: Owner
  #link: Link | undefined
  /** Opened beside it. */
  #beside: Link | undefined
  #spare: Spare | undefined
  #loading = false

  /** The engine runs the owner from now on. */
  constructor(engine: Engine, network: Network, owner: Owner) {
    this.#engine = engine
    this.#network = network
    this.#owner = owner
    engine.owner = owner
    engine.line = this
    if (typeof network.spare === 'object') this.#use(network.spare)
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
    if (this.#spare) this.#engine.listen(this.#spare)
    this.#link = this.#dial(dial, transport)
  }

  try(dial: number, transport: Transport): void {
    this.#beside = this.#dial(dial, transport)
  }

  take(place: boolean): void {
    const beside = this.#beside
    this.#beside = undefined
    if (!place) return beside?.abandon()
    this.#link?.abandon()
    this.#link = beside
  }

  probe(dial: number): void {
    const { upkeep } = this.#owner.connection
    void this.#spare?.probe().then((up) => this.#engine.run(() => upkeep?.probed(dial, up)))
  }

  /** What could not be loaded is asked for again when it is wanted again. */
  equip(): void {
    const { spare } = this.#network
    if (this.#spare || this.#loading || typeof spare === 'object') return
    this.#loading = true
    void spare().then(
      (loaded) => this.#engine.run(() => this.#use(loaded)),
      () => (this.#loading = false),
    )
  }

  #use(spare: Spare): void {
    const { connection } = this.#owner
    const { status } = connection.state
    if (status === 'closed') return
    this.#spare = spare
    connection.maintain(spare.upkeep(connection))
    if (status !== 'idle') this.#engine.listen(spare)
  }

  #dial(dial: number, transport: Transport): Link | undefined {
    const owner = this.#owner
    const { run } = this.#engine
    const link = this.#network.open(transport, {
      opened: () => run(() => owner.connection.opened(dial)),
      // Nothing was said over one beside it, so that nothing said to it is about the connection.
      text: (text) => run(() => link !== this.#beside && owner.text(text)),
      ended: (ending) => run(() => owner.connection.ended(dial, ending)),
    })
    return link
  }
}
