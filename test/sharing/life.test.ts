// What happens to browsers between visits: pages put aside and brought back, networks that go, machines that sleep.

import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../browser/harness/eventually.ts'
import { startGateway, type RunningGateway } from '../browser/harness/gateway.ts'
import { printFigures } from '../figures.ts'
import { launchChromium } from './harness/chromium.ts'
import { launchFirefox } from './harness/firefox.ts'
import { buildPages } from './harness/pages.ts'
import type { Person, Tab, TestBrowser } from './harness/person.ts'
import { signalTree } from './harness/process-tree.ts'
import { openSite, SECRET, type Pages, type Site } from './harness/site.ts'
import { connectionsOf } from './harness/visits.ts'
import { launchWebKit } from './harness/webkit.ts'

/** `STAYWIRE_SHARING=full`: offline and asleep for as long as people are. */
const FULL = process.env['STAYWIRE_SHARING'] === 'full'
const OFFLINE_MS = FULL ? 30_000 : 4_000
const ASLEEP_MS = FULL ? 60_000 : 7_000
const CHANNEL = 'chat:life'
const TABS = 3

let pages: Pages
beforeAll(async () => {
  pages = await buildPages(['record'])
})

let gateway: RunningGateway
let site: Site

/** One person's tabs on the recording page. */
async function visit(person: Person, user: string): Promise<Tab[]> {
  const tabs: Tab[] = []
  for (let i = 0; i < TABS; i++) tabs.push(await person.openTab(`${site.origin}/record.html?user=${user}`))
  for (const tab of tabs) await eventually(() => logOf(tab)).toContain('live')
  expect(await connectionsOf(gateway, user)).toBe(1)
  return tabs
}

const logOf = (tab: Tab): Promise<readonly string[]> =>
  tab.evaluate<readonly string[]>('window.recorder?.log ?? []').catch(() => [])

/** Publishes `word 1` to `word count`. */
async function publish(word: string, count: number): Promise<readonly string[]> {
  const texts = Array.from({ length: count }, (_, i) => `${word} ${i + 1}`)
  for (const text of texts) await gateway.publish(CHANNEL, { text })
  return texts
}

/** The tab has been told of exactly these texts, once each and in order, and of no gap. */
async function hasHeard(tab: Tab, texts: readonly string[]): Promise<void> {
  await eventually(async () => (await logOf(tab)).filter((line) => / \d+$/.test(line))).toEqual(texts)
  expect(await logOf(tab)).not.toContain('gap')
}

/** How often the connection of the tab has come back, and how often one ended or could not be had. */
const figuresOf = (tab: Tab) =>
  tab.evaluate<readonly [reconnects: number, endings: number]>(
    '[recorder.client.stats().reconnects, recorder.client.errors().length]',
  )

/** Nobody asks for anything any more, and there is one connection. */
async function isQuiet(user: string): Promise<void> {
  await eventually(() => connectionsOf(gateway, user)).toBe(1)
  site.asked()
  await wait(1_500)
  expect(site.asked(), 'no request while all is well').toEqual({ server: 0, tokens: 0 })
  expect(await connectionsOf(gateway, user)).toBe(1)
}

