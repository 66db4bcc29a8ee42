// The operations page in Firefox, from signing in to signing out. `STAYWIRE_PICTURES=1` keeps pictures of it in docs/images/.

import { fileURLToPath } from 'node:url'
import { SignJWT } from 'jose'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Peer } from '../conformance/harness/peer.ts'
import { startFirefox } from '../sharing/harness/firefox.ts'
import { eventually } from './harness/eventually.ts'
import { startGateway, type RunningGateway } from './harness/gateway.ts'

const KEY = 'an-admin-key-for-tests'
const SECRET = 'a-secret-of-32-characters-or-more!'
const SECTIONS = ['overview', 'connections', 'closed', 'users', 'channels', 'findings', 'alerts', 'node']
const ROW = '[role=row][data-id]'
const PATIENCE_MS = 60_000
const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url))

let gateway: RunningGateway
let browser: Browser
beforeAll(async () => {
  ;[gateway, browser] = await Promise.all([startGateway(['--admin-key', KEY, '--jwt-secret', SECRET]), startFirefox()])
})
afterAll(async () => {
  await browser.close()
  await gateway.stop()
})

async function connectUser(user: string, label: string): Promise<Peer> {
  const token = new SignJWT({ subscribe: ['orders:*'] }).setProtectedHeader({ alg: 'HS256' }).setSubject(user)
  const signed = await token.setIssuedAt().setExpirationTime('1h').sign(new TextEncoder().encode(SECRET))
  return Peer.connect(`${gateway.url.replace('http', 'ws')}/realtime`, signed, {
    origin: { browser: `${user}'s`, tab: 't', page: 'p', instance: label, label },
    subscriptions: [{ channel: 'orders:1' }],
  })
}

/** Users with several devices, and one whose page leaks. */
async function takePicture(page: Page): Promise<void> {
  const users = ['ada', 'bob', 'cleo', 'dan', 'eve', 'finn', 'grace', 'hugo', 'ines']
  const peers = await Promise.all(users.map((user) => connectUser(user, 'order list')))
  peers.push(await connectUser('bob', 'basket'), await connectUser('eve', 'till'))
  await page.goto(`${gateway.url}/dashboard/#connections`)
  await eventually(() => page.$$eval(ROW, (rows) => rows.length)).toBe(peers.length)
  await page.screenshot({ path: `${IMAGES}operations-firefox.png` })
  for (const peer of peers) peer.drop()
}

it('works in Firefox: signs in, is told who comes, kicks, says why, shows every section, and signs out', async () => {
  const page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  await page.setViewport({ width: 1280, height: 800 })
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  const shown = (selector: string) => page.waitForSelector(selector)
  const gone = (selector: string) => page.waitForSelector(selector, { hidden: true })

  await page.goto(`${gateway.url}/dashboard/#connections`)
  await page.type('input[name=key]', KEY)
  await page.keyboard.press('Enter')
  await shown('[data-status=connected]')
  await shown('.empty')
  const ada = await connectUser('ada', 'order list')
  await shown(ROW)
  await page.focus(ROW)
  await page.keyboard.press('Enter')
  await shown('.detail')
  expect(await page.$eval('.detail', (detail) => detail.textContent)).toContain('orders:1')
  await page.focus('[aria-label="Kick: ada"]')
  // The second time it is the answer to whether one is sure.
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  expect((await ada.ended).code).toBe(4502)
  await gone(ROW)

  for (const section of SECTIONS) {
    await page.goto(`${gateway.url}/dashboard/#${section}`)
    await shown('.card, .tiles, .notice:not(.bad)')
  }
  await page.goto(`${gateway.url}/dashboard/#closed`)
  await shown(ROW)
  expect(await page.$eval(ROW, (one) => one.textContent)).toMatch(/ada.*4502/)
  if (process.env['STAYWIRE_PICTURES'] === '1') await takePicture(page)

  await page.goto(`${gateway.url}/dashboard/#overview`)
  await (await shown('::-p-aria(Sign out)'))?.press('Enter')
  await shown('input[name=key]')
  await eventually(async () => {
    const metrics = await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } })
    return /^staywire_operators (\d+)$/m.exec(await metrics.text())?.[1]
  }).toBe('0')
  expect(problems).toEqual([])
})
