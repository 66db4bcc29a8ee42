// The operations page against real gateways, with and without an admin key.

import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printFigures } from '../figures.ts'
import { openBrowser } from './harness/browser.ts'
import { enterDemo } from './harness/demo.ts'
import { eventually } from './harness/eventually.ts'
import { startGateway, type RunningGateway } from './harness/gateway.ts'

const open = openBrowser()
const SECTIONS = ['overview', 'connections', 'closed', 'users', 'channels', 'findings', 'alerts', 'node']

/** Opens a section of the operations page in a tab of its own browser. */
async function openSection(url: string, section: string): Promise<Page> {
  const page = await (await open()).newPage()
  await page.goto(`${url}/dashboard/#${section}`)
  return page
}

describe('in development', () => {
  let gateway: RunningGateway
  beforeAll(async () => {
    gateway = await startGateway()
  })
  afterAll(() => gateway.stop())

  it('shows who is connected and what they are subscribed to, as it changes, and why they left', async () => {
    const page = await openSection(gateway.url, 'connections')
    await page.getByText('Nobody is connected.').waitFor()
    const ada = await enterDemo(await open(), gateway.url, 'Ada')
    const row = page.locator('[role=row][data-id]', { hasText: 'Ada' })
    await row.click()
    await page.locator('.detail').getByText('chat:general').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.detail').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'By user, browser and tab' }).click()
    await page.locator('.tree summary', { hasText: 'Ada' }).waitFor()
    await page.goto(`${gateway.url}/dashboard/#channels`)
    await page.locator('[role=row]', { hasText: 'host:figures' }).waitFor()

    await ada.page.close()
    await page.getByText('No channel has subscribers.').waitFor()
    await page.goto(`${gateway.url}/dashboard/#closed`)
    await page.locator('[role=row]', { hasText: 'Ada' }).click()
    await page.locator('.detail').getByText('The client ended it').waitFor()
    await page.goto(`${gateway.url}/dashboard/#overview`)
    await eventually(() => page.locator('.tiles dd').first().innerText()).toBe('0')
  })

  it('is told what changes and need not ask: also when the API answers nothing any more', async () => {
    const page = await openSection(gateway.url, 'node')
    await page.locator('[data-status=connected]').waitFor()
    const health = page.locator('.card').first()
    await eventually(() => health.innerText()).toContain(': 0 of ')
    await page.route('**/api/websocket/health', (route) => route.abort())
    const dan = await enterDemo(await open(), gateway.url, 'Dan')
    await eventually(() => health.innerText()).toContain(': 1 of ')
    await page.goto(`${gateway.url}/dashboard/#overview`)
    const users = page.locator('.tiles dd').nth(2)
    await eventually(() => users.innerText()).toBe('1')
    await page.route('**/api/v1/overview*', (route) => route.abort())
    await dan.page.close()
    await eventually(() => users.innerText()).toBe('0')
    // What it does itself is in no figure of users.
    expect(await gateway.connections()).toEqual([])
  })

  it('kicks a connection after asking once more, and the kicked page says why', async () => {
    const bob = await enterDemo(await open(), gateway.url, 'Bob')
    const page = await openSection(gateway.url, 'connections')
    const row = page.locator('[role=row][data-id]', { hasText: 'Bob' })
    // By keyboard alone.
    await row.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Kick: Bob' }).press('Enter')
    await page.getByRole('button', { name: 'Kick, surely?: Bob' }).press('Enter')
    await row.waitFor({ state: 'detached' })
    await bob.status('stopped')
    await bob.page.locator('.banner', { hasText: 'An operator ended the connection.' }).waitFor()
    expect(await gateway.connections()).toEqual([])
  })

  it('bans a user and lets them in again, and tells what happened to them', async () => {
    const eve = await enterDemo(await open(), gateway.url, 'Eve')
    const page = await openSection(gateway.url, 'users/Eve')
    await page.locator('.timeline li', { hasText: 'connected' }).first().waitFor()
    await page.getByRole('button', { name: 'Ban: Eve' }).click()
    await page.getByRole('button', { name: 'Ban, surely?: Eve' }).click()
    await eve.status('stopped')
    await page.getByRole('button', { name: 'Let in again: Eve' }).click()
    await page.getByRole('button', { name: 'Let in again, surely?: Eve' }).click()
    await page.getByRole('button', { name: 'Let in again: Eve' }).waitFor({ state: 'detached' })
  })

  it('publishes a test to a channel, says what is wrong with one, and shows names that are hostile as they are', async () => {
    const page = await openSection(gateway.url, 'channels/chat:general')
    await page.fill('textarea', '{"text": ')
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('This is not JSON.').waitFor()
    const hostile = '<img src=x onerror="document.title=`owned`">'
    await page.fill('textarea', JSON.stringify({ text: hostile }))
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('Published as number').waitFor()
    await page.locator('.timeline code', { hasText: 'onerror' }).waitFor()
    const user = await enterDemo(await open(), gateway.url, '<b onclick=1>x')
    await page.goto(`${gateway.url}/dashboard/#users`)
    await page.locator('[role=row]', { hasText: '<b onclick=1>x' }).waitFor()
    expect([await page.title(), await page.locator('img, [role=row] b').count()]).toEqual(['Staywire operations', 0])
    await user.page.close()
  })

  it('breaks no rule of the content security policy, fits a phone and speaks Chinese, in every section', async () => {
    const context = await open({ viewport: { width: 360, height: 740 }, locale: 'zh-CN' })
    const problems: string[] = []
    context.on('console', (line) => {
      if (line.type() === 'error' || line.type() === 'warning') problems.push(line.text())
    })
    const cleo = await enterDemo(context, gateway.url, 'W'.repeat(32))
    const page = await context.newPage()
    for (const section of SECTIONS) {
      await page.goto(`${gateway.url}/dashboard/#${section}`)
      await page.getByText('退出').waitFor()
      await page.locator('.card, .tiles, .notice').first().waitFor()
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect([section, problems, overflow]).toEqual([section, [], 0])
      const { x, width } = (await page.getByText('退出').boundingBox()) ?? { x: Infinity, width: 0 }
      expect(x + width, 'signing out is within reach').toBeLessThanOrEqual(360)
    }
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

  it('signs in with the key, says when it is wrong, keeps it where no script can read it, and signs out', async () => {
    const context = await open()
    const page = await context.newPage()
    await page.goto(`${gateway.url}/dashboard/#users`)
    await page.fill('input[name=key]', 'wrong')
    await page.keyboard.press('Enter')
    await page.getByText('The server does not accept this key.').waitFor()
    await page.fill('input[name=key]', 'an-admin-key-for-tests')
    await page.keyboard.press('Enter')
    await page.getByText('Nobody is connected.').waitFor()
    const other = await context.newPage()
    await other.goto(`${gateway.url}/dashboard/#users`)
    await other.getByText('Nobody is connected.').waitFor()
    const cookies = await context.cookies()
    expect(cookies).toMatchObject([{ name: 'staywire-admin', httpOnly: true, sameSite: 'Strict' }])
    const kept = await page.evaluate(() => JSON.stringify([document.cookie, localStorage, sessionStorage]))
    for (const secret of ['an-admin-key-for-tests', ...cookies.map(({ value }) => value)])
      expect(kept).not.toContain(secret)
    // Both tabs listen, over one connection.
    await page.locator('[data-status=connected]').waitFor()
    await other.locator('[data-status=connected]').waitFor()
    await eventually(async () => {
      const headers = { authorization: 'Bearer an-admin-key-for-tests' }
      return (await fetch(`${gateway.url}/metrics`, { headers })).text()
    }).toMatch(/^staywire_operators 1$/m)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.locator('input[name=key]').waitFor()
    await other.locator('input[name=key]').waitFor()
  })
})

it('says that the server does not answer, keeps showing what it knew, and recovers by itself', async () => {
  let gateway = await startGateway()
  const page = await openSection(gateway.url, 'users')
  await page.getByText('Nobody is connected.').waitFor()
  await gateway.kill()
  await page.getByText('The server does not answer.').waitFor()
  await page.getByText('Nobody is connected.').waitFor()
  gateway = await startGateway(['--dev'], gateway.port)
  await page.getByText('The server does not answer.').waitFor({ state: 'detached' })
  expect(await page.locator('.stale').count()).toBe(0)
  await gateway.stop()
})

/**
 * Scrolls through the table three times; answers the 95th percentile of how long frames took, in milliseconds, in the best of
 * them: whatever else the machine does only adds to it, and rows that cost too much do so each time.
 */
async function framesWhileScrolling(page: Page, rows: number): Promise<number> {
  await page.route('**/api/v1/connections?*', (route) => {
    const connections = Array.from({ length: rows }, (_, index) => ({
      ...{ id: `c${index}`, user: `user-${index}`, address: '203.0.113.7', transport: 'websocket', origin: {} },
      ...{ connectedAt: Date.now() - index * 1_000, subscriptions: ['chat:lobby'], lastSeenAt: Date.now() },
      ...{ missedPings: 0, outboxBytes: 0, bytesIn: 0, bytesOut: 0, rttMs: 3 },
    }))
    return route.fulfill({ json: { connections, total: rows } })
  })
  await page.reload()
  await page.locator('[role=row][data-id]').first().waitFor()
  return page.evaluate(async () => {
    const scroller = document.querySelector('.scroller')!
    let best = Infinity
    for (let time = 0; time < 3; time++) {
      const frames: number[] = []
      let before = performance.now()
      for (let frame = 0; frame < 120; frame++) {
        scroller.scrollTop += 300
        if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1) scroller.scrollTop = 0
        await new Promise(requestAnimationFrame)
        const now = performance.now()
        frames.push(now - before)
        before = now
      }
      best = Math.min(best, frames.sort((a, b) => a - b)[Math.floor(frames.length * 0.95)]!)
    }
    return best
  })
}

it('scrolls through 10,000 connections about as smoothly as through 100', async () => {
  const gateway = await startGateway()
  const page = await openSection(gateway.url, 'connections')
  const few = await framesWhileScrolling(page, 100)
  const many = await framesWhileScrolling(page, 10_000)
  printFigures(
    `operations page: frames while scrolling through 10,000 rows p95 ${many.toFixed(1)} ms (100 rows: ${few.toFixed(1)} ms)`,
  )
  expect(await page.locator('[role=row]').count()).toBeLessThan(100)
  expect(many / few).toBeLessThan(4)
  await page.getByRole('searchbox').fill('user-9999')
  await eventually(() => page.locator('[role=row][data-id]').count()).toBe(1)
  await gateway.stop()
})
