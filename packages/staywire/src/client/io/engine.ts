// Runs the machines of one client: tells them what happens, and does what they want done. Decides nothing.

import type { ClientOptions } from '../api.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import type { Effects, Env, Listening } from '../env.ts'
import { Owner } from '../owner/owner.ts'
import { Tab, type TabSettings } from '../tab/tab.ts'
import type { Log } from './debug.ts'
import { listenForHints } from './page.ts'
import { Timer } from './timer.ts'
import { openLink, type Link } from './websocket.ts'

/** What an engine is made with. */
export interface EngineSettings extends ConnectionSettings, TabSettings, Pick<ClientOptions, 'WebSocket'> {
  /** The URL to dial. Throws when there is none. */
  readonly url: () => string
  readonly now: () => number
  readonly log: Log | undefined
}

/** The world around the machines of one client that shares its connection with nobody. */
export class Engine implements Effects {
  readonly tab: Tab
  readonly owner: Owner
  readonly #settings: EngineSettings
  readonly #env: Env
  readonly #timer: Timer
  #running = false
  #link: Link | undefined
  #unlisten: (() => void) | undefined

  constructor(settings: EngineSettings) {
    const { now } = settings
    this.#settings = settings
    this.#env = { now: now(), random: Math.random, out: [] }
    this.owner = undefined as never
    this.tab = new Tab(this.#env, settings, (tab) => ((this as { owner: Owner }).owner = new Owner(this.#env, settings, tab)))
    this.#timer = new Timer(now, (lateMs) =>
      this.run(() => {
        this.owner.tick(lateMs)
        this.tab.tick()
      }),
    )
  }

  /**
   * Lets the machines do something, now. What they want has been done on return, unless this was called from a listener: then
   * it follows in turn, for effects happen in the order in which they were decided.
   */
  readonly run = (act: () => void): void => {
    const { out } = this.#env
    this.#env.now = this.#settings.now()
    act()
    if (this.#running) return
    this.#running = true
    for (let effect = out.shift(); effect; effect = out.shift()) {
      const [name, ...args] = effect
      ;(this[name] as (...args: readonly unknown[]) => void)(...args)
    }
    this.#running = false
    this.#timer.arm(Math.min(this.owner.wakeAt, this.tab.wakeAt))
  }

  /** Lets go of timer and listeners. */
  stop(): void {
    this.#timer.stop()
    this.#unlisten?.()
    this.#unlisten = undefined
  }

  emit(to: Listening, event: string, args: readonly unknown[], later?: boolean): void {
    if (later) queueMicrotask(() => to.emit(event, args, throwLater))
    else to.emit(event, args, throwLater)
  }

  write(text: string): void {
    this.#settings.log?.('→', text)
    this.#link?.send(text)
  }

  abandon(): void {
    this.#link?.abandon()
    this.#link = undefined
  }

  open(dial: number): void {
    const { log, url, WebSocket } = this.#settings
    const { owner, run } = this
    this.#unlisten ??= listenForHints((hint) => run(() => owner.hint(hint)))
    this.#link = openLink(url, WebSocket, {
      opened: () => run(() => owner.opened(dial)),
      text(text) {
        log?.('←', text)
        run(() => owner.text(text))
      },
      ended: (ending) => run(() => owner.ended(dial, ending)),
    })
  }

  askToken(ticket: number): void {
    const { owner, run } = this
    const token = (value: string | null | undefined): void => run(() => owner.token(ticket, value))
    const problem = (error: unknown): void => run(() => owner.token(ticket, undefined, String(error)))
    try {
      const given = this.#settings.getToken?.()
      if (typeof given === 'object' && given !== null) given.then(token, problem)
      else token(given)
    } catch (error) {
      problem(error)
    }
  }
}

/** An error of the app's own listener belongs to the app: reported like any uncaught one, and harmful to nobody else. */
function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
