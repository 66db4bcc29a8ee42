// The shared stream: in a real browser whose tabs share, and with a crowd of real clients that do not.

import type { BrowserContext, Page } from 'playwright'
import { createClient, type Client } from 'staywire/client'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openBrowser } from '../browser/harness/browser.ts'
import { eventually } from '../browser/harness/eventually.ts'
import { picture, startExample, type RunningExample } from './harness/example.ts'

const USERS = 200
const TABS = 3
const LOBBY = 'chat:lobby'
/** Clients that dial in one go. */
const BATCH = 40

const open = openBrowser()
let example: RunningExample
beforeAll(async () => {
  example = await startExample('shared-stream', { env: { ENVIRONMENT: 'production', IDLE_MS: '2000' } })
})
afterAll(() => example?.stop())

const metric = async (name: string) => {
  const page = await (await fetch(`${example.url}/metrics`)).text()
  return Number(
    page
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1],
  )
}
const streams = () => metric('sse_active_connections')

async function signIn(name: string): Promise<string> {
  const init = { method: 'POST', body: JSON.stringify({ name }) }
  return ((await example.json('/sign-in', init)) as { token: string }).token
}

async function enter(context: BrowserContext, name: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(example.url)
  await page.locator('#name').fill(name)
  await page.locator('#sign-in button').click()
  await page.locator('[data-status=connected]').waitFor()
  return page
}

async function moreTabs(context: BrowserContext): Promise<void> {
  for (let i = 1; i < TABS; i++) {
    const tab = await context.newPage()
    await tab.goto(example.url)
    await tab.locator('[data-status=connected]').waitFor()
  }
  const shared = context.pages()[0]!.locator('#sharing', { hasText: `${TABS} tabs on one event stream` })
  await shared.waitFor()
}

async function say(page: Page, text: string): Promise<void> {
  await page.locator('[name=text]').fill(text)
  await page.locator('#say button').click()
}

it('three tabs, each with a preloader and a page that ask, are one stream, by worker and by BroadcastChannel', async () => {
  for (const placement of ['shared-worker', 'leader-tab']) {
    const context = await open({ viewport: { width: 900, height: 460 } })
    if (placement === 'leader-tab') await context.addInitScript('delete globalThis.SharedWorker')
    const first = await enter(context, 'ada')
    await moreTabs(context)
    await eventually(streams).toBe(1)
    await first.locator('#sharing', { hasText: placement }).waitFor()

    await say(context.pages()[1]!, `Hello from a second tab, over the ${placement}`)
    await say(first, 'And one stream brings it to all three.')
    for (const tab of context.pages()) await eventually(() => tab.locator('.message').count()).toBeGreaterThan(1)
    if (placement === 'shared-worker') await picture(first, 'shared-stream')

    await first.close()
    const left = context.pages()[0]!
    await say(left, `The first tab has gone: ${placement}`)
    await left.locator('.message', { hasText: `The first tab has gone: ${placement}` }).waitFor()
    await eventually(streams).toBe(1)
    await context.close()
    await eventually(streams).toBe(0)
  }
})

it('the second browser of a person takes the place of the first, which is told', async () => {
  const first = await enter(await open(), 'grace')
  await first.locator('#status', { hasText: 'connected' }).waitFor()
  const second = await enter(await open(), 'grace')
  await first.locator('[data-status=stopped]').waitFor()
  await first.locator('#notice', { hasText: '4507' }).waitFor()
  await eventually(streams).toBe(1)
  await say(second, 'I am here now.')
  await second.locator('.message', { hasText: 'I am here now.' }).waitFor()
})

it('200 people with three tabs each are 200 streams', async () => {
  const evicted = await metric('staywire_evictions_total')
  const heard: string[] = []
  const clients: Client[] = []
  onTestFinished(() => clients.forEach((client) => client.close()))
  const oneOf = async (user: string) => {
    const token = await signIn(user)
    for (let tab = 0; tab < TABS; tab++) {
      const client = createClient(`${example.url}/realtime`, { getToken: () => token, transports: ['sse'] })
      client.subscribe(LOBBY, () => void heard.push(user))
      clients.push(client)
    }
  }
  for (let user = 1; user < USERS; user += BATCH) {
    const some = Array.from({ length: Math.min(BATCH, USERS - user) }, (_, i) => oneOf(`user-${user + i}`))
    await Promise.all(some)
    // Each of the three was let in; each but the last made room.
    await eventually(streams).toBe(Math.min(user + BATCH, USERS) - 1)
    const waiting = () => clients.filter(({ status }) => status !== 'connected' && status !== 'stopped').length
    await eventually(waiting).toBe(0)
  }
  const context = await open()
  const browser = await enter(context, `user-${USERS}`)
  await moreTabs(context)
  await eventually(streams).toBe(USERS)
  expect(await metric('staywire_users')).toBe(USERS)
  expect(clients.filter(({ status }) => status === 'connected')).toHaveLength(USERS - 1)
  expect(new Set(clients.filter(({ status }) => status === 'stopped').map(({ cause }) => cause?.code))).toEqual(
    new Set([4507]),
  )

  await say(browser, 'Hello, all of you')
  await eventually(() => heard.length).toBe(USERS - 1)
  expect(new Set(heard).size, 'each person hears it once').toBe(USERS - 1)
  expect(await streams()).toBe(USERS)
  expect(await metric('staywire_evictions_total')).toBe(evicted + (TABS - 1) * (USERS - 1))
  expect(await metric('sse_connection_duration_seconds_count{status="error"}')).toBeGreaterThanOrEqual(
    (TABS - 1) * (USERS - 1),
  )
})

it('a stream that listens to nothing is closed, and limits are those of the environment', async () => {
  const token = await signIn('idle')
  const client = createClient(`${example.url}/realtime`, { getToken: () => token, transports: ['sse'] })
  onTestFinished(() => client.close())
  await client.connect()
  await eventually(() => client.cause?.code).toBe(4106)

  expect(await example.json('/api/websocket/status')).toMatchObject({ config: { maxConnections: 10_000 } })
  const elsewhere = await startExample('shared-stream')
  onTestFinished(() => elsewhere.stop())
  expect(await elsewhere.json('/api/websocket/status')).toMatchObject({ config: { maxConnections: 100 } })
})
