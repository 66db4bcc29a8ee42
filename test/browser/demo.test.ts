// The demo from end to end, as people use it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './harness/browser.ts'
import { eventually } from './harness/eventually.ts'
import { enterDemo, openDemo } from './harness/demo.ts'
import { startGateway, type RunningGateway } from './harness/gateway.ts'

const open = openBrowser()
let gateway: RunningGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.stop())

describe('signing in', () => {
  it('explains names that cannot be used, and a server that does not answer', async () => {
    const { page } = await openDemo(await open(), gateway.url)
    await page.locator('button.primary').click()
    await page.getByText('Type a name first.').waitFor()
    await page.fill('input[name=name]', 'x'.repeat(40))
    await page.locator('button.primary').click()
    await page.getByText('At most 32 characters; this one has 40.').waitFor()
    await page.context().setOffline(true)
    await page.fill('input[name=name]', 'Ada')
    await page.locator('button.primary').click()
    await page.getByText('The server does not answer.').waitFor()
    expect(await page.locator('.workspace').count()).toBe(0)
  })

  it('is remembered by reloads and other tabs until signing out, which ends the connections of all tabs', async () => {
    const context = await open()
    const first = await enterDemo(context, gateway.url, 'Rem')
    await first.page.reload()
    await first.status('connected')
    const second = await openDemo(context, gateway.url)
    await second.status('connected')
    const mine = async () => (await gateway.connections()).filter(({ user }) => user === 'Rem').length
    expect(await mine()).toBe(1)
    await first.page.getByRole('button', { name: 'Sign out' }).click()
    await first.page.locator('input[name=name]').waitFor()
    await second.page.locator('input[name=name]').waitFor()
    await eventually(mine).toBe(0)
    await second.page.reload()
    await second.page.locator('input[name=name]').waitFor()
  })
})

describe('two people', () => {
  it('chat: each sees the other’s messages, and one’s own once, with a tick when it is stored', async () => {
    const ada = await enterDemo(await open(), gateway.url, 'Ada')
    const bob = await enterDemo(await open(), gateway.url, 'Bob')
    await ada.say('Hello Bob')
    await ada.message('Hello Bob').locator('.tick.stored').waitFor()
    await bob.message('Hello Bob').waitFor()
    await bob.say('Hello Ada')
    await ada.message('Hello Ada').waitFor()
    expect(await ada.message('Hello Bob').count()).toBe(1)
    expect(await ada.message('Hello Ada').locator('.author').innerText()).toBe('Bob')
    await bob.page.reload()
    await bob.message('Hello Bob').waitFor()
    for (const { room } of [ada, bob]) {
      const badge = room('General').locator('.badge')
      await eventually(() => badge.count(), 'who reads along has nothing unread').toBe(0)
    }
  })

  it('see who is in the room, and see them go', async () => {
    const cleo = await enterDemo(await open(), `${gateway.url}/#help`, 'Cleo')
    const context = await open()
    const dan = await enterDemo(context, `${gateway.url}/#help`, 'Dan')
    await cleo.page.locator('.people li', { hasText: 'Dan' }).waitFor()
    await dan.page.locator('.people li', { hasText: 'Cleo' }).waitFor()
    await dan.page.getByRole('button', { name: 'Sign out' }).click()
    await cleo.page.locator('.people li', { hasText: 'Dan' }).waitFor({ state: 'detached' })
    expect(await cleo.page.locator('.people .person').allInnerTexts()).toContain('Cleo')
  })

  it('see a badge for what is unread elsewhere, gone once it is read, also after a reload', async () => {
    const eve = await enterDemo(await open(), `${gateway.url}/#general`, 'Eve')
    const fay = await enterDemo(await open(), `${gateway.url}/#random`, 'Fay')
    await fay.say('one')
    await fay.say('two')
    const badge = eve.room('Random').locator('.badge')
    await eventually(() => badge.textContent()).toBe('2')
    await eventually(() => eve.page.title()).toMatch(/^\(\d+\) Staywire$/)
    await eve.page.reload()
    await eventually(() => badge.textContent()).toBe('2')
    await eve.room('Random').click()
    await eve.message('two').waitFor()
    await badge.waitFor({ state: 'detached' })
    await eve.room('General').click()
    await eve.page.reload()
    await eve.status('connected')
    await eve.room('Random').click()
    await eve.message('two').waitFor()
    expect(await badge.count()).toBe(0)
  })

  it('wave: a publication to one user reaches every tab of theirs as a notice', async () => {
    const gus = await enterDemo(await open(), gateway.url, 'Gus')
    const context = await open()
    const hal = await enterDemo(context, gateway.url, 'Hal')
    const other = await openDemo(context, gateway.url)
    await other.status('connected')
    await gus.page.getByRole('button', { name: 'Wave to Hal' }).click()
    await hal.page.locator('.notices', { hasText: 'Gus waves at you' }).waitFor()
    await other.page.locator('.notices', { hasText: 'Gus waves at you' }).waitFor()
    await gus.page.locator('.notices', { hasText: 'You waved to Hal.' }).waitFor()
    expect(await gus.page.locator('.notices', { hasText: 'waves at you' }).count()).toBe(0)
  })
})