describe.each([
  { name: 'Chromium', launch: launchChromium, putsAside: true, repeats: false },
  // By its driver it puts no page aside, whatever the page holds: each is loaded anew. What was cut off it asks for again by itself.
  { name: 'Firefox', launch: launchFirefox, putsAside: false, repeats: true },
  { name: 'WebKitGTK', launch: launchWebKit, putsAside: true, repeats: false },
])('$name', ({ name: user, launch, putsAside, repeats }) => {
  let browser: TestBrowser
  let person: Person
  const tabs: Tab[] = []
  beforeAll(async () => {
    const soon = ['--heartbeat-interval-ms', '1000', '--heartbeat-timeout-ms', '1000']
    gateway = await startGateway(['--dev', '--jwt-secret', SECRET, ...soon])
    site = await openSite(gateway.port, pages)
    browser = await launch()
    person = await browser.newPerson()
  })
  afterAll(async () => {
    await person.close()
    await browser.close()
    await site.close()
    await gateway.stop()
  })

  /** Begins with all tabs connected, and an empty log in each. */
  const begin = async (): Promise<void> => {
    await isQuiet(user)
    for (const tab of tabs) await tab.evaluate('void (recorder.log.length = 0)')
  }

  it('sleeps until its token has expired: one connection again, everything recovered, no storm of requests', async () => {
    site.tokensLast(ASLEEP_MS / 2_000)
    tabs.push(...(await visit(person, user)))
    signalTree(browser.pid, 'SIGSTOP')
    const missed = await publish('missed', 20)
    await wait(ASLEEP_MS)
    await eventually(() => connectionsOf(gateway, user), 'the server has found it dead').toBe(0)
    site.tokensLast(3_600)
    site.asked()
    signalTree(browser.pid, 'SIGCONT')
    for (const tab of tabs) await hasHeard(tab, missed)
    await eventually(() => connectionsOf(gateway, user)).toBe(1)
    const { server, tokens } = site.asked()
    printFigures(
      `${user} asleep for ${ASLEEP_MS / 1000} s, ${TABS} tabs: ${server} requests to the server, ${tokens} for tokens`,
    )
    expect(tokens, 'the old one is of no use').toBeGreaterThan(0)
    expect(server + tokens, 'waits between attempts').toBeLessThan(12)
    await isQuiet(user)
  })

  it('LIFE-2: a page that was left and is gone back to has all that is said, over the one connection', async () => {
    await begin()
    const load = await tabs[0]!.evaluate('recorder.load')
    const before = await publish('before', 3)
    for (const tab of tabs) await hasHeard(tab, before)
    // Another site: pages of one site that hold on to each other are not put aside.
    await tabs[0]!.goto(`${site.origin.replace('127.0.0.1', 'localhost')}/realtime/health`)
    const missed = await publish('missed', 3)
    await hasHeard(tabs[1]!, [...before, ...missed])
    await tabs[0]!.evaluate('void history.back()').catch(() => {}) // the page is gone before it answers
    await eventually(() => logOf(tabs[0]!)).toContain(putsAside ? 'recovered' : 'live')
    expect((await tabs[0]!.evaluate('recorder.load')) === load, 'brought back whole').toBe(putsAside)
    const after = await publish('after', 3)
    for (const tab of tabs.slice(1)) await hasHeard(tab, [...before, ...missed, ...after])
    // What is loaded anew begins with what comes then.
    await hasHeard(tabs[0]!, putsAside ? [...before, ...missed, ...after] : after)
    expect((await logOf(tabs[0]!)).filter((line) => line === 'recovered')).toHaveLength(putsAside ? 1 : 0)
    await isQuiet(user)
  })

  it('is offline for a while: one reconnect for all tabs, everything recovered, no storm of requests', async () => {
    await begin()
    const [reconnects, endings] = await figuresOf(tabs[1]!)
    site.asked()
    site.cut()
    const missed = await publish('missed', 20)
    await wait(OFFLINE_MS)
    const { server, tokens } = site.asked()
    const tried = (await figuresOf(tabs[1]!))[1] - endings
    site.mend()
    for (const tab of tabs) await hasHeard(tab, missed)
    for (const tab of tabs.slice(1)) await eventually(async () => (await figuresOf(tab))[0]).toBe(reconnects + 1)
    printFigures(
      `${user} offline for ${OFFLINE_MS / 1000} s, ${TABS} tabs: ${tried} endings, ${server} requests to the server, ${tokens} for tokens`,
    )
    expect(server + tokens, 'tried now and then').toBeGreaterThan(0)
    expect(tried, 'waits between attempts').toBeLessThan(30)
    // For each: a dial, a look whether the server answers, and each tab asked for a token.
    if (!repeats) expect(server + tokens).toBeLessThanOrEqual((tried + 2) * (TABS + 2))
    await isQuiet(user)
  })
})
