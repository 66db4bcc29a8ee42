// The operations page against real gateways, with and without an admin key.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './harness/browser.ts'
import { enterDemo } from './harness/demo.ts'
import { startGateway, type RunningGateway } from './harness/gateway.ts'

const open = openBrowser()

describe('in development', () => {
  let gateway: RunningGateway
  beforeAll(async () => {
    gateway = await startGateway()
  })
  afterAll(() => gateway.stop())

  it('shows who is connected and what they are subscribed to, as it changes', async () => {
    const page = await (await open()).newPage()
    await page.goto(`${gateway.url}/dashboard`)
    await page.getByText('Nobody is connected.').waitFor()
    const ada = await enterDemo(await open(), gateway.url, 'Ada')
    const row = page.locator('tr[data-connection]', { hasText: 'Ada' })
    await row.waitFor()
    await row.getByText('chat:general').waitFor()
    await page.locator('td code', { hasText: 'host:figures' }).waitFor()
    await ada.page.close()
    await row.waitFor({ state: 'detached' })
    await page.getByText('No channel has subscribers.').waitFor()
    expect(await page.locator('.tiles dd').allInnerTexts()).toEqual(['0', '0', '0', '0'])
  })

  it('kicks a connection after asking once more, and the kicked page says why', async () => {
    const bob = await enterDemo(await open(), gateway.url, 'Bob')
    const page = await (await open()).newPage()
    await page.goto(`${gateway.url}/dashboard/`)
    const row = page.locator('tr[data-connection]', { hasText: 'Bob' })
    await row.getByRole('button', { name: 'Kick: Bob' }).click()
    await row.getByRole('button', { name: 'Kick, surely?: Bob' }).click()
    await row.waitFor({ state: 'detached' })
    await bob.status('stopped')
    await bob.page.locator('.banner', { hasText: 'An operator ended the connection.' }).waitFor()
    expect(await gateway.connections()).toEqual([])
  })

  it('breaks no rule of the content security policy, fits a phone and speaks Chinese', async () => {
    const context = await open({ viewport: { width: 360, height: 740 }, locale: 'zh-CN' })
    const problems: string[] = []
    context.on('console', (line) => {
      if (line.type() === 'error' || line.type() === 'warning') problems.push(line.text())
    })
    const cleo = await enterDemo(context, gateway.url, 'W'.repeat(32))
    const page = await context.newPage()
    await page.goto(`${gateway.url}/dashboard/`)
    await page.getByText('运维').waitFor()
    await page.locator('tr[data-connection]').first().waitFor()
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect([problems, overflow]).toEqual([[], 0])
    await cleo.page.close()
  })
})

describe('with an admin key', () => {
  let gateway: RunningGateway
  beforeAll(async () => {
    gateway = await startGateway([
      '--admin-key',
      'an-admin-key-for-tests',
      '--jwt-secret',
      'a-secret-of-32-characters-or-more!',
    ])
  })
  afterAll(() => gateway.stop())

  it('asks for the key, says when it is wrong, and keeps it for this tab until told to forget it', async () => {
    const context = await open()
    const page = await context.newPage()
    await page.goto(`${gateway.url}/dashboard/`)
    await page.fill('input[name=key]', 'wrong')
    await page.keyboard.press('Enter')
    await page.getByText('The server does not accept this key.').waitFor()
    await page.fill('input[name=key]', 'an-admin-key-for-tests')
    await page.keyboard.press('Enter')
    await page.getByText('Nobody is connected.').waitFor()
    await page.reload()
    await page.getByText('Nobody is connected.').waitFor()
    const other = await context.newPage()
    await other.goto(`${gateway.url}/dashboard/`)
    await other.locator('input[name=key]').waitFor()
    await page.getByRole('button', { name: 'Forget the key' }).click()
    await page.locator('input[name=key]').waitFor()
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.getItem('staywire.admin-key')])).toEqual([
      0,
      null,
    ])
  })
})

it('says that the server does not answer, keeps showing what it knew, and recovers by itself', async () => {
  let gateway = await startGateway()
  const page = await (await open()).newPage()
  await page.goto(`${gateway.url}/dashboard/`)
  await page.getByText('Nobody is connected.').waitFor()
  await gateway.kill()
  await page.getByText('The server does not answer.').waitFor()
  await page.getByText('Nobody is connected.').waitFor()
  gateway = await startGateway(['--dev'], gateway.port)
  await page.getByText('The server does not answer.').waitFor({ state: 'detached' })
  expect(await page.locator('.stale').count()).toBe(0)
  await gateway.stop()
})