it('older history is loaded page by page, keeping one’s place', async () => {
  for (let n = 1; n <= 70; n++) await gateway.publish('chat:help', { text: `line ${n}.` })
  const { page, message } = await enterDemo(await open(), `${gateway.url}/#help`, 'Ida')
  await message('line 70.').waitFor()
  expect(await message('line 15.').count()).toBe(0)
  await page.locator('.messages').evaluate((list) => list.scrollTo(0, 0))
  const topmost = message('line 21.')
  const before = await topmost.evaluate((row) => row.getBoundingClientRect().top)
  await page.getByRole('button', { name: 'Load older' }).click()
  await message('line 15.').waitFor({ state: 'attached' })
  expect(Math.abs((await topmost.evaluate((row) => row.getBoundingClientRect().top)) - before)).toBeLessThan(40)
  const offsets = await page
    .locator('[data-offset]')
    .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-offset'))))
  expect(offsets).toEqual(offsets.map((_, index) => offsets[0]! + index))
})

it('the figures of the host keep coming in and are drawn', async () => {
  const { page } = await enterDemo(await open(), gateway.url, 'Kim')
  const plot = page.locator('.host .plot').first()
  const newest = async () => Number(await plot.getAttribute('data-newest'))
  await plot.waitFor()
  const before = await newest()
  await eventually(newest).toBeGreaterThan(before + 1)
  const painted = await plot.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
    return pixels.some((value) => value > 0)
  })
  expect(painted).toBe(true)
  expect(await page.locator('.host .tiles').innerText()).toMatch(/Connections/)
})

it('speaks Chinese when asked to, and remembers it', async () => {
  const { page, status } = await enterDemo(await open(), gateway.url, 'Lin')
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByText('已连接').waitFor()
  await page.reload()
  await status('connected')
  await page.getByText('已连接').waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByText('Connected', { exact: true }).waitFor()
})

it('greets browsers that prefer Chinese in Chinese', async () => {
  const { page } = await openDemo(await open({ locale: 'zh-CN' }), gateway.url)
  expect(await page.locator('label[for=name]').innerText()).toBe('你的名字')
})

it.each(['en-GB', 'zh-CN'])('fits a phone without sideways scrolling in %s, whatever people type', async (locale) => {
  const context = await open({ locale, viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
  const { page } = await openDemo(context, gateway.url)
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(await overflow()).toBe(0)
  await page.fill('input[name=name]', 'W'.repeat(32))
  await page.press('input[name=name]', 'Enter')
  await page.locator('[data-status=connected]').waitFor()
  await page.fill('textarea[name=message]', 'unbroken'.repeat(30))
  await page.press('textarea[name=message]', 'Enter')
  await page.locator('.message .tick.stored').first().waitFor()
  expect(await overflow()).toBe(0)
  for (const tab of await page.locator('.pane-tabs button').all()) {
    await tab.click()
    expect(await overflow()).toBe(0)
  }
})

it('can be used with the keyboard alone', async () => {
  const { page, message, status } = await openDemo(await open(), gateway.url)
  await page.locator('input[name=name]:focus').waitFor() // where one can type at once
  await page.keyboard.type('Mia')
  await page.keyboard.press('Enter')
  await status('connected')
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name'))
  for (let i = 0; i < 30 && (await focused()) !== 'message'; i++) await page.keyboard.press('Tab')
  await page.keyboard.type('typed only')
  await page.keyboard.press('Enter')
  await message('typed only').locator('.tick.stored').waitFor()
  expect(await page.locator('textarea[name=message]').inputValue()).toBe('')
})

it('breaks no rule of the content security policy and logs no error', async () => {
  const context = await open()
  const problems: string[] = []
  context.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') problems.push(line.text())
  })
  context.on('weberror', (error) => problems.push(String(error.error())))
  const { page, say, message } = await enterDemo(context, gateway.url, 'Nia')
  await say('quiet')
  await message('quiet').locator('.tick.stored').waitFor()
  await page.locator('.host .plot canvas').first().waitFor()
  await page.locator('.pill').click()
  await page.locator('.details').waitFor()
  expect(problems).toEqual([])
})

it('shows how many tabs are on the connection and what each of them holds, to the keyboard too, in both languages', async () => {
  const context = await open({ viewport: { width: 390, height: 800 } })
  const first = await enterDemo(context, gateway.url, 'Tess')
  const { page, status } = await openDemo(context, gateway.url)
  await status('connected')
  await page.locator('.pill', { hasText: '2 tabs' }).waitFor()
  await page.locator('.pill').focus()
  await page.keyboard.press('Enter')
  await page.getByText('2 tabs, 1 connection').waitFor()
  await page.getByText('A worker holds the connection, for all tabs of this browser.').waitFor()
  const panel = page.locator('.browser-tabs')
  for (const name of ['RoomFeed', 'People', 'UserNotices', 'HostPanel']) await panel.getByText(name).first().waitFor()
  const title = page.locator('summary', { hasText: 'Tab 2' })
  await title.focus()
  await page.keyboard.press('Enter')
  await panel.locator('details', { has: title }).getByText('RoomFeed').waitFor()
  const wide = await panel.evaluate((box) => box.scrollWidth > box.clientWidth)
  expect(wide, 'it fits on a phone').toBe(false)
  await first.page.close()
  await page.getByText('1 tab, 1 connection').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '中文' }).click()
  await page.locator('.pill').click()
  await page.getByText('1 个标签页, 1 条连接').waitFor()
})
