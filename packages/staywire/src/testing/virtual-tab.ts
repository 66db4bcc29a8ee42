// A tab in virtual time that shares its connection: the real machines of the client in a page of a virtual browser. Hangs and
// crashes with its page, and with it the owner that it may house.

import { Agenda } from '../client/agenda.ts'
import type { Client, ClientOptions } from '../client/api.ts'
import { LibraryClient } from '../client/client.ts'
import type { Hint } from '../client/connection/settings.ts'
import type { Link, LinkListener, Network, Timer, World as ClientWorld } from '../client/world.ts'
import { leaderTab } from '../client/sharing/leader-tab.ts'
import { RemoteOwner } from '../client/sharing/remote-owner.ts'
import { inspection, report, type PageReport } from '../client/inspection/report.ts'
import { TabEngine } from '../client/tab/tab-engine.ts'
import { utf8Length } from '../protocol/byte-length.ts'
import { seededRandom } from './seeded-random.ts'
import type { VirtualBrowser, VirtualPage } from './virtual-browser.ts'
import type { VirtualLink } from './virtual-link.ts'
import type { VirtualTime } from './virtual-time.ts'

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
}

/** One tab with one client. */
export class VirtualTab {
  readonly page: VirtualPage
  readonly client: Client
  readonly engine: TabEngine
  readonly owner: RemoteOwner
  /** What listeners threw. */
  readonly failures: unknown[] = []
  /** Why the tab has a connection of its own, once it has one. */
  aloneWhy: string | undefined
  readonly #options: VirtualTabOptions
  readonly #links = new Set<VirtualLink>()
  readonly #seen = new Set<(visible: boolean) => void>()
  #visible: boolean

  constructor(options: VirtualTabOptions) {
    const { browser, time, user, seed, visible = true, lingerMs = 250, hidden } = options
    this.#options = options
    this.#visible = visible
    this.page = browser.open()
    const world = this.#world(seed)
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
        host: { world: () => this.#world(seed + 500) },
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
      placements: [place],
      url: 'wss://host/realtime',
      identity: undefined,
      tokens: true,
      subject: (token) => token,
      owner: () => ({ ...others, term: Math.ceil(time.now), url: 'wss://host/realtime', debug: false }),
      alone: (why) => (this.aloneWhy = why),
      run: this.engine.run,
      visible,
    })
    this.engine.tab.owner = this.owner
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
    return this.#links.size
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
    for (const link of this.#links) link.cut()
  }

  /** The links of owners in this tab break. */
  cut(): void {
    for (const link of this.#links) link.cut()
  }

  #broadcast(heard: (message: unknown) => void): { post(message: unknown): void; close(): void } {
    const { listeners } = this.page
    listeners.add(heard)
    return {
      post: (message) => this.page.broadcast(structuredClone(message)),
      close: () => void listeners.delete(heard),
    }
  }

  /** The world of one engine in this page. */
  #world(seed: number): ClientWorld & Network {
    const { time } = this.#options
    const { page } = this
    return {
      now: time.now,
      out: [],
      agenda: new Agenda(),
      clock: () => time.now,
      random: seededRandom(seed, 'tab'),
      bytes: utf8Length,
      open: (_transport, listener) => this.#open(listener),
      probe: () => new Promise(() => {}),
      remember: () => {},
      timer: (fire) => this.#timer(fire),
      listen: () => () => {},
      later: (act) =>
        page.soon(() => {
          try {
            act()
          } catch (error) {
            this.failures.push(error)
          }
        }, 0),
    }
  }

  #timer(fire: (lateMs: number) => void): Timer {
    const { time } = this.#options
    let dueAt = Infinity
    const timer = this.page.timer(() => fire(time.now - dueAt))
    const arm = (at: number): void => {
      dueAt = at
      timer.arm(at)
    }
    return { arm, stop: () => arm(Infinity) }
  }

  #open({ opened, text, ended }: LinkListener): Link {
    const link = this.#options.dial()
    const { page } = this
    let abandoned = false
    const tell = (act: () => void): void => page.when(() => abandoned || act())
    if (!link) page.soon(() => abandoned || ended({ code: 1006 }))
    else {
      this.#links.add(link)
      link.connect('client', {
        opened: () => tell(opened),
        text: (received) => tell(() => text(received)),
        closed: (code = 1006, reason = '') => tell(() => ended({ code, reason })),
      })
    }
    return {
      send: (sent) => link?.send('client', sent),
      abandon: () => {
        abandoned = true
        link?.close('client', 1000)
        if (link) this.#links.delete(link)
      },
    }
  }
}
