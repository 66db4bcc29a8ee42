// The notification service with its own page and its own clients: what was not changed works, and what governs it is seen.

import type { Page } from 'playwright'
import { io as connect, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openBrowser } from '../browser/harness/browser.ts'
import { eventually } from '../browser/harness/eventually.ts'
import { printFigures } from '../figures.ts'
import { picture, startExample, type RunningExample } from './harness/example.ts'
import { openCrowd } from './harness/crowd.ts'

interface Device {
  readonly socketId: string
  readonly lastPingAt: number | null
  readonly missedPings: number
}

const open = openBrowser()
/** Its times are a twentieth of what they are in earnest: three missed heartbeats are 4.5 s instead of 90. */
const SHORTENED = { CHECK_EVERY_MS: '1500', MISSED_AFTER_MS: '500' }
let example: RunningExample
beforeAll(async () => {
  example = await startExample('notifications', { env: SHORTENED })
})
afterAll(() => example?.stop())

const devices = async (user: string): Promise<readonly Device[]> =>
  (await example.json(`/api/users/${user}/connections`)) as readonly Device[]
const ids = async (user: string) => (await devices(user)).map(({ socketId }) => socketId)
const closed = async (user: string) => {
  const { closed: list } = (await example.json(`/api/v1/closed?user=${user}`)) as { closed: { code: number }[] }
  return list.map(({ code }) => code)
}
const tell = (user: string, text: string) =>
  example.json(`/api/users/${user}/notifications`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })

/** A device that is no page. */
function device(user: string | undefined): Socket {
  const query = user === undefined ? {} : { userId: user }
  const socket = connect(`${example.url}/notifications`, {
    query,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  })
  onTestFinished(() => void socket.disconnect())
  return socket
}

/** Stops and starts the reading of a device: its heartbeats stop and resume. */
function reading(socket: Socket): { pause(): void; resume(): void } {
  const { ws } = socket.io.engine.transport as unknown as {
    readonly ws: { _socket: { pause(): void; resume(): void } }
  }
  return ws._socket
}

it('every tab of a user gets what is sent to them, is a connection of its own, and a finding says why', async () => {
  const context = await open({ viewport: { width: 1060, height: 600 } })
  const pages: Page[] = []
  for (let tab = 0; tab < 3; tab++) {
    const page = await context.newPage()
    await page.goto(`${example.url}/?user=ada`)
    pages.push(page)
  }
  await eventually(async () => (await ids('ada')).length).toBe(3)
  const [page, other] = pages as [Page, Page, Page]
  for (const text of ['Grace mentioned you in #compilers', 'Your export is ready', 'The build is green again']) {
    await page.locator('[name=text]').fill(text)
    await page.locator('[name=text]').press('Enter')
    for (const one of pages) await one.locator('.notification', { hasText: text }).waitFor()
  }
  await page.locator('.finding', { hasText: '3 tabs of one browser' }).waitFor()
  await page.locator('.finding', { hasText: 'cannot share a connection' }).waitFor()
  await eventually(() => page.locator('.device').count()).toBe(3)
  await picture(page, 'notifications')
  const operations = await context.newPage()
  await operations.goto(`${example.url}/dashboard/#findings`)
  await operations.getByText('3 tabs of one browser').first().waitFor()
  // The others stay, and what is sent reaches them alone.
  await page.locator('.device[data-own=true] button').click()
  await page.locator('.pill[data-connected=false]').waitFor()
  await eventually(async () => (await ids('ada')).length).toBe(2)
  await tell('ada', 'only for two')
  await other.locator('.notification', { hasText: 'only for two' }).waitFor()
  expect(await page.locator('.notification', { hasText: 'only for two' }).count()).toBe(0)
  expect(await closed('ada')).toEqual([4502])
  // As ever with Socket.IO, one that was disconnected comes back when it is told to.
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await eventually(async () => (await ids('ada')).length).toBe(3)
  await context.close()
  await eventually(() => ids('ada')).toEqual([])
})

