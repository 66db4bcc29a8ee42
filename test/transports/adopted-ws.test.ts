// A plain server of the `ws` library that is adopted: its application and its clients stay as they are.

import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { adopt, type AdoptOptions, type ServerEvent } from 'staywire/adopt'
import { createOperations } from 'staywire/operations'
import { afterEach, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

const DEADLINE = { timeout: 20_000 }
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const end of undo.splice(0).toReversed()) await end()
})

/** A server that echoes, adopted; whose a WebSocket is stands in its path. */
async function start(options: Partial<AdoptOptions> = {}) {
  const http = createHttpServer()
  const sockets = new WebSocketServer({ server: http })
  const operations = createOperations()
  const user: AdoptOptions['user'] = ({ url = '/' }) => url.slice(1) || null
  const adopted = adopt(sockets, { user, observer: operations.observer, ...options })
  operations.watch(adopted)
  // The application notes a channel before it is known who has come.
  sockets.on('connection', (socket) => adopted.join(socket, 'all'))
  sockets.on('connection', (socket) =>
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  )
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  undo.push(() => {
    operations.stop()
    adopted.stop()
    for (const socket of sockets.clients) socket.terminate()
    http.close()
  })
  return { adopted, operations, sockets, url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}` }
}

interface Client {
  readonly socket: WebSocket
  readonly texts: string[]
  readonly closed: [code: number, reason: string][]
}

async function dial(url: string): Promise<Client> {
  const socket = new WebSocket(url)
  const client: Client = { socket, texts: [], closed: [] }
  socket.on('message', (data) => client.texts.push((data as Buffer).toString()))
  socket.on('close', (code, reason) => client.closed.push([code, reason.toString()]))
  socket.on('error', () => undefined)
  undo.push(() => socket.terminate())
  await expect.poll(() => socket.readyState, DEADLINE).not.toBe(WebSocket.CONNECTING)
  return client
}

it('what is said over it stays as it was, and everybody is in the registry, with their channels', async () => {
  const { adopted, operations, sockets, url } = await start()
  const ada = await dial(`${url}/ada`)
  ada.socket.send('hello')
  await expect.poll(() => ada.texts, DEADLINE).toEqual(['hello'])
  await expect.poll(() => adopted.getUserConnections('ada').length, DEADLINE).toBe(1)
  const [own] = sockets.clients
  if (own === undefined) throw new Error('there is no socket')
  adopted.join(own, 'chat:1')
  const [info] = await adopted.connections.list({ channel: 'chat:1' })
  expect(info).toMatchObject({
    id: adopted.idOf(own),
    user: 'ada',
    transport: 'websocket',
    subscriptions: ['all', 'chat:1'],
    bytesIn: 5,
    bytesOut: 5,
  })
  adopted.leave(own, 'chat:1')
  expect(adopted.channels()).toEqual([{ channel: 'all', subscribers: 1 }])
  ada.socket.close(1000, 'bye')
  await expect.poll(() => adopted.stats().held, DEADLINE).toEqual({ links: 0, seats: 0, sessions: 0, listeners: 0 })
  expect(operations.metrics.read('staywire_closes_total{code="1000"}')).toBe(1)
  const { bytesReceived, bytesSent } = adopted.stats().counters
  expect([bytesReceived, bytesSent]).toEqual([5, 5])
})

it('nobody, one too many and one who is kicked are closed with a code', async () => {
  const { adopted, url } = await start({ limits: { connectionsPerUser: 1 } })
  const nobody = await dial(`${url}/`)
  await expect.poll(() => nobody.closed, DEADLINE).toEqual([[4001, 'token missing']])
  const ada = await dial(`${url}/ada`)
  await expect.poll(() => adopted.stats().connections, DEADLINE).toBe(1)
  const second = await dial(`${url}/ada`)
  await expect.poll(() => second.closed, DEADLINE).toEqual([[4204, 'user limit']])
  expect(await adopted.user('ada').close({ reason: 'enough' })).toBe(1)
  await expect.poll(() => ada.closed, DEADLINE).toEqual([[4502, 'enough']])
  await expect.poll(() => adopted.stats().connections, DEADLINE).toBe(0)
  const broken = await dial(`${(await start({ user: () => Promise.reject(new Error('no database')) })).url}/ada`)
  await expect.poll(() => broken.closed, DEADLINE).toEqual([[4104, 'server error']])
})

it('a peer that is silent is asked, and ended after three misses; one that answers stays', async () => {
  const misses: number[] = []
  const report = (event: ServerEvent): void => {
    if (event.type === 'ping-missed' && event.user === 'bob') misses.push(event.missed)
    if (event.type === 'closed') misses.push(event.code)
  }
  const heartbeat = { checkEveryMs: 450, missedAfterMs: 200 }
  const { adopted, url } = await start({ heartbeat, observer: { report } })
  await dial(`${url}/ada`)
  const bob = await dial(`${url}/bob`)
  await expect.poll(() => adopted.stats().connections, DEADLINE).toBe(2)
  bob.socket.pause()
  await expect.poll(() => adopted.getUserConnections('bob'), DEADLINE).toEqual([])
  expect(misses).toEqual([1, 2, 3, 4102])
  await expect.poll(async () => (await adopted.connections.list())[0]?.rttMs, DEADLINE).toBeGreaterThanOrEqual(0)
})

it('a reader that stalls is closed within its limit', async () => {
  const { adopted, operations, sockets, url } = await start({ limits: { outboxBytes: 300_000 } })
  const ada = await dial(`${url}/ada`)
  await expect.poll(() => adopted.stats().connections, DEADLINE).toBe(1)
  ada.socket.pause()
  let [most, sent] = [0, 0]
  while (adopted.stats().connections > 0) {
    for (const socket of sockets.clients) socket.send('x'.repeat(50_000))
    most = Math.max(most, adopted.stats().outboxBytes)
    await new Promise((resolve) => void setImmediate(resolve))
    expect(++sent).toBeLessThan(1_000)
  }
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(300_000 + 50_100)
  expect(operations.metrics.read('staywire_closes_total{code="4103"}')).toBe(1)
})
