// Publishes that nobody had answered when their page went away: by a reload, by a crash.

import type { BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openBrowser } from './harness/browser.ts'
import { eventually } from './harness/eventually.ts'
import { startGateway, type RunningGateway } from './harness/gateway.ts'
import { servePage, type PageServer } from './harness/page-server.ts'

const open = openBrowser()
let server: PageServer
let gateway: RunningGateway
let channel = 'chat:outbox-0'
let tests = 0
beforeAll(async () => {
  server = await servePage('outbox')
  gateway = await start(0)
})
afterAll(async () => {
  await gateway.stop()
  await server.close()
})
beforeEach(() => {
  channel = `chat:outbox-${++tests}`
})

const start = (port: number) =>
  startGateway(['--dev', '--jwt-secret', 'secret-of-the-outbox-tests-32-bytes', '--allow-origin', server.origin], port)
const outbox = (page: Page) => page.evaluate(() => window.outbox())
const settled = (page: Page) => page.evaluate(() => window.settled)
const say = (page: Page, ...numbers: number[]) => page.evaluate((all) => window.say(...all), numbers)

/** What the channel has, in its order. */
async function stored(): Promise<number[]> {
  const response = await fetch(`${gateway.url}/api/v1/channels/${channel}/history`)
  const { publications } = (await response.json()) as { publications: { data: { n: number } }[] }
  return publications.map(({ data }) => data.n)
}

async function openSignedIn(name: string): Promise<BrowserContext> {
  const context = await open()
  const token = await gateway.token(name)
  await context.addInitScript(`window.gateway = ${JSON.stringify({ url: gateway.url, token, channel })}`)
  return context
}

async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${server.origin}/outbox.html`)
  await eventually(async () => (await outbox(page)).state).toBe('on')
  return page
}

/** Nobody writes to the disk any more: what was said is there. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  void session.send('Page.crash').catch(() => {})
  await crashed
}

it('CLI-13, CLI-14: what was published while the gateway was down survives a reload, in order, and is stored once', async () => {
  const page = await openPage(await openSignedIn('reloader'))
  await gateway.kill()
  // What is said before the page knows it is sent to nobody, and may have been done.
  await eventually(async () => (await outbox(page)).status).not.toBe('connected')
  await say(page, 1, 2, 3)
  expect((await outbox(page)).count).toBe(3)
  await eventually(() => onDisk(page)).toBe(3)
  await page.reload()
  await eventually(() => outbox(page)).toMatchObject({ count: 3, adopted: 3 })
  await say(page, 4)
  await page.reload()
  await eventually(() => outbox(page)).toMatchObject({ state: 'on' })
  await say(page, 5)
  const before = (await outbox(page)).count
  gateway = await start(gateway.port)
  await eventually(() => outbox(page)).toMatchObject({ count: 0 })
  const numbers = await stored()
  // The reload may have come before 4 was on disk: then it was never sent, and its promise went with its page.
  expect(numbers).toEqual(before === 5 ? [1, 2, 3, 4, 5] : [1, 2, 3, 5])
  expect(await settled(page)).toEqual(numbers.slice(0, -1).map(() => 'stored'))
  await eventually(() => onDisk(page)).toBe(0)
})

it('CLI-13: what a crashed tab had sent and nobody answered is sent by a new tab, and stored once', async () => {
  const context = await openSignedIn('crasher')
  const page = await openPage(context)
  await say(page, 0)
  await eventually(async () => stored()).toEqual([0])
  process.kill(gateway.pid, 'SIGSTOP')
  try {
    await say(page, 1, 2, 3)
    await eventually(() => onDisk(page)).toBe(3)
    await crash(page)
  } finally {
    process.kill(gateway.pid, 'SIGCONT')
  }
  const next = await openPage(context)
  await eventually(() => settled(next)).toEqual(['stored', 'stored', 'stored'])
  await eventually(async () => (await outbox(next)).adopted).toBe(3)
  expect(await stored()).toEqual([0, 1, 2, 3])
  await eventually(() => onDisk(next)).toBe(0)
})

it('CLI-15: what another tab waits for is left to it while that lives', async () => {
  const context = await openSignedIn('neighbour')
  const first = await openPage(context)
  await gateway.kill()
  await say(first, 1, 2)
  await eventually(() => onDisk(first)).toBe(2)
  const second = await openPage(context)
  expect(await outbox(second)).toMatchObject({ count: 0, state: 'on', adopted: 0 })
  const crashing = crash(first)
  await crashing
  const third = await openPage(context)
  await eventually(() => outbox(third)).toMatchObject({ count: 2, state: 'on', adopted: 2 })
  await third.close()
  gateway = await start(gateway.port)
})

it('what one person left is not sent by another in the same browser', async () => {
  const context = await openSignedIn('first person')
  const page = await openPage(context)
  await gateway.kill()
  await say(page, 1)
  await eventually(() => onDisk(page)).toBe(1)
  gateway = await start(gateway.port)
  const token = await gateway.token('second person')
  await context.addInitScript(`window.gateway = ${JSON.stringify({ url: gateway.url, token, channel })}`)
  await crash(page)
  const next = await openPage(context)
  expect(await outbox(next)).toMatchObject({ count: 0, state: 'on', adopted: 0 })
})

it('without IndexedDB the client works, and says once that it keeps nothing', async () => {
  const context = await openSignedIn('forgetful')
  await context.addInitScript(
    'IDBFactory.prototype.open = () => { throw new DOMException("blocked", "SecurityError") }',
  )
  const page = await context.newPage()
  const warnings: string[] = []
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()))
  await page.goto(`${server.origin}/outbox.html`)
  await say(page, 1, 2)
  await eventually(stored).toEqual([1, 2])
  await eventually(() => outbox(page)).toMatchObject({ count: 0, state: 'off', adopted: 0 })
  expect(warnings).toEqual([expect.stringContaining('publishes are not persisted')])
})

/** How many records the disk has. */
function onDisk(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('staywire', 1)
        opening.onerror = () => reject(opening.error ?? new Error('not opened'))
        opening.onsuccess = () => {
          const database = opening.result
          const counting = database.transaction('outbox').objectStore('outbox').count()
          counting.onsuccess = () => {
            database.close()
            resolve(counting.result)
          }
        }
      }),
  )
}
