// Runs the machines of one tab, and those of its own connection where it shares none. Decides nothing.

import type { Transport } from '../api.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import { IDLE } from '../connection/state.ts'
import { Engine } from '../engine.ts'
import type { Effects, Listening } from '../env.ts'
import type { HeldOwner } from '../owner/port.ts'
import { Owner } from '../owner/owner.ts'
import { noTraffic } from '../owner/traffic.ts'
import type { World } from '../world.ts'
import { Tab, type TabSettings } from './tab.ts'

/** What the engine of a tab is made with. */
export interface TabEngineSettings extends ConnectionSettings, TabSettings {}

/** An owner that a tab shares, and what is to be undone when it does so no more. */
export interface Shared {
  readonly owner: HeldOwner
  stop(): void
}

/** The machines of one client, in their world. */
export class TabEngine extends Engine implements Effects {
  readonly tab: Tab
  readonly #settings: TabEngineSettings
  #shared: Shared | undefined

  constructor(world: World, settings: TabEngineSettings) {
    super(world)
    this.#settings = settings
    this.tab = new Tab(world, settings)
  }

  /** From now on the tab has a connection for itself alone; `why`, where it was to share one. */
  alone(why?: string): Owner {
    const owner = new Owner(this.world, this.#settings)
    owner.sharing = { placement: 'tab', tabs: 1, why }
    owner.tab = this.tab
    this.tab.owner = this.owner = owner
    return owner
  }

  /** From now on the tab shares an owner, which is loaded once one is wanted. What can be stated later is not remembered. */
  share(load: () => Promise<() => Shared>): void {
    const { tab, run } = this
    let loading: Promise<void> | undefined
    let wanted = false
    const begin = (make?: () => Shared): void => {
      if (tab.connection.status === 'closed') return
      this.#shared = make?.()
      if (this.#shared) tab.owner = this.#shared.owner
      else this.alone('the part of the library that shares could not be loaded')
      if (!wanted) return
      tab.restate()
      tab.owner.connect()
    }
    const connect = (): void => {
      wanted = true
      tab.state({ ...IDLE, status: 'connecting' })
      loading ??= load().then(
        (make) => run(() => begin(make)),
        () => run(begin),
      )
    }
    const nothing = (): void => {}
    tab.owner = {
      traffic: noTraffic(),
      sharing: { placement: 'tab', tabs: 1 },
      connect,
      need() {
        if (tab.connection.status === 'idle') connect()
      },
      leave(status) {
        wanted = false
        tab.state({ ...IDLE, status, cause: { class: 'app', reason: `${status} by the app` } })
      },
      hint: nothing,
      token: nothing,
      subscribe: nothing,
      unsubscribe: nothing,
      request: nothing,
    }
  }

  override stop(): void {
    super.stop()
    this.#shared?.stop()
  }

  emit(to: Listening, event: string, args: readonly unknown[], later?: boolean): void {
    // An error of the app's own listener belongs to the app: reported like any uncaught one, and harmful to nobody else.
    const report = (error: unknown): void =>
      this.world.later(() => {
        throw error
      })
    const act = (): void => to.emit(event, args, report)
    if (later) this.world.later(act)
    else act()
  }

  remember(transport: Transport): void {
    this.world.remember(transport)
  }

  askToken(ticket: number): void {
    const { run, tab } = this
    const token = (given: string | null | undefined): void => run(() => tab.owner.token(ticket, given))
    const problem = (error: unknown): void => run(() => tab.owner.token(ticket, undefined, String(error)))
    try {
      const given = this.#settings.getToken?.()
      if (given && typeof given === 'object') given.then(token, problem)
      else token(given)
    } catch (error) {
      problem(error)
    }
  }
}
