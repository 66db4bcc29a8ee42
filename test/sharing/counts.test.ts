// One connection per browser, counted by the server, whatever people do with their tabs; and beside it what the same pages cost
// when each component holds a Socket.IO client of its own.

import { Server as SocketIo } from 'socket.io'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../browser/harness/eventually.ts'
import { startGateway, type RunningGateway } from '../browser/harness/gateway.ts'
import { printFigures } from '../figures.ts'
import { launchChromium } from './harness/chromium.ts'
import { launchFirefox } from './harness/firefox.ts'
import { buildPages } from './harness/pages.ts'
import type { Person, Tab, TestBrowser } from './harness/person.ts'
import { openSite, SECRET, type Site } from './harness/site.ts'
import { connectionsOf, goneWithin2s, hears, live, openTabs } from './harness/visits.ts'
import { launchWebKit } from './harness/webkit.ts'
import { openWorkbench, type Workbench } from './harness/workbench.ts'

/** What people do, and how often. */
interface Amount {
  /** Tabs open at once, in turn. */
  readonly tabs: readonly number[]
  readonly reloads: number
  readonly routes: number
  readonly hotReloads: number
}

const ALL: Amount = { tabs: [1, 5, 20], reloads: 50, routes: 200, hotReloads: 50 }
/** What is done in each run of the tests: the same things, less often. */
const SOME: Amount = { tabs: [1, 5, 20], reloads: 6, routes: 20, hotReloads: 3 }
/** Slower drivers do the same things less often, and so does a browser that holds back the many connections of Socket.IO. */
const LESS: Amount = { tabs: [1, 5], reloads: 4, routes: 15, hotReloads: 3 }
/** `STAYWIRE_SHARING=full`: everybody does everything. Takes some ten minutes. */
const FULL = process.env['STAYWIRE_SHARING'] === 'full'
const amountOf = (quick: Amount): Amount => (FULL ? ALL : quick)
const TIMEOUT_MS = FULL ? 900_000 : 180_000

let gateway: RunningGateway
let site: Site
let workbench: Workbench
let socketIo: SocketIo[]
beforeAll(async () => {
  gateway = await startGateway(['--dev', '--jwt-secret', SECRET])
  site = await openSite(gateway.port, await buildPages(['react', 'vue']))
  workbench = await openWorkbench(gateway.port)
  socketIo = [site, workbench.site].map(({ http }) => new SocketIo(http, { destroyUpgrade: false }))
})
afterAll(async () => {
  for (const server of socketIo) await server.close()
  await workbench.close()
  await site.close()
  await gateway.stop()
})

/** A way to get messages, and how to count what it holds open. */
interface Way {
  readonly over: 'staywire' | 'socket.io'
  count(user: string): Promise<number>
}
const staywire: Way = { over: 'staywire', count: (user) => connectionsOf(gateway, user) }
const perComponent: Way = {
  over: 'socket.io',
  count: async () => socketIo.reduce((sum, { engine }) => sum + engine.clientsCount, 0),
}

/** Counts at the quiet moments of a visit, by what was done before. */
type Counts = Map<string, Set<number>>

/** One person's visit: tabs are opened, reloaded and sent through the rooms; after each step everything is live and counted. */
class Visit {
  readonly counts: Counts = new Map()
  readonly #way: Way
  readonly #user: string
  readonly #person: Person
  readonly #url: (at: Site) => string
  #tabs: Tab[] = []

  constructor(way: Way, person: Person, app: string, user: string) {
    this.#way = way
    this.#person = person
    this.#user = user
    this.#url = ({ origin }) => `${origin}/${app}.html?user=${user}&over=${way.over}`
  }

  get tabs(): readonly Tab[] {
    return this.#tabs
  }

  /** All but hot reloads. Most happens in five tabs, for the sake of those who wait for the test. */
  async everything({ tabs, reloads, routes }: Amount): Promise<void> {
    for (const total of tabs) {
      await this.open(total)
      if (total !== 5) continue
      await this.reload(reloads)
      await this.changeRoutes(routes)
    }
  }

  async open(total: number): Promise<void> {
    this.#tabs.push(...(await openTabs(this.#person, this.#url(site), total - this.#tabs.length)))
    await this.#count(tabsOf(total))
  }

