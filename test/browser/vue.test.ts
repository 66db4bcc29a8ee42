// The Vue bindings in a real browser against a real gateway.

import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from './harness/browser.ts'
import { eventually } from './harness/eventually.ts'
import { startGateway, type RunningGateway } from './harness/gateway.ts'
import { servePage, type PageServer } from './harness/page-server.ts'

const OWN = '@user:vera'
const open = openBrowser()
let server: PageServer
let gateway: RunningGateway
beforeAll(async () => {
  server = await servePage('vue')
  gateway = await startGateway(['--dev', '--allow-origin', server.origin])
})
afterAll(async () => {
  await gateway.stop()
  await server.close()
})

const subscriptions = async () => (await gateway.connections()).map((connection) => connection.subscriptions.toSorted())

async function openPage(route: string, sockets: string[] = []): Promise<Page> {
  const context = await open()
  const token = await gateway.token('vera')
  await context.addInitScript(`window.gateway = ${JSON.stringify({ url: gateway.url, token, channel: '' })}`)
  const page = await context.newPage()
  page.on('websocket', (socket) => sockets.push(socket.url()))
  await page.goto(`${server.origin}/vue.html#${route}`)
  return page
}

it('one connection carries what is mounted: the channel follows its getter, and goes with its component', async () => {
  const sockets: string[] = []
  const page = await openPage('a', sockets)
  await page.locator('[data-channel="chat:a"][data-state=live]').waitFor()
  await page.locator('#count', { hasText: '1' }).waitFor()
  expect(await subscriptions()).toEqual([[OWN, 'chat:a']])

  await page.evaluate(() => void (location.hash = 'b'))
  await page.locator('[data-channel="chat:b"][data-state=live]').waitFor()
  await eventually(subscriptions).toEqual([[OWN, 'chat:b']])
  await page.locator('#say').click()
  await page.locator('#texts', { hasText: 'hello chat:b' }).waitFor()

  await page.evaluate(() => void (location.hash = ''))
  await eventually(subscriptions).toEqual([[OWN]])
  expect(sockets).toHaveLength(1)
})

it('useWebSocket counts messages until told to stop, disconnects for good and connects again', async () => {
  const page = await openPage('')
  const status = (text: string) => page.locator('#status', { hasText: text }).waitFor()
  const unread = () => page.locator('#unread').innerText()
  await status('connected')
  await eventually(subscriptions).toEqual([[OWN]])
  await gateway.publish(OWN, { text: 'one' })
  await eventually(unread).toBe('1')

  await page.locator('#toggle').click()
  await status('disconnected')
  await eventually(subscriptions).toEqual([])
  await gateway.publish(OWN, { text: 'two' })
  await page.locator('#toggle').click()
  await status('connected')
  await eventually(unread, 'what was missed is recovered').toBe('2')

  await page.locator('#deaf').click()
  await gateway.publish(OWN, { text: 'three' })
  await page.evaluate(() => void (location.hash = 'after'))
  await page.locator('[data-channel="chat:after"][data-state=live]').waitFor()
  expect(await unread()).toBe('2')
})
