// The robust chat in a real browser, with its network cut and its server killed.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from '../browser/harness/browser.ts'
import { eventually } from '../browser/harness/eventually.ts'
import { EXAMPLES, picture, startExample, type RunningExample } from './harness/example.ts'
import { openLine, type Line } from './harness/line.ts'

/** A busy machine may be late, and says so. */
const HEALTH = '[data-health=healthy], [data-health=degraded]'

const open = openBrowser()
let folder: string
let env: Readonly<Record<string, string>>
let example: RunningExample
let line: Line
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'staywire-robust-'))
  const from = join(EXAMPLES, 'robust-chat')
  env = {
    DATA_DIR: relative(from, join(folder, 'data')),
    LOG_DIR: relative(from, join(folder, 'logs')),
    JWT_SECRET: 'who knows this can be anybody in the test',
    // One cut line is enough to be told about.
    ALERT_DROPS_PER_SECOND: '0.001',
    ALERT_WINDOW_MS: '5000',
  }
  example = await startExample('robust-chat', { env })
  line = await openLine(example.port)
})
afterAll(async () => {
  await line?.close()
  await example?.stop()
  await rm(folder, { recursive: true, force: true })
})

const texts = (page: Page) =>
  page.locator('.message').evaluateAll((rows) => rows.map((row) => row.lastChild?.textContent))
const queued = (page: Page, count: number) => page.locator(`.queue[data-count="${count}"]`).waitFor()
const status = (page: Page, name: string) => page.locator(`.pill[data-status=${name}]`).waitFor()

async function say(page: Page, text: string): Promise<void> {
  await page.locator('[name=text]').fill(text)
  await page.locator('[name=text]').press('Enter')
}

async function openTabs(count: number): Promise<Page[]> {
  const context = await open({ viewport: { width: 1080, height: 700 } })
  const pages: Page[] = []
  for (let i = 0; i < count; i++) {
    const page = await context.newPage()
    await page.goto(line.url)
    await status(page, 'connected')
    pages.push(page)
  }
  return pages
}

async function connections(): Promise<number> {
  const { connections: found } = (await example.json('/api/websocket/metrics')) as { connections: { current: number } }
  return found.current
}

it('what is said while the network is cut waits in the queue, and is there once when it is back', async () => {
  const [page, other] = (await openTabs(2)) as [Page, Page]
  await eventually(connections, 'two tabs, one connection').toBe(1)
  await page.locator(HEALTH).waitFor()
  await say(page, 'Everybody here?')
  await queued(page, 0)
  await eventually(() => texts(other)).toEqual(['Everybody here?'])

  line.cut()
  await page.locator('.pill:not([data-status=connected])').waitFor()
  for (const text of ['One', 'Two', 'Three']) await say(page, text)
  await queued(page, 3)
  await page.locator('.notices', { hasText: 'Connection lost' }).waitFor()
  await page.locator('.errors [data-class=network]').first().waitFor()
  await page.locator('[data-health=unreachable]').waitFor()
  const state = (await page.evaluate('wsService.getConnectionState()')) as { status: string; cause: { class: string } }
  expect([state.status === 'connected', state.cause.class]).toEqual([false, 'network'])
  expect(await page.evaluate('wsService.getErrorHistory().length')).toBeGreaterThan(0)
  await page.locator('.state', { hasText: /attempt [2-9] in [1-9]/ }).waitFor()
  await picture(page, 'robust-chat')

  line.mend()
  // Unless it is back by itself in this moment.
  await page
    .locator('.retry')
    .click({ timeout: 1_000 })
    .catch(() => {})
  await queued(page, 0)
  for (const tab of [page, other]) {
    await eventually(() => texts(tab)).toEqual(['Everybody here?', 'One', 'Two', 'Three'])
    await status(tab, 'connected')
    await tab.locator('.notices[data-outcome=recovered]').waitFor()
  }
  await page.locator('.notices', { hasText: 'Connected again' }).waitFor()
  await page.locator(HEALTH).waitFor()
  await eventually(() => page.evaluate('wsService.getStats().outbox.count')).toBe(0)
  await eventually(connections).toBe(1)
})

it('what happened is in the logs, the metrics and the alerts, and metrics start anew on request', async () => {
  const [page] = (await openTabs(1)) as [Page]
  await page.locator('.alerts [data-severity=WARN]', { hasText: 'chat-drops' }).waitFor()

  const log = await readFile(join(folder, 'logs', 'combined.log'), 'utf8')
  const events = log
    .split('\n')
    .filter(Boolean)
    .map((text) => (JSON.parse(text) as { event: string }).event)
  expect(events).toEqual(expect.arrayContaining(['started', 'connected', 'disconnected', 'alert began']))

  expect(await example.json('/api/websocket/status')).toMatchObject({
    health: { status: expect.stringMatching(/^(healthy|degraded)$/) },
  })
  expect(await example.json('/api/websocket/errors')).toMatchObject({ byClass: { network: expect.any(Number) } })
  const init = { method: 'POST' }
  await example.json('/api/websocket/metrics/reset', init)
  expect(await example.json('/api/websocket/metrics')).toMatchObject({ connections: { total: 0 } })
})

it('a server that is killed and comes back has everything, and so has the page', async () => {
  const [page] = (await openTabs(1)) as [Page]
  await eventually(async () => (await texts(page)).length).toBe(4)
  const { port } = example
  await example.kill()
  await page.locator('.pill:not([data-status=connected])').waitFor()
  await say(page, 'Is it dead?')
  await queued(page, 1)
  example = await startExample('robust-chat', { env, port })
  await queued(page, 0)
  await eventually(() => texts(page)).toEqual(['Everybody here?', 'One', 'Two', 'Three', 'Is it dead?'])
  await page.locator('.notices[data-outcome=recovered]').waitFor()
  expect(await page.locator('.notices .problem').count(), 'no gap').toBe(0)
})
