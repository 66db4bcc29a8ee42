// What only real sockets show: readers that stall, paths that go silent, peers that do not answer, and memory.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createServer } from 'staywire/server'
import { hostForTest, SPEC_OPTIONS, type Host } from '../conformance/harness/host.ts'
import { Peer } from '../conformance/harness/peer.ts'
import { exchange, upgradeRequest } from '../conformance/harness/raw.ts'
import type { Flood, Flooded } from './harness/flood-server.ts'
import { openTunnel } from './harness/tunnel.ts'

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const sockets = (host: Host): Promise<number> =>
  new Promise((resolve) => host.http.getConnections((_, count) => resolve(count)))
const claim = (attempt: number) => ({ fence: [1, attempt], slot: 'shared', origin: { browser: 'b' } })

describe('a reader that stalls', () => {
  it('OUT-1, OUT-3: costs the server less than 16 MiB, while others miss nothing', async () => {
    const child = fork(fileURLToPath(new URL('harness/flood-server.ts', import.meta.url)), {
      execArgv: ['--max-semi-space-size=1'],
    })
    onTestFinished(() => void child.kill())
    const [port] = (await once(child, 'message')) as [number]
    const flood = async (order: Flood): Promise<Flooded> => {
      child.send(order)
      return ((await once(child, 'message')) as [Flooded])[0]
    }
    const url = `ws://127.0.0.1:${port}/realtime`
    const subscriptions = [{ channel: 'flood' }]
    const quick = await Peer.connect(url, 'quick', { subscriptions })
    // The first flood brings the process to the size it has when it works at all.
    const calm = await flood({ channel: 'flood', forMs: 3_000, bytes: 8_192, perTurn: 8 })
    const stalled = await Promise.all(range(1, 5).map((n) => Peer.connect(url, `slow${n}`, { subscriptions })))
    for (const peer of stalled) peer.pause()
    const flooded = await flood({ channel: 'flood', forMs: 6_000, bytes: 8_192, perTurn: 8 })
    expect(flooded.slowConsumers).toBe(5)
    expect(flooded.rssMost - calm.rssMost).toBeLessThan(16 * 1024 * 1024)
    const total = calm.published + flooded.published
    await quick.take((frame) => frame['offset'] === total)
    const offsets = quick.inbox.filter(({ type }) => type === 'publication').map((frame) => frame['offset'])
    expect(offsets).toEqual(range(1, total - 1))
  })

  it('OUT-2: is destroyed a second after it was closed, whatever it does not read', async () => {
    const host = await hostForTest()
    const peer = await host.connect('ada', { subscriptions: [{ channel: 'live:a' }] })
    peer.pause()
    for (let n = 0; n < 200; n++) await host.server.publish('live:a', 'x'.repeat(60_000))
    await host.server.connections.closeAll()
    expect(host.server.stats()).toMatchObject({ connections: 0, subscriptions: 0 })
    await expect.poll(() => sockets(host), { timeout: 20_000 }).toBe(0)
  })
})

describe('a path that goes silent', () => {
  it('HB-3: is found by the server after one interval and one timeout', async () => {
    const host = await hostForTest({ heartbeat: { intervalMs: 600, timeoutMs: 300 } })
    const tunnel = await openTunnel(host.port)
    onTestFinished(() => tunnel.close())
    const peer = await Peer.connect(`ws://127.0.0.1:${tunnel.port}/realtime`, 'ada')
    const answering = setInterval(() => peer.send({ type: 'pong' }), 100)
    onTestFinished(() => clearInterval(answering))
    await sleep(1_500)
    expect(host.server.stats().connections).toBe(1)
    const closed = new Promise((resolve) => host.server.on('disconnected', (_, close) => resolve(close)))
    const since = performance.now()
    tunnel.silence()
    expect(await closed).toEqual({ code: 4102, reason: 'no pong', by: 'server' })
    expect(performance.now() - since).toBeLessThan(900 + 600)
    await expect.poll(() => sockets(host), { timeout: 20_000 }).toBe(0)
  })

  it('RES-5, RES-6, REC-3: is replaced at once by the reconnect, and nothing is lost', async () => {
    const host = await hostForTest()
    const tunnel = await openTunnel(host.port)
    onTestFinished(() => tunnel.close())
    const ghost = await Peer.connect(`ws://127.0.0.1:${tunnel.port}/realtime`, 'ada', claim(1))
    const { position } = await ghost.ask({ type: 'subscribe', channel: 'live:h' })
    await host.server.publish('live:h', 1)
    await ghost.take('publication')
    tunnel.silence()
    for (const data of [2, 3]) await host.server.publish('live:h', data)
    const at = { ...(position as object), offset: 1 }
    const back = await host.connect('ada', {
      ...claim(2),
      session: ghost.connected['session'],
      subscriptions: [{ channel: 'live:h', position: at }],
    })
    expect(await host.server.connections.list()).toMatchObject([{ id: back.connected['connection'] }])
    await host.server.publish('live:h', 4)
    const data = (await back.settle()).filter(({ type }) => type === 'publication').map((frame) => frame['data'])
    expect([back.connected['resumed'], data]).toEqual([true, [2, 3, 4]])
    await expect.poll(() => sockets(host), { timeout: 20_000 }).toBe(1)
  })
})