it('who says no userId is disconnected', async () => {
  const nobody = device(undefined)
  const refused: unknown[] = []
  nobody.on('connect_error', (error) => refused.push((error as Error & { readonly data?: unknown }).data))
  await eventually(() => refused).toEqual([{ code: 4001, reason: 'token missing' }])
  await eventually(() => nobody.active).toBe(false)
})

it('pages of the origins that are listed may connect with their cookies, over polling too', async () => {
  const handshake = (origin: string) =>
    fetch(`${example.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } })
  const { headers } = await handshake('http://localhost:3000')
  expect(headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
  expect(headers.get('access-control-allow-credentials')).toBe('true')
  expect((await handshake('http://elsewhere.example')).headers.get('access-control-allow-origin')).toBeNull()
})

it('a ping is answered with the time, and counts', async () => {
  const bob = device('bob')
  const pongs: string[] = []
  bob.on('pong', (at: string) => pongs.push(at))
  bob.emit('ping')
  await eventually(() => pongs.length).toBe(1)
  expect(new Date(String(pongs[0])).toISOString()).toBe(pongs[0])
  await eventually(async () => (await devices('bob'))[0]?.lastPingAt).toBeGreaterThan(0)
})

it('a heartbeat that resumes starts the count again; three that are missed end the connection', async () => {
  const eve = device('eve')
  await eventually(async () => (await ids('eve')).length).toBe(1)
  reading(eve).pause()
  await eventually(async () => (await devices('eve'))[0]?.missedPings).toBeGreaterThan(0)
  reading(eve).resume()
  await eventually(async () => (await devices('eve'))[0]?.missedPings).toBe(0)
  reading(eve).pause()
  await eventually(() => ids('eve')).toEqual([])
  expect(await closed('eve')).toEqual([4102])
})

it('one thousand clients cost little: figures', async () => {
  // Checked ten times as often as in earnest, so that whole rounds fit in; each client pings every 20 seconds, as the hook does.
  const crowded = await startExample('notifications', { env: { CHECK_EVERY_MS: '3000', MISSED_AFTER_MS: '1000' } })
  onTestFinished(() => crowded.stop())
  const crowd = await openCrowd(crowded.url, 1_000)
  onTestFinished(() => crowd.close())
  const stats = () => crowded.json('/api/stats') as Promise<{ totalConnections: number; totalUsers: number }>
  await eventually(async () => (await stats()).totalConnections).toBe(1_000)
  const look = async () => {
    const text = await (await fetch(`${crowded.url}/metrics`)).text()
    const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
    return { cpu: read('process_cpu_seconds_total'), rss: read('process_resident_memory_bytes'), at: performance.now() }
  }
  const before = await look()
  await new Promise((resolve) => void setTimeout(resolve, 5_000))
  const after = await look()
  const heartbeats = (await crowded.json('/api/heartbeats')) as {
    roundMs: number
    longestTickMs: number
    averageMissedPings: number
  }
  const cpu = ((after.cpu - before.cpu) / ((after.at - before.at) / 1_000)) * 100
  const megabytes = (bytes: number) => Math.round(bytes / 1_048_576)
  printFigures(
    `notifications: 1,000 clients, checked every 3 s, ten times as often as in earnest: ${cpu.toFixed(1)} % of a CPU (aim: 5), checking all of them once ` +
      `${heartbeats.roundMs.toFixed(1)} ms (aim: 100), at most ${heartbeats.longestTickMs.toFixed(1)} ms at a time, ` +
      `${heartbeats.averageMissedPings.toFixed(3)} missed pings each, memory ${megabytes(before.rss)} → ${megabytes(after.rss)} MB`,
  )
  expect((await stats()).totalUsers).toBe(1_000)
  crowd.close()
  await eventually(async () => (await stats()).totalConnections).toBe(0)
})
