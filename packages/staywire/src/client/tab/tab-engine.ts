// Runs the machines of one tab, and has its owner loaded: its own one, or one that it shares. Decides nothing.

import type { ConnectionSettings } from '../connection/settings.ts'
import { IDLE } from '../connection/state.ts'
import { Engine } from '../engine.ts'
import type { Effects, Listening } from '../env.ts'
import type { HeldOwner } from '../owner/port.ts'
import { noTraffic } from '../owner/traffic.ts'
import type { World } from '../world.ts'
import { Tab, type TabSettings } from './tab.ts'

/** The machines of one client, in their world. */
export class TabEngine extends Engine implements Pick<Effects, 'askToken' | 'emit'> {
  readonly tab: Tab
  /** The app's, until somebody listens in. */
  getToken: ConnectionSettings['getToken']

  constructor(world: World, settings: TabSettings & Pick<ConnectionSettings, 'getToken'>) {
    super(world)
    this.getToken = settings.getToken
    this.tab = new Tab(world, settings)
  }

  /** The tab has an owner that `load` brings once one is wanted; it never rejects. What can be stated later is not remembered until then. */
  load(load: () => Promise<() => HeldOwner>): void {
    const { tab, run } = this
    let loading = false
    const connect = (): void => {
      tab.state({ ...IDLE, status: 'connecting' })
      if (!loading) void load().then((make) => run(() => this.#own(make)))
      loading = true
    }
    const nothing = (): void => {}
    tab.owner?.stop?.()
    tab.owner = {
      traffic: noTraffic(),
      sharing: { placement: 'tab', tabs: 1 },
      connect,
      need() {
        if (tab.connection.status === 'idle') connect()
      },
      leave: (status) => tab.state({ ...IDLE, status, cause: { class: 'app', reason: `${status} by the app` } }),
      token: nothing,
      subscribe: nothing,
      unsubscribe: nothing,
      request: nothing,
    }
  }

  /** The owner is there. */
  #own(make: () => HeldOwner): void {
    const { tab } = this
    const { status } = tab.connection
    if (status === 'closed') return
    tab.owner = make()
    if (status === 'disconnected') tab.owner.leave(status, false)
    else tab.owner.connect()
  }

  override stop(): void {
    super.stop()
    this.tab.owner.stop?.()
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

  askToken(ticket: number): void {
    const { run, tab } = this
    const token = (given: string | null | undefined): void => run(() => tab.owner.token(ticket, given))
    const problem = (error: unknown): void => run(() => tab.owner.token(ticket, undefined, String(error)))
    try {
      const given = this.getToken?.()
      if (given && typeof given === 'object') given.then(token, problem)
      else token(given)
    } catch (error) {
      problem(error)
    }
  }
}
