// Runs machines in their world: tells them what happens, and has done what they want done. Decides nothing.

import type { Line } from './owner/line.ts'
import type { Owner } from './owner/owner.ts'
import type { Spare, Timer, World } from './world.ts'

/** Runs the machines of one thread. */
export class Engine {
  readonly world: World
  /** The owner among them, if there is one, and its line to the server. */
  owner: Owner | undefined
  line: Line | undefined
  readonly #timer: Timer
  #running = false
  #unlisten: (() => void) | undefined

  constructor(world: World) {
    this.world = world
    this.#timer = world.timer((lateMs) =>
      this.run(() => {
        this.owner?.connection.upkeep?.late(lateMs)
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
        const doer = this.line && name in this.line ? this.line : this
        ;(doer as unknown as Record<string, (...args: readonly unknown[]) => void>)[name]?.(...args)
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
  listen({ listen }: Pick<Spare, 'listen'>): void {
    this.#unlisten ??= listen((hint) => this.run(() => this.owner?.hint(hint)))
  }
}
