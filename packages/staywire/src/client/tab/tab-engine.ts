// Runs the machines of one tab, and has its owner loaded: its own one, or one that it shares. Decides nothing.

import type { Transport } from '../api.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import { IDLE } from '../connection/state.ts'
import { Engine } from '../engine.ts'
import type { Effects, Listening } from '../env.ts'
import type { HeldOwner } from '../owner/port.ts'
import { noTraffic } from '../owner/traffic.ts'
import { LOAD_MS } from '../timing.ts'
import type { World } from '../world.ts'
import { Tab, type TabSettings } from './tab.ts'

/** An owner that was loaded, and what is to be undone when the tab has it no more. */
export interface Loaded {
  readonly owner: HeldOwner
  stop?(): void
}

/** The machines of one client, in their world. */
export class TabEngine extends Engine implements Pick<Effects, 'askToken' | 'emit' | 'remember'> {
  readonly tab: Tab
  readonly #getToken: ConnectionSettings['getToken']
  #loaded: Loaded | undefined

  constructor(world: World, settings: TabSettings & Pick<ConnectionSettings, 'getToken'>) {
    super(world)
    this.#getToken = settings.getToken
    this.tab = new Tab(world, settings)
  }

  /** From now on the tab has an owner that is loaded once one is wanted. What can be stated later is not remembered until then. */
  load(load: () => Promise<() => Loaded>): void {
    const { tab, run, world } = this
    const { agenda, random } = world
    let loading: Promise<void> | undefined
    let wanted = false
    let failures = 0
    const begin = (make: () => Loaded): void => {
      if (tab.connection.status === 'closed') return
      this.#loaded = make()
      tab.owner = this.#loaded.owner
      if (!wanted) return
      tab.restate()
      tab.owner.connect()
    }
    const failed = (error: unknown): void => {
      loading = undefined
      if (!wanted) return
      const retryAt = world.now + LOAD_MS * (1 + random()) * 2 ** Math.min(failures++, 4)
      const cause = { class: 'app', reason: `a part of the library could not be loaded: ${String(error)}` } as const
      tab.state({ ...IDLE, status: 'waiting', cause, retryAt, attempts: failures })
      agenda.set(connect, retryAt, connect)
    }
    const connect = (): void => {
      wanted = true
      agenda.delete(connect)
      tab.state({ ...IDLE, status: 'connecting' })
      loading ??= load().then(
        (make) => run(() => begin(make)),
        (error) => run(() => failed(error)),
      )
    }
    const nothing = (): void => {}
    this.#unload()
    tab.owner = {
      traffic: noTraffic(),
      sharing: { placement: 'tab', tabs: 1 },
      connect,
      need() {
        if (tab.connection.status === 'idle') connect()
      },
      leave(status) {
        wanted = false
        agenda.delete(connect)
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
    this.#unload()
  }

  #unload(): void {
    this.#loaded?.stop?.()
    this.#loaded = undefined
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
      const given = this.#getToken?.()
      if (given && typeof given === 'object') given.then(token, problem)
      else token(given)
    } catch (error) {
      problem(error)
    }
  }
}
