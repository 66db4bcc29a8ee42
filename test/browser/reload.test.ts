// The main promise in a real browser: reloads under load lose nothing, double nothing, and keep the order.

import type { BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from './harness/browser.ts'
import { eventually } from './harness/eventually.ts'
import { startGateway, type RunningGateway } from './harness/gateway.ts'
import { servePage, type PageServer } from './harness/page-server.ts'

const TABS = 3
const PUBLICATIONS = 1_000
const ROUNDS = 20
/** Every second round reloads its tab twice. */
const RELOADS = ROUNDS * 1.5
const CHANNEL = 'chat:recorder'
const WAIT_MS = 60_000

const open = openBrowser()
let server: PageServer
let gateway: RunningGateway
beforeAll(async () => {
  server = await servePage('recorder')
  gateway = await startGateway(['--dev', '--allow-origin', server.origin])
})
afterAll(async () => {
  await gateway.stop()
  await server.close()
})

const logOf = (page: Page) => page.evaluate(() => sessionStorage.getItem('log') ?? '')
const live = (page: Page) => page.waitForFunction(() => document.title === 'live', undefined, { timeout: WAIT_MS })

/**
 * Publishes `{ n: from }`, `{ n: from + 1 }` … one after another. Each share is published while one tab reloads, so that no tab
 * can miss more than recovery brings back, however slow the machine is.
 */
async function publishShare(from: number): Promise<void> {
  for (let n = from; n < from + PUBLICATIONS / ROUNDS; n++) expect(await gateway.publish(CHANNEL, { n })).toBe(n)
}

/** Reloads a tab, `twice`: the second time while the first has only begun. */
async function reload(page: Page, twice: boolean): Promise<void> {
  await beginReload(page)
  if (twice) await beginReload(page)
}

/** The browser refuses a reload in the very moment in which it changes pages, however often it is asked in that moment. */
async function beginReload(page: Page): Promise<void> {
  try {
    await page.reload({ waitUntil: 'commit' })
  } catch (error) {
    if (!String(error).includes('Not attached to an active page')) throw error
    await beginReload(page)
  }
}

/** Opens the recording page in a new tab. */
async function openRecorder(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${server.origin}/recorder.html`)
  await live(page)
  return page
}

/** A browser whose pages know where the gateway is. */
async function openSignedIn(): Promise<BrowserContext> {
  const context = await open()
  const token = await gateway.token('recorder')
  await context.addInitScript(`window.gateway = ${JSON.stringify({ url: gateway.url, token, channel: CHANNEL })}`)
  return context
}

/**
 * What a tab may have written: offsets 1, 2, 3 … each once and in order, with `n` to match; a gap may stand for exactly the
 * offsets that it names. Answers how many were skipped by honest gaps.
 */
function judge(log: string): { last: number; skipped: number } {
  let last = 0
  let skipped = 0
  for (const line of log.trim().split('\n')) {
    const [what, first, second] = line.split(' ')
    if (what === 'publication') {
      expect(line).toBe(`publication ${last + 1} ${last + 1}`)
      last++
    } else if (what === 'gap') {
      expect(Number(first)).toBe(last)
      skipped += Number(second) - last
      last = Number(second)
    } else expect(['live', 'recovered']).toContain(what)
  }
  return { last, skipped }
}

it(`${TABS} tabs see ${PUBLICATIONS} publications through ${RELOADS} reloads without a loss, a double or disorder`, async () => {
  const context = await openSignedIn()
  const pages: Page[] = []
  for (let i = 0; i < TABS; i++) pages.push(await openRecorder(context))

  for (let i = 0; i < ROUNDS; i++) {
    await Promise.all(pages.map(live))
    const page = pages[i % TABS]!
    await Promise.all([publishShare(1 + (i * PUBLICATIONS) / ROUNDS), reload(page, i % 2 === 1)])
  }
  for (const page of pages) await eventually(async () => judge(await logOf(page)).last).toBe(PUBLICATIONS)

  const outcomes = await Promise.all(pages.map(logOf))
  const skipped = outcomes.map((log) => judge(log).skipped)
  expect(skipped, 'nothing was out of reach of recovery').toEqual([0, 0, 0])
  expect(outcomes.join('').match(/recovered/g)?.length ?? 0, 'the reloads fell into the publishing').toBeGreaterThan(5)

  await eventually(() => gateway.connections()).toHaveLength(1)
  await Promise.all(pages.map((page) => page.close()))
  // They say that they go: a heartbeat would miss them only after half a minute.
  await expect.poll(() => gateway.connections(), { timeout: 20_000, interval: 20 }).toEqual([])
}, 180_000)

it('a tab that missed more than can be recovered is told exactly what, and goes on from there', async () => {
  const page = await openRecorder(await openSignedIn())
  const begin = await gateway.publish(CHANNEL, { n: 0 })
  await eventually(() => logOf(page)).toContain(`publication ${begin} 0`)
  await page.goto('about:blank')
  await eventually(() => gateway.connections()).toEqual([])
  for (let n = 1; n <= 301; n++) await gateway.publish(CHANNEL, { n })
  await page.goto(`${server.origin}/recorder.html`)
  await live(page)
  const after = await gateway.publish(CHANNEL, { n: 302 })
  const expected = [
    'live',
    `publication ${begin} 0`,
    `gap ${begin} ${begin + 301} too-many`,
    `publication ${after} 302`,
  ]
  await eventually(async () => (await logOf(page)).trim().split('\n')).toEqual(expected)
})
