// The React bindings in a real browser against a real gateway: what StrictMode and route changes leave behind.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from './harness/browser.ts'
import { eventually } from './harness/eventually.ts'
import { startGateway, type RunningGateway } from './harness/gateway.ts'
import { servePage, type PageServer } from './harness/page-server.ts'

const open = openBrowser()
let server: PageServer
let gateway: RunningGateway
beforeAll(async () => {
  server = await servePage('routes')
  gateway = await startGateway(['--dev', '--allow-origin', server.origin])
})
afterAll(async () => {
  await gateway.stop()
  await server.close()
})

it('StrictMode and 50 route changes open one connection and leave one subscription, that of the route', async () => {
  const context = await open()
  const token = await gateway.token('router')
  await context.addInitScript(`window.gateway = ${JSON.stringify({ url: gateway.url, token, channel: '' })}`)
  const page = await context.newPage()
  const sockets: string[] = []
  const sent: string[] = []
  page.on('websocket', (socket) => {
    sockets.push(socket.url())
    socket.on('framesent', ({ payload }) => void sent.push(String(payload)))
  })
  const own = (channel: string) => channel.startsWith('@') // the server subscribes everybody to their own
  const subscriptions = async () =>
    (await gateway.connections()).map((connection) => connection.subscriptions.filter((channel) => !own(channel)))

  await page.goto(`${server.origin}/routes.html#a`)
  await page.locator('#chat-a .feed[data-state=live]').waitFor({ state: 'attached' })
  await page.locator('#chat-a .count', { hasText: '1' }).waitFor()
  expect(await subscriptions(), 'two components and StrictMode share one subscription').toEqual([['chat:a']])

  for (let i = 1; i <= 50; i++) await page.evaluate((route) => void (location.hash = route), i % 2 === 0 ? 'a' : 'b')
  await page.evaluate(() => void (location.hash = 'b'))
  await page.locator('#chat-b .feed[data-state=live]').waitFor({ state: 'attached' })
  await eventually(subscriptions).toEqual([['chat:b']])
  await gateway.publish('chat:b', { text: 'once' })
  await page.locator('#chat-b .feed', { hasText: 'once' }).waitFor()
  expect(await page.locator('.feed').innerText()).toBe('once')

  await page.evaluate(() => void (location.hash = ''))
  await eventually(subscriptions).toEqual([[]])
  expect(sockets).toHaveLength(1)
  expect(sent.filter((frame) => frame.includes('"connect"'))).toHaveLength(1)
}, 120_000)
