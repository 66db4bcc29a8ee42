// What a server reports of those who come: each once, with who, from where and why, also of those who never get in.

import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { createServer, type ServerEvent } from 'staywire/server'
import { expect, it, onTestFinished, vi } from 'vitest'
import { hostForTest, SPEC_OPTIONS } from '../conformance/harness/host.ts'

const PATIENCE = { timeout: 15_000 }

function observed() {
  const events: ServerEvent[] = []
  const of = <Type extends ServerEvent['type']>(type: Type) =>
    events.filter((event): event is ServerEvent & { type: Type } => event.type === type)
  return { observer: { report: (event: ServerEvent) => void events.push(event) }, events, of }
}

it('tells one connect and one close of each connection, with what went over it', async () => {
  const { observer, of } = observed()
  const host = await hostForTest({ observer })
  const origin = { browser: 'b', tab: 't', page: 'p', instance: 'i', label: 'feed' }
  const ada = await host.connect('ada', { origin, slot: 't', sdk: 'test/1' })
  await ada.ask({ type: 'subscribe', channel: 'live:a' })
  await ada.ask({ type: 'publish', channel: 'live:a', data: 'x'.repeat(1_000) })
  ada.send({ type: 'disconnect', end: true })
  await ada.ended
  await vi.waitFor(() => expect(of('closed')).toHaveLength(1), PATIENCE)
  const facts = {
    connection: ada.connected['connection'],
    user: 'ada',
    address: '127.0.0.1',
    transport: 'websocket',
    origin,
    slot: 't',
    connectedAt: expect.any(Number) as number,
  }
  expect(of('connected')).toEqual([{ type: 'connected', resumed: false, sdk: 'test/1', facts }])
  const [closed] = of('closed')
  expect(closed).toMatchObject({ facts, code: 1000, by: 'client', address: '127.0.0.1', transport: 'websocket' })
  expect(closed?.lastReceived).toEqual(['connect', 'subscribe', 'publish', 'disconnect'])
  expect(closed?.lastSent).toEqual(['connected', 'subscribed', 'subscribed', 'published'])
  expect(closed?.bytesIn).toBeGreaterThan(1_000)
  expect(closed?.bytesOut).toBeGreaterThan(1_000)
  const { counters } = host.server.stats()
  expect([counters.bytesReceived, counters.bytesSent]).toEqual([closed?.bytesIn, closed?.bytesOut])
})

it('times a publication: how long it took to store, and to reach the outboxes', async () => {
  const { observer, of } = observed()
  const host = await hostForTest({ observer })
  await host.server.publish('live:a', 1)
  expect(of('published')[0]?.storedMs).toBeGreaterThanOrEqual(0)
  expect(of('delivered')[0]?.latencyMs).toBeGreaterThanOrEqual(0)
})

it('HB-3: tells each missed ping with the user and the address, and the sweep that ended somebody', async () => {
  const { observer, of } = observed()
  const host = await hostForTest({ observer, heartbeat: { intervalMs: 200, timeoutMs: 100, maxMissed: 2 } })
  const mute = await host.connect('ada')
  expect((await mute.ended).code).toBe(4102)
  const connection = mute.connected['connection']
  expect(of('ping-missed')).toEqual(
    [1, 2].map((missed) => ({ type: 'ping-missed', connection, user: 'ada', address: '127.0.0.1', missed })),
  )
  await vi.waitFor(() => expect(of('swept')).toEqual([{ type: 'swept', connections: 1, sessions: 0 }]), PATIENCE)
})

it('tells who asked for an upgrade that cannot be, and who never finished connecting', async () => {
  const { observer, of } = observed()
  const host = await hostForTest({ observer, limits: { connectTimeoutMs: 100 } })
  await host.open({ headers: { origin: 'https://evil.example' } }).catch(() => undefined)
  const silent = await host.open()
  expect((await silent.ended).code).toBe(4105)
  expect(of('refused')).toEqual([{ type: 'refused', status: 403, cause: 'origin', address: '127.0.0.1' }])
  const [closed] = of('closed')
  expect(closed).toMatchObject({ code: 4105, address: '127.0.0.1', transport: 'websocket' })
  expect(closed?.facts).toBeUndefined()
  expect(closed?.durationMs).toBeGreaterThanOrEqual(80)
})

