// One connection for all tabs of a browser, held by one of them, in real Chromium: the tab that leads crashes and hangs in the
// middle of everything, and the others go on.

import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createServer, type Server } from 'staywire/server'
import { FLAGS } from '../browser/harness/browser.ts'
import { eventually } from '../browser/harness/eventually.ts'
import { servePage, type PageServer } from '../browser/harness/page-server.ts'
import { printFigures } from '../figures.ts'
import { crash, rendererOf } from './harness/renderers.ts'
import type { Heard } from './pages/storm.ts'

/** `STAYWIRE_SHARING=full`: as often as it takes to believe it. */
const FULL = process.env['STAYWIRE_SHARING'] === 'full'
const CRASHES = FULL ? 20 : 6
const HANGS = FULL ? 5 : 2
const TABS = 4
const EVERY_MS = 100
/** The leader works for so long between two ends of leaders. */
const WORK_MS = 300

const OPEN = { subscribe: true, publish: true, history: { size: 100_000, ttlMs: 600_000 } }
let browser: Browser
let server: Server
let site: PageServer
let context: BrowserContext | undefined
beforeAll(async () => {
  browser = await chromium.launch({
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    // A process for each tab, however many there are, and none in reserve that would be taken for one.
    args: [...FLAGS, '--renderer-process-limit=100', '--disable-features=SpareRendererForSitePerProcess'],
  })
  server = createServer({
    authenticate: ({ token }) => (token ? { user: token } : null),
    anonymous: true,
    channels: { 'chat:*': OPEN },
  })
  const folder = fileURLToPath(new URL('pages/', import.meta.url))
  site = await servePage('storm', { folder, attach: (http) => server.attach(http) })
})
afterEach(() => context?.close())
afterAll(async () => {
  await browser.close()
  await site.close()
  await server.close()
})

/** Tabs of all tests: no two publish the same. */
let made = 0

/** The tabs of one person. */
class Tabs {
  readonly all: Page[] = []
  /** Who dialled last, and when: the leader. */
  dialled: Page | undefined
  #dialledAt = 0
  readonly #context: BrowserContext

  constructor(of: BrowserContext) {
    this.#context = of
  }

  /** Opens a tab that publishes from the start. */
  async open(): Promise<Page> {
    const tab = await this.#context.newPage()
    tab.on('websocket', () => {
      this.dialled = tab
      this.#dialledAt = Date.now()
    })
    this.all.push(tab)
    await tab.goto(`${site.origin}/storm.html`)
    await eventually(() => tab.title()).toBe('connected leader-tab')
    await tab.evaluate(([name, ms]) => window.storm.begin(name, ms), [`tab${made++}`, EVERY_MS] as const)
    return tab
  }

  /** The tab is gone. */
  remove(tab: Page): void {
    this.all.splice(this.all.indexOf(tab), 1)
  }

  get leader(): Page {
    if (!this.dialled) throw new Error('No tab has dialled.')
    return this.dialled
  }

  /** Waits until another tab than `last` leads and all hear again. Answers how long after `since` the first of them did. */
  async takeOver(last: Page, since: number): Promise<number> {
    await eventually(() => this.dialled !== last).toBe(true)
    const times: number[] = []
    for (const tab of this.all.filter((each) => each !== last)) {
      const dialledAt = this.#dialledAt
      const first = () => tab.evaluate((at) => window.storm.heard.find((heard) => heard.at > at)?.at ?? 0, dialledAt)
      await eventually(first).toBeGreaterThan(dialledAt)
      times.push((await first()) - since)
    }
    return Math.min(...times)
  }
}

async function openTabs(): Promise<Tabs> {
  context = await browser.newContext()
  context.setDefaultTimeout(60_000)
  const tabs = new Tabs(context)
  for (let n = 0; n < TABS; n++) await tabs.open()
  return tabs
}

const connections = async (): Promise<number> => (await server.connections.list()).length
const work = () => new Promise((resolve) => setTimeout(resolve, WORK_MS))
const sorted = (times: readonly number[]) => times.toSorted((a, b) => a - b).map((ms) => Math.round(ms))

