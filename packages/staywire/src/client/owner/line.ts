// The line of an owner to its server: opens links, writes to one, lets go of them. Decides nothing.

import type { Transport } from '../api.ts'
import type { Engine } from '../engine.ts'
import type { Effects } from '../env.ts'
import type { Link, LinkListener, Network, Spare } from '../world.ts'
import type { Owner } from './owner.ts'

/** The links of one owner. */
export class Line implements Pick<Effects, 'open' | 'write' | 'abandon' | 'equip'> {
  readonly engine: Engine
  readonly owner: Owner
  link: Link | undefined
  /** Opened beside it. */
  beside: Link | undefined
  readonly #network: Network
  #spare: Spare | undefined
  #beside: { listen(): void } | undefined
  #loading = false

  /** The engine runs the owner from now on; the line is to be one of its doers. */
  constructor(engine: Engine, network: Network, owner: Owner) {
    this.engine = engine
    this.owner = owner
    this.#network = network
    engine.owner = owner
    if (typeof network.spare === 'object') this.#use(network.spare)
  }

  write(text: string): void {
    this.link?.send(text)
  }

  abandon(): void {
    this.beside?.abandon()
    this.link?.abandon()
    this.beside = this.link = undefined
  }

  open(dial: number, transport: Transport): void {
    this.#beside?.listen()
    this.link = this.dial(dial, transport)
  }

  /** What could not be loaded is asked for again when it is wanted again. */
  equip(): void {
    const { spare } = this.#network
    if (this.#spare || this.#loading || typeof spare === 'object') return
    this.#loading = true
    void spare().then(
      (loaded) => this.engine.run(() => this.#use(loaded)),
      () => (this.#loading = false),
    )
  }

  /** Opens a link. */
  dial(dial: number, transport: Transport): Link | undefined {
    const { owner } = this
    const { run } = this.engine
    const listener: LinkListener = {
      opened: () => run(() => owner.opened(dial)),
      // Nothing was said over one beside it, so that nothing said to it is about the connection.
      text: (text) => run(() => link !== this.beside && owner.text(text)),
      ended: (ending) => run(() => owner.ended(dial, ending)),
    }
    if (transport !== 'websocket' && !this.#spare) listener.ended({ reason: `${transport} could not be loaded` })
    const link = transport === 'websocket' ? this.#network.open(listener) : this.#spare?.open(transport, listener)
    return link
  }

  #use(spare: Spare): void {
    const { owner, engine } = this
    const { status } = owner.state
    if (status === 'closed') return
    this.#spare = spare
    const beside = spare.beside(this)
    this.#beside = beside
    engine.doers.unshift(beside)
    owner.maintain(spare.upkeep(owner))
    if (status !== 'idle') beside.listen()
  }
}