async function listening(http: HttpServer, events: ReturnType<typeof observed>): Promise<number> {
  const server = createServer({ ...SPEC_OPTIONS, observer: events.observer })
  server.attach(http)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(async () => {
    await server.close()
    http.close()
  })
  return (http.address() as AddressInfo).port
}

it('tells who speaks no HTTP, breaks off a request or never finishes one, and answers them as Node would', async () => {
  const events = observed()
  const http = createHttpServer({ headersTimeout: 100, requestTimeout: 100, connectionsCheckingInterval: 50 })
  const port = await listening(http, events)
  const say = async (text: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk))
    socket.write(text)
    await once(socket, 'close')
    return heard
  }
  expect(await say('\u0016\u0003\u0001 no HTTP at all\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  expect(await say(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
  expect(await say('GET /realtime HTTP/1.1\r\n')).toMatch(/^HTTP\/1\.1 408 /)
  const address = '127.0.0.1'
  expect(events.of('refused')).toEqual([
    { type: 'refused', status: 0, cause: 'request', address },
    { type: 'refused', status: 0, cause: 'request', address },
    { type: 'refused', status: 0, cause: 'unfinished', address },
  ])
})

it('tells who fails the TLS handshake', async () => {
  const events = observed()
  // Without a certificate no handshake succeeds.
  const port = await listening(createTlsServer(), events)
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'error')
  await vi.waitFor(
    () => expect(events.of('refused')).toEqual([{ type: 'refused', status: 0, cause: 'tls', address: '127.0.0.1' }]),
    PATIENCE,
  )
})

it('shows the connections of all, and of one user, with their heartbeats', async () => {
  const host = await hostForTest({ heartbeat: { intervalMs: 200, timeoutMs: 5_000 } })
  const ada = await host.connect('ada')
  await host.connect('ada')
  await host.connect('bob')
  await ada.take('ping')
  const stats = host.server.getConnectionStats()
  expect(stats).toMatchObject({ totalConnections: 3, totalUsers: 2 })
  const shape = { connectedAt: expect.any(Number) as number, lastPingAt: expect.toSatisfy(isPingTime) as number }
  const socketId = ada.connected['connection']
  expect(stats.connections.find((one) => one.socketId === socketId)).toEqual({
    socketId,
    userId: 'ada',
    ...shape,
    lastPingAt: expect.any(Number) as number,
    missedPings: 0,
    duration: expect.any(Number) as number,
  })
  const adas = host.server.getUserConnections('ada')
  expect(adas).toHaveLength(2)
  for (const one of adas)
    expect(one).toEqual({ socketId: expect.any(String) as string, userId: 'ada', ...shape, missedPings: 0 })
  expect(host.server.getUserConnections('nobody')).toEqual([])
})

function isPingTime(value: unknown): boolean {
  return value === null || typeof value === 'number'
}

it('bans a user: closed for good everywhere, refused while it lasts, let in after it', async () => {
  const host = await hostForTest()
  const eve = await host.connect('eve')
  const ada = await host.connect('ada')
  expect(await host.server.user('eve').ban({ forMs: 60_000 })).toBe(1)
  expect(await eve.ended).toEqual({ code: 4503, reason: 'banned' })
  const again = await host.open()
  again.send({ type: 'connect', id: 1, token: 'eve' })
  expect((await again.ended).code).toBe(4503)
  expect(host.server.bans()).toEqual([{ user: 'eve', until: expect.any(Number) as number }])
  expect([host.server.user('eve').unban(), host.server.user('eve').unban()]).toEqual([true, false])
  expect((await host.connect('eve')).connected['user']).toBe('eve')
  expect(await ada.settle()).toEqual([])
  await expect(host.server.user('eve').ban({ forMs: 0 })).rejects.toMatchObject({ code: 'bad-option' })
})