/** Everything that the channel has. */
async function log(tab: Page): Promise<Heard[]> {
  return tab.evaluate(async () => {
    const all: { offset: number; data: string; at: number }[] = []
    for (let more = true; more;) {
      const { publications } = await window.storm.client.history<string>('chat:storm', {
        after: all.at(-1)?.offset ?? 0,
        limit: 1_000,
      })
      all.push(...publications.map(({ offset = 0, data, at }) => ({ offset, data, at })))
      more = publications.length > 0
    }
    return all
  })
}

/** No loss, no double, order kept: for what every living tab published, and for what it heard. */
async function judge({ all }: Tabs): Promise<number> {
  await Promise.all(all.map((tab) => tab.evaluate(() => window.storm.end())))
  for (const tab of all)
    await eventually(() => tab.evaluate(() => window.storm.made.length - Object.keys(window.storm.ended).length)).toBe(
      0,
    )
  const stored = await log(all[0] as Page)
  const texts = stored.map(({ data }) => data)
  expect(new Set(texts).size).toBe(texts.length)
  for (const tab of all) {
    const { made, ended, outcomes } = await tab.evaluate(() => {
      const { made, ended, outcomes } = window.storm
      return { made, ended, outcomes }
    })
    expect(Object.values(ended).filter((end) => end !== 'stored' && end !== 'again')).toEqual([])
    const mine = new Set(made)
    expect(texts.filter((text) => mine.has(text))).toEqual(made)
    expect(outcomes.filter((outcome) => outcome === 'gap')).toEqual([])
    const heard = () => tab.evaluate(() => window.storm.heard.map(({ offset, data }) => `${offset} ${data}`))
    const first = Number((await heard())[0]?.split(' ')[0])
    const expected = stored.filter(({ offset }) => offset >= first).map(({ offset, data }) => `${offset} ${data}`)
    await eventually(heard).toEqual(expected)
  }
  return stored.length
}

it('ELECT-1, ELECT-9: when the leader’s renderer crashes, again and again, nothing is lost, doubled or out of order', async () => {
  const tabs = await openTabs()
  const times: number[] = []
  for (let n = 0; n < CRASHES; n++) {
    await work()
    const { leader } = tabs
    const since = Date.now()
    await crash(leader)
    tabs.remove(leader)
    times.push(await tabs.takeOver(leader, since))
    await leader.close()
    await tabs.open()
    await eventually(connections).toBe(1)
  }
  const published = await judge(tabs)
  printFigures(
    `leader crashed ${CRASHES} times, ${published} publications by ${TABS} tabs: heard again after ${sorted(times).join(' ')} ms`,
  )
})

it('ELECT-2, ELECT-3: when the leader’s renderer hangs, nothing is lost, doubled or out of order, and it comes back as one of many', async () => {
  const tabs = await openTabs()
  const times: number[] = []
  for (let n = 0; n < HANGS; n++) {
    await work()
    const { leader } = tabs
    const pid = await rendererOf(browser, leader)
    const since = Date.now()
    process.kill(pid, 'SIGSTOP')
    try {
      times.push(await tabs.takeOver(leader, since))
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await eventually(() => leader.title()).toBe('connected leader-tab')
    expect(tabs.leader).not.toBe(leader)
    await eventually(connections).toBe(1)
  }
  const published = await judge(tabs)
  printFigures(
    `leader hung ${HANGS} times, ${published} publications by ${TABS} tabs: heard again after ${sorted(times).join(' ')} ms`,
  )
})

it('LIFE-2: a leader that goes to another site makes room at once, and comes back whole to what it missed', async () => {
  const tabs = await openTabs()
  const { leader } = tabs
  const load = await leader.evaluate(() => performance.timeOrigin)
  const since = Date.now()
  await leader.goto(`${site.origin.replace('127.0.0.1', 'localhost')}/realtime/health`)
  await tabs.takeOver(leader, since)
  await eventually(connections).toBe(1)
  await work()
  // A page out of the cache does not load, which is what is waited for by default.
  await leader.goBack({ waitUntil: 'commit' })
  expect(await leader.evaluate(() => performance.timeOrigin)).toBe(load)
  await eventually(() => leader.title()).toBe('connected leader-tab')
  expect(tabs.leader).not.toBe(leader)
  await eventually(connections).toBe(1)
  await judge(tabs)
})
