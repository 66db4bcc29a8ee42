// Runs the machines of one client: tells them what happens, and does what they want done. Decides nothing.

import type { ConnectionSettings } from './connection/settings.ts'
import type { Effects, Listening } from './env.ts'
import { Owner } from './owner/owner.ts'
import { Tab, type TabSettings } from './tab/tab.ts'
import type { Link, Timer, World } from './world.ts'

/** What an engine is made with. */
export interface EngineSettings extends ConnectionSettings, TabSettings {}

/** The machines of one client that shares its connection with nobody, in their world. */
export class Engine implements Effects {
  readonly tab: Tab
  readonly owner: Owner
  readonly #settings: EngineSettings
  readonly #world: World
  readonly #timer: Timer
  #running = false
  #link: Link | undefined
  #unlisten: (() => void) | undefined

  constructor(world: World, settings: EngineSettings) {
    this.#world = world
    this.#settings = settings
    this.owner = new Owner(world, settings)
    this.owner.tab = this.tab = new Tab(world, settings, this.owner)
    this.#timer = world.timer((lateMs) =>
      this.run(() => {
        this.owner.connection.late(lateMs)
        world.agenda.tick(world.now)
      }),
    )
  }

  /**
   * Lets the machines do something, now. What they want has been done on return, unless this was called from a listener: then
   * it follows in turn, for effects happen in the order in which they were decided.
   */
  readonly run = (act: () => void): void => {
    const { out } = this.#world
    this.#world.now = this.#world.clock()
    act()
    if (this.#running) return
    this.#running = true
    try {
      for (let effect = out.shift(); effect; effect = out.shift()) {
        const [name, ...args] = effect
        ;(this[name] as (...args: readonly unknown[]) => void)(...args)
      }
    } finally {
      this.#running = false
      this.#timer.arm(this.#world.agenda.wakeAt)
    }
  }

  /** Lets go of timer and listeners. */
  stop(): void {
    this.#timer.stop()
    this.#unlisten?.()
  }

  emit(to: Listening, event: string, args: readonly unknown[], later?: boolean): void {
    // An error of the app's own listener belongs to the app: reported like any uncaught one, and harmful to nobody else.
    const report = (error: unknown): void =>
      this.#world.later(() => {
        throw error
      })
    const act = (): void => to.emit(event, args, report)
    if (later) this.#world.later(act)
    else act()
  }

  write(text: string): void {
    this.#link?.send(text)
  }

  abandon(): void {
    this.#link?.abandon()
    this.#link = undefined
  }

  open(dial: number): void {
    const { owner, run } = this
    this.#unlisten ??= this.#world.listen((hint) => run(() => owner.connection.hint(hint)))
    this.#link = this.#world.open({
      opened: () => run(() => owner.connection.opened(dial)),
      text: (text) => run(() => owner.text(text)),
      ended: (ending) => run(() => owner.connection.ended(dial, ending)),
    })
  }

  askToken(ticket: number): void {
    const { owner, run } = this
    const token = (given: string | null | undefined): void => run(() => owner.connection.token(ticket, given))
    const problem = (error: unknown): void => run(() => owner.connection.token(ticket, undefined, String(error)))
    try {
      const given = this.#settings.getToken?.()
      if (given && typeof given === 'object') given.then(token, problem)
      else token(given)
    } catch (error) {
      problem(error)
    }
  }
}
