// Streams and polls in a real browser, from a page of another origin, through proxies that refuse upgrades and hold answers back.

import type { BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openProxy, type Proxy, type ProxyRules } from '../transports/harness/proxy.ts'
import { openBrowser } from './harness/browser.ts'
import { enterDemo, openDemo } from './harness/demo.ts'
import { eventually } from './harness/eventually.ts'
import { startGateway, type RunningGateway } from './harness/gateway.ts'
import { servePage, type PageServer } from './harness/page-server.ts'

const open = openBrowser()
let server: PageServer
let gateway: RunningGateway
beforeAll(async () => {
  server = await servePage('network')
  gateway = await startGateway(['--dev', '--allow-origin', server.origin])
})
afterAll(async () => {
  await gateway.stop()
  await server.close()
})

async function proxyOf(rules: ProxyRules): Promise<Proxy> {
  const proxy = await openProxy(gateway.port, rules)
  onTestFinished(() => proxy.close())
  return proxy
}

async function pageOf(context: BrowserContext, proxy: Proxy, channel: string, hash = ''): Promise<Page> {
  const token = await gateway.token('ada')
  const url = `http://127.0.0.1:${proxy.port}`
  await context.addInitScript((told) => Object.assign(window, { gateway: told }), { url, token, channel })
  const page = await context.newPage()
  await page.goto(`${server.origin}/network.html${hash}`)
  return page
}

/** What the page travels over while it is connected. */
const over = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => (window.client.status === 'connected' ? window.client.stats().transport : undefined))
const seen = (page: Page): Promise<number[]> => page.evaluate(() => window.seen)
const transports = async (): Promise<string[]> => (await gateway.connections()).map(({ transport }) => transport)
const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

async function publish(channel: string, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n++) await gateway.publish(channel, { n })
}

it('FALL-2, FALL-6, FALL-7: where upgrades are refused a stream carries it, is remembered, and gives way once they pass', async () => {
  const proxy = await proxyOf({ upgrades: 'refuse' })
  const page = await pageOf(await open(), proxy, 'chat:sse', '#core')
  await eventually(() => over(page)).toBe('sse')
  await publish('chat:sse', 1, 50)
  await page.evaluate(() => window.client.publish('chat:sse', { n: 51 }))
  await eventually(() => seen(page)).toEqual(upTo(51))
  expect(await transports()).toEqual(['sse'])
  const remembered = (): Promise<boolean> =>
    page.evaluate(() =>
      Object.entries(localStorage).some(([key, value]) => key.includes('transport') && value.includes('sse')),
    )
  await eventually(remembered).toBe(true)

  const upgrades = proxy.asked.length
  await page.reload()
  await eventually(() => over(page)).toBe('sse')
  expect(proxy.asked.slice(upgrades).filter((path) => path.startsWith('upgrade'))).toEqual([])
  await eventually(() => page.evaluate(() => window.client.stats().attempts)).toBe(0)

  proxy.rules.upgrades = 'pass'
  await page.evaluate(() => dispatchEvent(new Event('online')))
  let published = 51
  while ((await over(page)) !== 'websocket') await publish('chat:sse', ++published, published)
  await publish('chat:sse', published + 1, published + 20)
  await eventually(() => seen(page)).toEqual(upTo(published + 20).slice(51))
  await eventually(transports).toEqual(['websocket'])
  expect(await page.evaluate(() => window.client.errors())).toEqual([])
})

it('FALL-3: where answers are held back too, polls carry it', async () => {
  const proxy = await proxyOf({ upgrades: 'refuse', buffers: true })
  const page = await pageOf(await open(), proxy, 'chat:poll')
  await eventually(() => over(page)).toBe('poll')
  await publish('chat:poll', 1, 50)
  await page.evaluate(() => window.client.publish('chat:poll', { n: 51 }))
  await eventually(() => seen(page)).toEqual(upTo(51))
  expect(await transports()).toEqual(['poll'])
  await page.evaluate(() => window.client.close())
  await eventually(transports).toEqual([])
})

it('FALL-10: a page that is put away leaves no stream behind, and goes on when it comes back', async () => {
  const proxy = await proxyOf({ upgrades: 'refuse' })
  const page = await pageOf(await open(), proxy, 'chat:away')
  await eventually(() => over(page)).toBe('sse')
  await publish('chat:away', 1, 5)
  await eventually(() => seen(page)).toEqual(upTo(5))
  await page.goto('about:blank')
  await eventually(transports).toEqual([])
  await publish('chat:away', 6, 10)
  await page.goBack()
  await eventually(() => over(page)).toBe('sse')
  await publish('chat:away', 11, 12)
  await eventually(async () => (await seen(page)).slice(-2)).toEqual([11, 12])
})

it('FALL-1: tabs that share a connection share a stream where upgrades are refused', async () => {
  const proxy = await proxyOf({ upgrades: 'refuse' })
  const context = await open()
  const url = `http://127.0.0.1:${proxy.port}/`
  const first = await enterDemo(context, url, 'ada')
  const second = await openDemo(context, url)
  await second.status('connected')
  await first.say('over a stream')
  await second.message('over a stream').waitFor()
  expect(await transports()).toEqual(['sse'])
  await first.page.close()
  await second.say('still there')
  await second.message('still there').locator('.tick.stored').waitFor()
  expect(await transports()).toEqual(['sse'])
})
