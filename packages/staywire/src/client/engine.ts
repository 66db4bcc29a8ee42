// Runs machines in their world: tells them what happens, and does what they want done. Decides nothing.

import type { Transport } from './api.ts'
import type { Effects } from './env.ts'
import type { Owner } from './owner/owner.ts'
import type { Link, Timer, World } from './world.ts'

/** Runs the machines of one thread, and the link of the owner among them, if there is one. */
export class Engine implements Omit<Effects, 'askToken' | 'emit' | 'remember'> {
  /** Whose link it opens. */
  owner: Owner | undefined
  protected readonly world: World
  readonly #timer: Timer
  #running = false
  #link: Link | undefined
  /** Opened beside it. */
  #spare: Link | undefined
  #unlisten: (() => void) | undefined

  constructor(world: World) {
    this.world = world
    this.#timer = world.timer((lateMs) =>
      this.run(() => {
        this.owner?.connection.late(lateMs)
        world.agenda.tick(world.now)
      }),
    )
  }

  /**
   * Lets the machines do something, now. What they want has been done on return, unless this was called from a listener: then
   * it follows in turn, for effects happen in the order in which they were decided.
   */
  readonly run = (act: () => void): void => {
    const { out } = this.world
    this.world.now = this.world.clock()
    act()
    if (this.#running) return
    this.#running = true
    try {
      for (let effect = out.shift(); effect; effect = out.shift()) {
        const [name, ...args] = effect
        ;(this as unknown as Record<string, (...args: readonly unknown[]) => void>)[name]?.(...args)
      }
    } finally {
      this.#running = false
      this.#timer.arm(this.world.agenda.wakeAt)
    }
  }

  /** Lets go of timer and listeners. */
  stop(): void {
    this.#timer.stop()
    this.#unlisten?.()
    this.#unlisten = undefined
  }

  /** Passes on what the page says about itself, from now on. */
  listen(): void {
    this.#unlisten ??= this.world.listen((hint) => this.run(() => this.owner?.hint(hint)))
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
    this.listen()
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
    void this.world.probe().then((up) => this.run(() => this.owner?.connection.probed(dial, up)))
  }

  #dial(dial: number, transport: Transport): Link | undefined {
    const { owner, run } = this
    const link = this.world.open(transport, {
      opened: () => run(() => owner?.connection.opened(dial)),
      // Nothing was said over a spare one, so that nothing said to it is about the connection.
      text: (text) => run(() => link !== this.#spare && owner?.text(text)),
      ended: (ending) => run(() => owner?.connection.ended(dial, ending)),
    })
    return link
  }
}
