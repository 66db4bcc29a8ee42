// What people see when the gateway dies under them and comes back.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from './harness/browser.ts'
import { eventually } from './harness/eventually.ts'
import { enterDemo } from './harness/demo.ts'
import { startGateway, type RunningGateway } from './harness/gateway.ts'

const open = openBrowser()
let gateway: RunningGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.stop())

it('a killed gateway is told with its cause and a countdown; a restarted one is found again, with an honest gap', async () => {
  const { page, say, message, status } = await enterDemo(await open(), gateway.url, 'Ada')
  await page.setViewportSize({ width: 1100, height: 460 }) // so low that the messages have to be scrolled
  for (const text of ['so', 'many', 'words', 'said', 'before']) {
    await say(text)
    await message(text).locator('.tick.stored').waitFor()
  }

  const { port } = gateway
  await gateway.kill()
  const banner = page.locator('.banner')
  await banner.waitFor()
  await eventually(() => banner.innerText()).toMatch(/The connection was lost|The server does not answer/)
  await eventually(() => banner.locator('.countdown').allInnerTexts()).toEqual([
    expect.stringMatching(/Next attempt in \d+ s/),
  ])
  await say('while it was down')
  await message('while it was down').locator('.tick.pending').waitFor()

  gateway = await startGateway(['--dev'], port)
  const now = page.getByRole('button', { name: 'Try now' })
  if ((await now.count()) > 0) await now.click({ timeout: 5_000 }).catch(() => {}) // it may come back by itself meanwhile
  await status('connected')
  await banner.waitFor({ state: 'detached' })
  await message('while it was down').locator('.tick.stored').waitFor()

  // The gateway kept its history in memory, so what was said before is gone, and the page says so.
  const gap = page.locator('.gap')
  await gap.getByText('could not be recovered').waitFor()
  const below = () =>
    page.locator('.messages').evaluate((list) => list.scrollHeight - list.scrollTop - list.clientHeight)
  await eventually(below, 'the notice covers no message').toBeLessThan(2)
  await message('before').waitFor()
  await gap.getByRole('button', { name: 'Reload history' }).click()
  await gap.waitFor({ state: 'detached' })
  expect(await message('before').count()).toBe(0)
  expect(await message('while it was down').count()).toBe(1)
}, 180_000)

it('disconnecting by hand stays disconnected until connecting by hand', async () => {
  const { page, status, say, message } = await enterDemo(await open(), gateway.url, 'Bob')
  await page.locator('.pill').click()
  await page.locator('.details').getByRole('button', { name: 'Disconnect' }).click()
  await status('disconnected')
  await page.locator('.banner', { hasText: 'Disconnected from this page.' }).waitFor()
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await status('disconnected')
  await page.locator('.banner').getByRole('button', { name: 'Connect' }).click()
  await status('connected')
  await say('back')
  await message('back').locator('.tick.stored').waitFor()
  expect(await page.locator('.banner').count()).toBe(0)
})

it('a network that goes away is told as being offline, and nothing said meanwhile is lost', async () => {
  const context = await open()
  const ada = await enterDemo(context, gateway.url, 'Cleo')
  const bob = await enterDemo(await open(), gateway.url, 'Dan')
  await context.setOffline(true)
  // WebSockets outlive playwright's offline mode: the server ends them, as a lost network would in time.
  await closeAll()
  await ada.status('waiting')
  await bob.say('said while you were offline')
  await bob.message('said while you were offline').locator('.tick.stored').waitFor()
  await context.setOffline(false)
  await ada.status('connected')
  await ada.message('said while you were offline').waitFor()
  expect(await ada.page.locator('.gap').count()).toBe(0)
})

/** Sends everybody away with 4107 `moved`: they come back by themselves. */
async function closeAll(): Promise<void> {
  const json = { 'content-type': 'application/json' }
  const response = await fetch(`${gateway.url}/api/v1/connections/close-all`, {
    method: 'POST',
    headers: json,
    body: '{}',
  })
  expect(response.ok).toBe(true)
}
