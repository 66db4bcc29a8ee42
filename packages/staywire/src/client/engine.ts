// Runs machines in their world: tells them what happens, and has done what they want done. Decides nothing.

import type { Owner } from './owner/owner.ts'
import type { Timer, World } from './world.ts'

/** Runs the machines of one thread. */
export class Engine {
  readonly world: World
  /** The owner among them, if there is one. */
  owner: Owner | undefined
  /** Whoever does what the machines want. */
  readonly doers: object[] = [this]
  readonly #timer: Timer
  #running = false
  /** Takes off what listens to the page. */
  unlisten: (() => void) | undefined

  constructor(world: World) {
    this.world = world
    this.#timer = world.timer((lateMs) =>
      this.run(() => {
        this.owner?.upkeep?.late(lateMs)
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
        const doer = this.doers.find((one) => name in one) as Record<string, (...args: readonly unknown[]) => void>
        doer[name]?.(...args)
      }
    } finally {
      this.#running = false
      this.#timer.arm(this.world.agenda.wakeAt)
    }
  }

  /** Lets go of timer and listeners. */
  stop(): void {
    this.#timer.stop()
    this.unlisten?.()
  }
}
