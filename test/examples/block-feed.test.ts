// The block feed in a real browser: whatever happens to the page, the server counts one connection.

import { setTimeout } from 'node:timers/promises'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openBrowser } from '../browser/harness/browser.ts'
import { eventually } from '../browser/harness/eventually.ts'
import { copyExample, picture, startExample, type Copy, type RunningExample } from './harness/example.ts'

interface Status {
  readonly success: boolean
  readonly data: {
    readonly total_clients: number
    readonly active_connections: readonly { readonly subscribed_to: Readonly<Record<string, true>> }[]
  }
}

const open = openBrowser()
let copy: Copy
let example: RunningExample
beforeAll(async () => {
  copy = await copyExample('block-feed')
  example = await startExample('block-feed', { folder: copy.folder, hot: true })
})
afterAll(async () => {
  await example?.stop()
  await copy?.remove()
})

const status = async () => ((await example.json('/ws/status')) as Status).data
/** The channels of each connection, without the one that everybody has for what is meant for them alone. */
const feeds = async () =>
  (await status()).active_connections.map(({ subscribed_to: channels }) =>
    Object.keys(channels)
      .filter((channel) => channel.startsWith('block:'))
      .toSorted(),
  )
const clients = async () => (await status()).total_clients
const blocks = (page: Page, chain: string) => page.locator(`[data-chain=${chain}][data-state=live] .block`)
const checked = (page: Page, chain: string) => page.locator(`[data-chain=${chain}] .block[data-verdict=good]`)

/** Looks at the count again and again until told to stop; answers the highest that it saw. */
function watchClients() {
  let most = 0
  let watching = true
  const done = (async () => {
    for (; watching; await setTimeout(50)) most = Math.max(most, await clients())
  })()
  onTestFinished(() => void (watching = false))
  return async () => {
    watching = false
    await done
    return most
  }
}

async function openTab(context: Awaited<ReturnType<typeof open>>, path = '/'): Promise<Page> {
  const page = await context.newPage()
  await page.goto(example.url + path)
  return page
}

it('reloads, route changes, a hot reload and three tabs are one connection', async () => {
  expect(await clients()).toBe(0)
  const stop = watchClients()
  const context = await open({ viewport: { width: 1080, height: 560 } })
  const page = await openTab(context)
  await checked(page, 'eth').first().waitFor()
  await eventually(feeds).toEqual([['block:btc', 'block:eth', 'block:sol']])
  await page.locator('.count b', { hasText: '1' }).waitFor()
  await checked(page, 'sol').nth(5).waitFor()
  await picture(page, 'block-feed')

  for (let i = 0; i < 5; i++) {
    await page.reload()
    await blocks(page, 'eth').first().waitFor()
  }
  for (let i = 0; i < 10; i++) {
    await page.getByRole('link', { name: 'btc', exact: true }).click()
    await blocks(page, 'btc').first().waitFor()
    await page.getByRole('link', { name: 'All chains' }).click()
    await blocks(page, 'sol').first().waitFor()
  }
  // Saved again until it was noticed, as by hand: of changes in one moment a watcher may miss the first.
  for (const edited = page.locator('.brand', { hasText: 'edited' }); (await edited.count()) === 0;) {
    await copy.edit('page/App.vue', (text) =>
      text.replace('Block feed', 'Block feed, edited').replace('useStatus()', ' useStatus()'),
    )
    await edited.waitFor({ timeout: 5_000 }).catch(() => {})
  }
  await Promise.all([openTab(context, '/chain/eth'), openTab(context, '/chain/btc')])
  for (const tab of context.pages()) await tab.locator('[data-status=connected]').waitFor()
  await eventually(feeds).toEqual([['block:btc', 'block:eth', 'block:sol']])
  expect(await stop(), 'the most that were ever counted').toBe(1)
})

it('close-all sends everybody away to come back, with nothing missed', async () => {
  const page = await openTab(await open())
  await blocks(page, 'sol').first().waitFor()
  await eventually(clients).toBe(1)
  const answer = await example.json('/ws/close-all', { method: 'POST' })
  expect(answer).toEqual({ success: true, data: { closed: 1 } })
  await eventually(() => page.evaluate("document.querySelector('.pill').title")).toContain('moved')
  await eventually(clients).toBe(1)
  await page.locator('[data-status=connected]').waitFor()
  // Every block that is shown names the one below it.
  await eventually(async () => (await checked(page, 'sol').count()) >= 6).toBe(true)
  expect(await page.locator('[data-verdict=bad]').count()).toBe(0)
})

it('a route without anything live closes the connection where the guard is asked to', async () => {
  const page = await openTab(await open())
  await blocks(page, 'eth').first().waitFor()
  await page.getByRole('link', { name: 'About' }).click()
  await page.locator('[name=closes]').check()
  await eventually(clients).toBe(0)
  await page.getByRole('link', { name: 'eth', exact: true }).click()
  await blocks(page, 'eth').first().waitFor()
  await eventually(clients).toBe(1)
  await page.getByRole('link', { name: 'About' }).click()
  await eventually(clients).toBe(0)
})
