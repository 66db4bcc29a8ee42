// What happens to browsers between visits: pages put aside and brought back, networks that go, machines that sleep.

import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
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

/** `STAYWIRE_SHARING=full`: offline and asleep for as long as people are. */
const FULL = process.env['STAYWIRE_SHARING'] === 'full'
const OFFLINE_MS = FULL ? 30_000 : 6_000
const ASLEEP_MS = FULL ? 60_000 : 8_000
const CHANNEL = 'chat:life'
const TABS = 3

let pages: Pages
beforeAll(async () => {
  pages = await buildPages(['record'])
})

let gateway: RunningGateway
let site: Site
let person: Person
afterEach(async () => {
  await person.close()
  await site.close()
  await gateway.stop()
})

/** A gateway that finds dead peers soon, and one person's tabs on the recording page. */
async function visit(browser: TestBrowser, user: string, tokenSeconds = 3_600): Promise<Tab[]> {
  const soon = ['--heartbeat-interval-ms', '1000', '--heartbeat-timeout-ms', '1000']
  gateway = await startGateway(['--dev', '--jwt-secret', SECRET, ...soon])
  site = await openSite(gateway.port, pages)
  site.tokensLast(tokenSeconds)
  person = await browser.newPerson()
  const tabs: Tab[] = []
  for (let i = 0; i < TABS; i++) tabs.push(await person.openTab(`${site.origin}/record.html?user=${user}`))
  for (const tab of tabs) await eventually(() => logOf(tab)).toContain('live')
  expect(await connectionsOf(gateway, user)).toBe(1)
  site.asked()
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

/** Nobody asks for anything any more, and there is one connection. */
async function isQuiet(user: string): Promise<void> {
  await eventually(() => connectionsOf(gateway, user)).toBe(1)
  site.asked()
  await wait(1_500)
  expect(site.asked(), 'no request while all is well').toEqual({ server: 0, tokens: 0 })
  expect(await connectionsOf(gateway, user)).toBe(1)
}

describe('Chromium', () => {
  let browser: TestBrowser
  beforeEach(async () => {
    browser = await launchChromium()
  })
  afterEach(() => browser.close())

  it('brings a page back that was put aside whole: it recovers what it missed, over the one connection', async () => {
    const tabs = await visit(browser, 'back')
    const load = await tabs[0]!.evaluate('recorder.load')
    const before = await publish('before', 3)
    for (const tab of tabs) await hasHeard(tab, before)
    // Another site: pages of one site that hold on to each other are not put aside.
    await tabs[0]!.goto(`${site.origin.replace('127.0.0.1', 'localhost')}/realtime/health`)
    const missed = await publish('missed', 3)
    await hasHeard(tabs[1]!, [...before, ...missed])
    await tabs[0]!.evaluate('void history.back()').catch(() => {}) // the page is gone before it answers
    await eventually(() => tabs[0]!.evaluate('window.recorder?.load').catch(() => 0)).toBe(load)
    for (const tab of tabs) await hasHeard(tab, [...before, ...missed])
    expect((await logOf(tabs[0]!)).filter((line) => line === 'recovered')).toHaveLength(1)
    await isQuiet('back')
  })

  it('is offline for a while: one reconnect for all tabs, everything recovered, no storm of requests', async () => {
    const tabs = await visit(browser, 'offline')
    const before = await publish('before', 3)
    for (const tab of tabs) await hasHeard(tab, before)
    site.cut()
    const missed = await publish('missed', 20)
    await wait(OFFLINE_MS)
    const { server, tokens } = site.asked()
    site.mend()
    for (const tab of tabs) await hasHeard(tab, [...before, ...missed])
    for (const tab of tabs) expect(await tab.evaluate('recorder.client.stats().reconnects')).toBe(1)
    printFigures(
      `Offline for ${OFFLINE_MS / 1000} s, ${TABS} tabs: ${server} requests to the server, ${tokens} for tokens`,
    )
    expect(server, 'tried now and then').toBeGreaterThan(0)
    expect(server + tokens, 'waits between attempts').toBeLessThan(30)
    await isQuiet('offline')
  })
})

describe.each([
  { name: 'Chromium', launch: launchChromium },
  { name: 'Firefox', launch: launchFirefox },
])('$name', ({ name, launch }) => {
  let browser: TestBrowser
  beforeEach(async () => {
    browser = await launch()
  })
  afterEach(() => browser.close())

  it('sleeps until its token has expired: one connection again, everything recovered, no storm of requests', async () => {
    const tabs = await visit(browser, `asleep-${name}`, ASLEEP_MS / 2_000)
    const before = await publish('before', 3)
    for (const tab of tabs) await hasHeard(tab, before)
    signalTree(browser.pid, 'SIGSTOP')
    const missed = await publish('missed', 20)
    await wait(ASLEEP_MS)
    expect(await connectionsOf(gateway, `asleep-${name}`), 'the server has found it dead').toBe(0)
    site.tokensLast(3_600)
    site.asked()
    signalTree(browser.pid, 'SIGCONT')
    for (const tab of tabs) await hasHeard(tab, [...before, ...missed])
    await eventually(() => connectionsOf(gateway, `asleep-${name}`)).toBe(1)
    const { server, tokens } = site.asked()
    printFigures(
      `${name} asleep for ${ASLEEP_MS / 1000} s, ${TABS} tabs: ${server} requests to the server, ${tokens} for tokens`,
    )
    expect(tokens, 'the old one is of no use').toBeGreaterThan(0)
    expect(server + tokens, 'waits between attempts').toBeLessThan(12)
    await isQuiet(`asleep-${name}`)
  })
})
