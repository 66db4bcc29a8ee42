// A tab in virtual time that shares its connection: the real machines of the client in a page of a virtual browser. Hangs and
// crashes with its page, and with it the owner that it may house.

import type { Client, ClientOptions } from '../client/api.ts'
import { LibraryClient } from '../client/client.ts'
import type { Hint } from '../client/connection/settings.ts'
import { attend } from '../client/tab/attend.ts'
import { leaderTab } from '../client/sharing/leader-tab.ts'
import { RemoteOwner } from '../client/sharing/remote-owner.ts'
import { yielding } from '../client/sharing/yielding.ts'
import { inspection, report, type PageReport } from '../client/inspection/report.ts'
import { TabEngine } from '../client/tab/tab-engine.ts'
import type { VirtualBrowser, VirtualPage } from './virtual-browser.ts'
import type { VirtualLink } from './virtual-link.ts'
import { VirtualPageWorld } from './virtual-page-world.ts'
import type { VirtualTime } from './virtual-time.ts'
import type { VirtualWorker } from './virtual-worker.ts'

/** As every browser and Node have it. */
declare function structuredClone<Value>(value: Value): Value

/** What a virtual tab is made with. */
export interface VirtualTabOptions {
  readonly time: VirtualTime
  readonly browser: VirtualBrowser
  readonly dial: () => VirtualLink | undefined
  /** Who is signed in. */
  readonly user: string
  readonly seed: number
  readonly visible?: boolean
  readonly lingerMs?: number
  readonly hidden?: ClientOptions['hidden']
  /** The worker that it shares by. Default: none, it elects a leader with the others. */
  readonly worker?: Pick<VirtualWorker, 'place'>
}

/** One tab with one client. */
export class VirtualTab {
  readonly page: VirtualPage
  readonly client: Client
  readonly engine: TabEngine
  readonly owner: RemoteOwner
  /** Other names that the browser was given. */
  readonly names: string[] = []
  /** Why the tab has a connection of its own, once it has one. */
  aloneWhy: string | undefined
  readonly #world: VirtualPageWorld
  readonly #seen = new Set<(visible: boolean) => void>()
  #visible: boolean

  constructor(options: VirtualTabOptions) {
    const { browser, time, dial, user, seed, visible = true, lingerMs = 250, hidden, worker } = options
    this.#visible = visible
    this.page = browser.open()
    this.#world = new VirtualPageWorld(this.page, time, dial)
    const world = this.#world.of(seed)
    const settings = {
      connectTimeoutMs: 10_000,
      hidden,
      transports: ['websocket'] as const,
      lingerMs,
      getToken: () => user,
      term: time.now,
      hello: { origin: { browser: 'browser', tab: `tab-${seed}` }, slot: 'shared' },
    }
    this.engine = new TabEngine(world, settings)
    const { getToken: _, lingerMs: __, ...others } = settings
    const place = leaderTab(
      {
        env: world,
        run: this.engine.run,
        locks: this.page.locks,
        host: { world: () => this.#world.of(seed + 500) },
        broadcast: (heard) => this.#broadcast(heard),
        look: (seen) => {
          seen(this.#visible)
          this.#seen.add(seen)
          return () => void this.#seen.delete(seen)
        },
        later: (act) => this.page.soon(act, 0),
      },
      `instance-${seed}`,
    )
    this.owner = new RemoteOwner(world, this.engine.tab, {
      placements: worker
        ? [yielding(worker.place(this.page, `instance-${seed}`), (heard) => this.#broadcast(heard)), place]
        : [place],
      url: 'wss://host/realtime',
      identity: undefined,
      tokens: true,
      subject: (token) => token,
      owner: () => ({ ...others, term: Math.ceil(time.now), url: 'wss://host/realtime', debug: false }),
      alone: (why) => (this.aloneWhy = why),
      renamed: (name) => this.names.push(name),
      remember: () => {},
      run: this.engine.run,
      visible,
    })
    this.engine.tab.owner = this.owner
    attend(this.engine)
    const mine = (): PageReport => report(this.engine.tab, { tab: `tab-${seed}`, page: `page-${seed}` }, true)
    this.client = new LibraryClient(
      this.engine,
      { getToken: settings.getToken },
      `key-${seed}`,
      () => Promise.resolve(inspection(mine(), [])),
      () => {},
    )
  }

  /** Live links of owners in this tab. */
  get links(): number {
    return this.#world.links.size
  }

  /** What listeners threw. */
  get failures(): readonly unknown[] {
    return this.#world.failures
  }

  /** Shown or hidden. */
  see(visible: boolean): void {
    this.#visible = visible
    const hint: Hint = visible ? 'visible' : 'hidden'
    this.page.when(() => {
      for (const seen of this.#seen) seen(visible)
      this.engine.run(() => this.owner.hint(hint))
    })
  }

  /** Put aside or frozen, and told so. */
  suspend(): void {
    this.page.when(() => this.engine.run(() => this.owner.suspend()))
  }

  /** Back. */
  resume(): void {
    this.page.when(() => this.engine.run(() => this.owner.resume()))
  }

  /** Gone without a word, and its links with it. */
  crash(): void {
    this.page.crash()
    this.#world.cut()
  }

  /** The links of owners in this tab break. */
  cut(): void {
    this.#world.cut()
  }

  #broadcast(heard: (message: unknown) => void): { post(message: unknown): void; close(): void } {
    const { listeners } = this.page
    listeners.add(heard)
    return {
      post: (message) => this.page.broadcast(structuredClone(message)),
      close: () => void listeners.delete(heard),
    }
  }
}
