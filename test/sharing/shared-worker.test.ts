// One connection for all tabs of a browser, held by a shared worker, in real Chromium against the library's own server.

import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createServer, type Server } from 'staywire/server'
import { openBrowser } from '../browser/harness/browser.ts'
import { eventually } from '../browser/harness/eventually.ts'
import { servePage, type PageServer } from '../browser/harness/page-server.ts'

const OPEN = { subscribe: true, publish: true, history: { size: 1_000, ttlMs: 600_000 } }
const open = openBrowser()
let server: Server
let page: PageServer
beforeAll(async () => {
  server = createServer({
    authenticate: ({ token }) => (token ? { user: token } : null),
    anonymous: true,
    channels: { 'chat:*': OPEN },
  })
  const folder = fileURLToPath(new URL('pages/', import.meta.url))
  page = await servePage('tab', { folder, attach: (http) => server.attach(http) })
})
afterAll(async () => {
  await page.close()
  await server.close()
})

/** A browser of its own whose tabs make their clients with these options. */
async function browser(options: object = {}): Promise<BrowserContext> {
  const context = await open()
  await context.addInitScript(`window.options = ${JSON.stringify(options)}`)
  return context
}

async function openTab(context: BrowserContext, placement = 'shared-worker'): Promise<Page> {
  const tab = await context.newPage()
  await tab.goto(`${page.origin}/tab.html`)
  await eventually(() => tab.title()).toBe(`connected ${placement}`)
  return tab
}

const connections = async () => (await server.connections.list()).length
const say = (tab: Page, text: string) => tab.evaluate((said) => window.said(said), text)
const logOf = (tab: Page) => tab.evaluate(() => (sessionStorage.getItem('log') ?? '').trim().split('\n'))
/** What it was told, without how its subscriptions came about. */
const publicationsOf = async (tab: Page) => (await logOf(tab)).filter((line) => /^\d/.test(line))
const tabsOf = (tab: Page) => tab.evaluate(() => window.client.stats().sharing.tabs)

it('PORT-5: three tabs are on one connection, and all of them read what each of them publishes', async () => {
  const context = await browser()
  const tabs = [await openTab(context), await openTab(context), await openTab(context)]
  expect(await connections()).toBe(1)
  for (const tab of tabs) await eventually(() => tabsOf(tab)).toBe(3)
  for (const [n, tab] of tabs.entries()) await say(tab, `from ${n}`)
  const [first] = await publicationsOf(tabs[0]!)
  const from = Number(first?.split(' ')[0])
  const expected = [0, 1, 2].map((n) => `${from + n} from ${n}`)
  for (const tab of tabs) await eventually(() => publicationsOf(tab)).toEqual(expected)
})

it('PORT-5: a tab that is closed or reloaded leaves the connection to the others, and the last one takes it along', async () => {
  const context = await browser({ token: 'ada', identity: 'ada' })
  const [first, second, third] = [await openTab(context), await openTab(context), await openTab(context)]
  const [{ id } = { id: '' }] = await server.connections.list()
  await first.close()
  await eventually(() => tabsOf(second)).toBe(2)
  await second.reload()
  await eventually(() => tabsOf(third)).toBe(2)
  await eventually(() => second.title()).toBe('connected shared-worker')
  await say(second, 'still here')
  await eventually(() => publicationsOf(third)).toHaveLength(1)
  expect((await server.connections.list()).map((connection) => connection.id)).toEqual([id])
  await second.close()
  await third.close()
  await expect.poll(connections, { timeout: 2_000, interval: 20 }).toBe(0)
})

it('PORT-6: another person in another tab, and another browser, have connections of their own', async () => {
  const context = await browser({ token: 'ada', identity: 'ada' })
  const ada = await openTab(context)
  await context.addInitScript(`window.options = { token: 'bob', identity: 'bob' }`)
  const bob = await openTab(context)
  await openTab(await browser({ token: 'ada', identity: 'ada' }))
  const users = async () => (await server.connections.list()).map(({ user }) => user).sort()
  await eventually(users).toEqual(['ada', 'ada', 'bob'])
  await ada.evaluate(() => window.client.disconnect({ end: true }))
  await eventually(users).toEqual(['ada', 'bob'])
  await eventually(() => bob.title()).toBe('connected shared-worker')
})

it('PORT-10: who signs out in one tab is signed out in all tabs', async () => {
  const context = await browser({ token: 'ada', identity: 'ada' })
  const [first, second] = [await openTab(context), await openTab(context)]
  await first.evaluate(() => window.client.disconnect({ end: true }))
  await eventually(() => second.title()).toMatch(/^disconnected/)
  await eventually(connections).toBe(0)
  await second.evaluate(() => window.client.connect())
  await eventually(() => first.title()).toMatch(/^connected/)
  expect(await connections()).toBe(1)
})

it('PORT-11: a tab whose token does not say whose it is has a connection of its own, and says why', async () => {
  const context = await browser({ token: 'ada' })
  await openTab(context, 'tab')
  expect(await connections()).toBe(1)
})
