// Runs the machines of one client: does what they want done and tells them what comes of it. Decides nothing.

import type { ClientOptions } from '../api.ts'
import type { Alone, Effect, WorldInput } from '../tab/alone.ts'
import type { TabInput } from '../tab/tab.ts'
import type { Clock } from './clock.ts'
import type { Log } from './debug.ts'
import { listenForHints } from './page.ts'
import { Timer } from './timer.ts'
import { openLink, type Link } from './websocket.ts'

/** What an engine is made with. */
export interface EngineSettings {
  readonly core: Alone
  /** The URL to dial, or the reason why there is none. */
  readonly url: () => string
  readonly options: ClientOptions
  readonly clock: Clock
  readonly log: Log | undefined
}

/** The machinery around the pure core of one client. */
export class Engine {
  readonly core: Alone
  readonly clock: Clock
  readonly #settings: EngineSettings
  readonly #timer: Timer
  readonly #effects: Effect[] = []
  #running = false
  #link: Link | undefined
  #unlisten: (() => void) | undefined

  constructor(settings: EngineSettings) {
    this.core = settings.core
    this.clock = settings.clock
    this.#settings = settings
    this.#timer = new Timer(settings.clock.now, (lateMs) => this.#world({ type: 'tick', lateMs }))
  }

  /** Takes what the app wants. Its effects have happened on return, unless called from a listener: then they follow in turn. */
  app(input: TabInput): void {
    this.#run(this.core.app(input, this.clock.now()))
  }

  /** Lets go of timer and listeners. */
  stop(): void {
    this.#timer.stop()
    this.#unlisten?.()
    this.#unlisten = undefined
  }

  #world(input: WorldInput): void {
    this.#run(this.core.world(input, this.clock.now()))
  }

  /** Effects happen in the order in which they were decided, also those decided while others happen. */
  #run(effects: readonly Effect[]): void {
    this.#effects.push(...effects)
    if (this.#running) return
    this.#running = true
    for (let effect = this.#effects.shift(); effect !== undefined; effect = this.#effects.shift()) this.#do(effect)
    this.#running = false
    this.#timer.arm(this.core.wakeAt)
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case 'emit':
        return effect.to.emit(effect.event, effect.args, throwLater)
      case 'ask-token':
        return this.#askToken(effect.ticket)
      case 'open':
        return this.#open(effect.dial)
      case 'write':
        this.#settings.log?.('→', effect.text)
        return this.#link?.send(effect.text)
      case 'abandon':
        this.#settings.log?.('abandons the connection')
        this.#link?.abandon()
        this.#link = undefined
    }
  }

  #open(dial: number): void {
    this.#unlisten ??= listenForHints((hint) => this.#world({ type: 'hint', hint }))
    const { log, options, url } = this.#settings
    this.#link = openLink(url, options.WebSocket, {
      opened: () => this.#world({ type: 'opened', dial }),
      text: (text) => {
        log?.('←', text)
        this.#world({ type: 'text', text })
      },
      ended: (ending) => this.#world({ type: 'ended', dial, ...ending }),
    })
  }

  #askToken(ticket: number): void {
    const problem = (error: unknown): void => this.#world({ type: 'token', ticket, problem: String(error) })
    const token = (token: string | null | undefined): void => this.#world({ type: 'token', ticket, token })
    try {
      const given = this.#settings.options.getToken?.()
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