  async reload(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const tab = this.#tabs[(i * 7) % this.#tabs.length]!
      await tab.reload()
      await live(tab)
      await this.#count(`${times} reloads`)
    }
  }

  /** Goes through rooms by the router; most changes come before the last one is done. */
  async changeRoutes(times: number): Promise<void> {
    for (let i = 1; i <= times; i++) {
      const tab = this.#tabs[i % this.#tabs.length]!
      const room = i > times - this.#tabs.length ? 'hall' : `room-${i % 3}`
      await tab.evaluate(`visit.go('${room}')`)
      if (i % 10 !== 0) continue
      await tab.evaluate(`visit.putAside(${i % 20 === 0})`)
      await live(tab, room)
      await this.#count(`${times} route changes`)
    }
    for (const tab of this.#tabs) {
      await tab.evaluate('visit.putAside(false)')
      await live(tab)
    }
    await this.#count(`${times} route changes`)
  }

  async reloadHot(file: string, times: number): Promise<void> {
    const tab = await this.#person.openTab(this.#url(workbench.site))
    await live(tab)
    await this.closeAll()
    this.#tabs = [tab]
    await eventually(() => workbench.pages()).toBe(1)
    await tab.evaluate('void (window.sameLoad = true)')
    for (let edition = 1; edition <= times; edition++) {
      await workbench.edit(file, edition)
      await live(tab, 'hall', edition)
      await this.#count(`${times} hot reloads`)
    }
    expect(await tab.evaluate('window.sameLoad'), 'the page was never loaded anew').toBe(true)
  }

  async closeAll(): Promise<void> {
    for (const tab of this.#tabs.splice(0)) await tab.close()
  }

  async #count(after: string): Promise<void> {
    const counts = this.counts.get(after) ?? new Set()
    this.counts.set(after, counts.add(await this.#way.count(this.#user)))
  }
}

const browsers = [
  { name: 'Chromium', launch: launchChromium, amount: amountOf(SOME) },
  { name: 'Firefox', launch: launchFirefox, amount: amountOf(LESS) },
  { name: 'WebKitGTK', launch: launchWebKit, amount: amountOf(LESS) },
]
const figures: [name: string, counts: Counts][] = []
afterAll(() => printFigures(table(figures)))

describe.each(browsers)('$name', ({ name, launch, amount }) => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())

  it(
    'tabs, reloads and route changes in React hold one connection, and leave none',
    async () => {
      const user = `${name}-react`
      const visit = new Visit(staywire, await browser.newPerson(), 'react', user)
      figures.push([`Staywire, React in ${name}`, visit.counts])
      await visit.everything(amount)
      expect(always(visit.counts)).toEqual([1])
      await hears(gateway, visit.tabs, 'chat:hall-1', 'hello', 2)
      await eventually(() => subscriptionsOf(user)).toEqual([0, 1, 2, 3, 4].map((n) => `chat:hall-${n}`))
      await visit.closeAll()
      await goneWithin2s(gateway, user)
    },
    TIMEOUT_MS,
  )

  it(
    'tabs, reloads and route changes in Vue hold one connection, and leave none',
    async () => {
      const user = `${name}-vue`
      const visit = new Visit(staywire, await browser.newPerson(), 'vue', user)
      await visit.open(3)
      await visit.reload(amount.reloads / 2)
      await visit.changeRoutes(amount.routes / 2)
      expect(always(visit.counts)).toEqual([1])
      await hears(gateway, visit.tabs, 'chat:hall-1', 'hello', 2)
      await visit.closeAll()
      await goneWithin2s(gateway, user)
    },
    TIMEOUT_MS,
  )

  it(
    'what is edited under a running page in development holds one connection',
    async () => {
      for (const [app, file] of [
        ['react', 'feed.tsx'],
        ['vue', 'vue-feed.ts'],
      ] as const) {
        const user = `${name}-hot-${app}`
        const visit = new Visit(staywire, await browser.newPerson(), app, user)
        if (app === 'react') figures.push([`Staywire, hot ${app} in ${name}`, visit.counts])
        await visit.reloadHot(file, amount.hotReloads)
        expect(always(visit.counts)).toEqual([1])
        await visit.closeAll()
        await goneWithin2s(gateway, user)
      }
    },
    TIMEOUT_MS,
  )

  it('somebody else’s browser is another connection, of the same user too', async () => {
    const user = `${name}-twice`
    for (let people = 1; people <= 2; people++) {
      const visit = new Visit(staywire, await browser.newPerson(), 'react', user)
      await visit.open(2)
      expect(always(visit.counts)).toEqual([people])
    }
  })
})

describe('a Socket.IO client for each component', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  it(
    'holds as many connections as there are components in all tabs',
    async () => {
      const visit = new Visit(perComponent, await browser.newPerson(), 'react', 'socket')
      figures.push(['Socket.IO, React in Chromium', visit.counts])
      const amount = amountOf({ tabs: LESS.tabs, reloads: 3, routes: 10, hotReloads: 3 })
      await visit.everything(amount)
      await visit.reloadHot('feed.tsx', amount.hotReloads)
      for (const total of amount.tabs) expect(visit.counts.get(tabsOf(total))).toEqual(new Set([10 * total]))
    },
    TIMEOUT_MS,
  )
})

function tabsOf(total: number): string {
  return `${total} ${total === 1 ? 'tab' : 'tabs'}`
}

/** Every count that there was, once. */
function always(counts: Counts): readonly number[] {
  return [...new Set([...counts.values()].flatMap((set) => [...set]))]
}

/** What `user` is subscribed to, but for their own channel. */
async function subscriptionsOf(user: string): Promise<readonly string[]> {
  const mine = (await gateway.connections()).filter((connection) => connection.user === user)
  return mine.flatMap(({ subscriptions }) => subscriptions.filter((channel) => !channel.startsWith('@'))).toSorted()
}

function table(rows: typeof figures): string {
  const lines = rows.flatMap(([name, counts]) => [
    `  ${name}`,
    ...[...counts].map(
      ([after, set]) => `    ${after.padEnd(20)} ${Math.min(...set)}${set.size > 1 ? `–${Math.max(...set)}` : ''}`,
    ),
  ])
  return ['Connections that the server counts, 10 components in each tab:', ...lines].join('\n')
}
