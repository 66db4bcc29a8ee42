// Runs the machines of one tab, and those of its own connection where it shares none. Decides nothing.

import type { Transport } from '../api.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import { Engine } from '../engine.ts'
import type { Effects, Listening } from '../env.ts'
import { Owner } from '../owner/owner.ts'
import type { World } from '../world.ts'
import { Tab, type TabSettings } from './tab.ts'

/** What the engine of a tab is made with. */
export interface TabEngineSettings extends ConnectionSettings, TabSettings {}

/** The machines of one client, in their world. */
export class TabEngine extends Engine implements Effects {
  readonly tab: Tab
  readonly #settings: TabEngineSettings

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