describe('coming and going', () => {
  it('CONN-13: of two that connect in the same moment over a limit of one, one is connected', async () => {
    const host = await hostForTest({ limits: { connections: 1 } })
    const peers = [await host.open(), await host.open()]
    for (const peer of peers) peer.send({ type: 'connect', id: 1, token: 'ada' })
    const outcomes = await Promise.all(
      peers.map((peer) =>
        Promise.race([peer.take('connected').then(() => 'connected'), peer.ended.then(({ code }) => code)]),
      ),
    )
    expect(new Set(outcomes)).toEqual(new Set([4202, 'connected']))
    expect(host.server.stats().connections).toBe(1)
  })

  it('PUB-1, CLOSE-9: a drain loses no publish that it acknowledged', async () => {
    const host = await hostForTest()
    const peers = await Promise.all(range(1, 10).map((n) => host.connect(`user${n}`)))
    for (const [n, peer] of peers.entries()) {
      for (const id of range(1, 100)) peer.send({ type: 'publish', id, channel: 'live:d', data: `${n}/${id}` })
    }
    await host.server.drain({ overMs: 200 })
    for (const peer of peers) expect((await peer.ended).code).toBe(4101)
    const acknowledged = peers.flatMap((peer, n) =>
      peer.inbox.filter(({ type }) => type === 'published').map((frame) => `${n}/${String(frame['id'])}`),
    )
    const stored = new Set((await host.server.history('live:d')).publications.map(({ data }) => data))
    expect(acknowledged.length).toBeGreaterThan(0)
    expect(acknowledged.filter((one) => !stored.has(one))).toEqual([])
    expect(await sockets(host)).toBe(0)
  })

  it('CLOSE-1: a peer that ends its side of the socket is gone, and nothing of it is left', async () => {
    const host = await hostForTest()
    const raw = connectTcp(host.port, '127.0.0.1', () =>
      raw.write(upgradeRequest('/realtime', { Host: `127.0.0.1:${host.port}` })),
    )
    await once(raw, 'data')
    raw.end()
    await expect.poll(() => sockets(host), { timeout: 20_000 }).toBe(0)
    expect(host.server.stats()).toMatchObject({ connections: 0, connecting: 0 })
  })

  it('lets go of everything when it is closed, and leaves the HTTP server as it was', async () => {
    const host = await hostForTest()
    for (const n of range(1, 20))
      await host.connect(`user${n}`, { subscriptions: [{ channel: 'room:1', presence: 'members' }] })
    await host.server.close()
    expect(host.server.stats()).toMatchObject({
      connections: 0,
      connecting: 0,
      users: 0,
      channels: 0,
      subscriptions: 0,
      outboxBytes: 0,
    })
    expect([host.http.listenerCount('upgrade'), host.http.listenerCount('request')]).toEqual([0, 1])
    expect((await fetch(`http://127.0.0.1:${host.port}/elsewhere`)).status).toBe(404)
  })

  it('HTTP-2: shares an HTTP server with another WebSocket server', async () => {
    const host = await hostForTest()
    const other = new WebSocketServer({ noServer: true })
    host.http.on('upgrade', (request, socket, head) => {
      if (request.url === '/other') other.handleUpgrade(request, socket, head, (socket_) => socket_.send('hello'))
    })
    const guest = new WebSocket(`ws://127.0.0.1:${host.port}/other`)
    const [greeting] = (await once(guest, 'message')) as [Buffer]
    expect(greeting.toString()).toBe('hello')
    guest.terminate()
    expect((await host.connect('ada')).connected['user']).toBe('ada')
  })

  it('HTTP-1, HTTP-2: shares it with another server of its own kind; what neither wants is answered once', async () => {
    const host = await hostForTest()
    const second = createServer(SPEC_OPTIONS)
    onTestFinished(() => second.close())
    second.attach(host.http, { path: '/second' })
    expect((await host.connect('ada')).connected['user']).toBe('ada')
    const guest = await Peer.connect(`ws://127.0.0.1:${host.port}/second`, 'eve')
    expect([host.server.stats().connections, second.stats().connections]).toEqual([1, 1])
    guest.drop()
    const headers = { Host: `127.0.0.1:${host.port}` }
    expect(await exchange(host.port, upgradeRequest('/third', headers))).toMatch(/^HTTP\/1\.1 404 (?!.*HTTP\/1\.1)/s)
    expect(await exchange(host.port, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 (?!.*HTTP\/1\.1)/s)
  })
})

describe('messages in pieces', () => {
  /** A masked frame (RFC 6455 §5.2) with a mask of zeros. */
  const frame = (opcode: number, final: boolean, text: string): Buffer =>
    Buffer.concat([Buffer.from([(final ? 0x80 : 0) | opcode, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])

  async function rawPeer(host: Host) {
    const raw = connectTcp(host.port, '127.0.0.1', () =>
      raw.write(upgradeRequest('/realtime', { Host: `127.0.0.1:${host.port}` })),
    )
    await once(raw, 'data')
    return raw
  }

  it('FRAME-1: are put together, as many as 64', async () => {
    const host = await hostForTest()
    const raw = await rawPeer(host)
    const text = JSON.stringify({ type: 'connect', id: 1, token: 'ada' })
    raw.write(frame(1, false, text.slice(0, 1)))
    for (const char of text.slice(1, -1)) raw.write(frame(0, false, char))
    raw.write(frame(0, true, text.slice(-1)))
    const [answer] = (await once(raw, 'data')) as [Buffer]
    expect(answer.toString()).toContain('"type":"connected"')
    raw.destroy()
  })

  it('CLOSE-1: and closed when there is no end to them', async () => {
    const host = await hostForTest()
    const raw = await rawPeer(host)
    raw.write(Buffer.concat(range(0, 2_000).map((n) => frame(n === 0 ? 1 : 0, false, 'x'))))
    const [answer] = (await once(raw, 'data')) as [Buffer]
    // A close frame: opcode 8, then the code.
    expect([answer[0], answer.readUInt16BE(2)]).toEqual([0x88, 1008])
    await expect.poll(() => sockets(host), { timeout: 20_000 }).toBe(0)
  })
})
