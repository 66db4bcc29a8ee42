// A governed Socket.IO server with its own clients: they notice nothing, and everything is seen of them.

import { createServer as createHttpServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, type AddressInfo } from 'node:net'
import { govern, type Governed, type GovernOptions } from '@staywire/socket.io'
import { Server, type ServerOptions, type Socket as ServerSocket } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import type { ServerEvent } from 'staywire/adopt'
import { createOperations, type Operations } from 'staywire/operations'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

interface Governing {
  readonly io: Server
  readonly governed: Governed
  readonly operations: Operations
  readonly url: string
}

const DEADLINE = { timeout: 20_000 }
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const end of undo.splice(0).toReversed()) await end()
})

function userOf({ handshake }: ServerSocket): string | undefined {
  const { userId } = handshake.query
  return typeof userId === 'string' ? userId : undefined
}

/** A server that echoes and keeps rooms, governed. */
async function start(
  options: Partial<GovernOptions<ServerSocket>> = {},
  application = (_io: Server): void => {},
  serverOptions: Partial<ServerOptions> = {},
) {
  const http = createHttpServer()
  const io = new Server(http, serverOptions)
  const operations = createOperations()
  const governed = govern(io, { user: userOf, observer: operations.observer, ...options })
  operations.watch(governed)
  const speak = (socket: ServerSocket): void => {
    socket.on('echo', (data: unknown, answer: (data: unknown) => void) => answer(data))
    socket.on('enter', async (room: string, answer: () => void) => {
      await socket.join(room)
      answer()
    })
    socket.on('exit', async (room: string, answer: () => void) => {
      await socket.leave(room)
      answer()
    })
  }
  io.on('connection', speak)
  io.of('/notifications').on('connection', speak)
  application(io)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  undo.push(async () => {
    operations.stop()
    governed.stop()
    await io.close()
  })
  return {
    io,
    governed,
    operations,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
  } satisfies Governing
}

function dial(url: string, user: string | undefined, more: object = {}): Socket {
  const query = user === undefined ? {} : { userId: user }
  const socket = connect(url, { query, forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 100, ...more })
  undo.push(() => socket.disconnect())
  return socket
}

async function connected(socket: Socket): Promise<Socket> {
  await expect.poll(() => socket.connected, DEADLINE).toBe(true)
  return socket
}

function gather(socket: Socket, event: string): unknown[] {
  const got: unknown[] = []
  socket.on(event, (...args: unknown[]) => got.push(args.length > 1 ? args : args[0]))
  return got
}

/** Stops and starts the reading of a client that has a WebSocket. */
function reading(socket: Socket): { pause(): void; resume(): void } {
  const { ws } = socket.io.engine.transport as unknown as {
    readonly ws: { _socket: { pause(): void; resume(): void } }
  }
  return ws._socket
}

describe.each(['websocket', 'polling'] as const)('over %s', (transport) => {
  const only = { transports: [transport] }

  it('events, acknowledgements, rooms, namespaces, bytes and volatile events work as without it', async () => {
    const { io, governed, url } = await start()
    const [ada, bob] = [dial(url, 'ada', only), dial(`${url}/notifications`, 'bob', only)]
    await Promise.all([connected(ada), connected(bob)])
    await expect.poll(() => governed.stats().connections, DEADLINE).toBe(2)
    const bytes = Buffer.from([0, 255, 7])
    expect(await ada.emitWithAck('echo', { text: 'ünïcödé', list: [1, null] })).toEqual({
      text: 'ünïcödé',
      list: [1, null],
    })
    expect(await ada.emitWithAck('echo', bytes)).toEqual(bytes)
    await ada.emitWithAck('enter', 'chat:1')
    await bob.emitWithAck('enter', 'user:bob')
    const [heard, told] = [gather(ada, 'said'), gather(bob, 'notification')]
    io.to('chat:1').emit('said', 1)
    io.of('/notifications').to('user:bob').emit('notification', { body: bytes })
    io.of('/notifications').to('chat:1').emit('notification', 'not for bob')
    await expect.poll(() => [heard, told], DEADLINE).toEqual([[1], [{ body: bytes }]])
    ada.on('answer?', (answer: (text: string) => void) => answer('yes'))
    expect(await io.to('chat:1').timeout(20_000).emitWithAck('answer?')).toEqual(['yes'])
    await expect
      .poll(async () => {
        io.volatile.emit('said', 2)
        await sleep(20)
        return heard.includes(2)
      }, DEADLINE)
      .toBe(true)
    const infos = await governed.connections.list()
    const seen = infos.map(({ user, subscriptions, transport: over }) => ({ user, subscriptions, over }))
    const over = transport === 'polling' ? 'poll' : 'websocket'
    expect(seen).toEqual([
      { user: 'ada', subscriptions: ['/', 'chat:1'], over },
      { user: 'bob', subscriptions: ['/notifications', '/notifications#user:bob'], over },
    ])
    await ada.emitWithAck('exit', 'chat:1')
    expect(governed.channels().map(({ channel }) => channel)).not.toContain('chat:1')
  }, 60_000)

  it('a client whose connection is closed comes back, one that is disconnected stays away', async () => {
    const { governed, operations, url } = await start()
    const ada = await connected(dial(url, 'ada', only))
    const first = ada.id
    expect(await governed.connections.closeAll()).toBe(1)
    await expect.poll(() => ada.connected && ada.id !== first, DEADLINE).toBe(true)
    await expect
      .poll(() => governed.getUserConnections('ada').map(({ socketId }) => socketId), DEADLINE)
      .toEqual([ada.id])
    expect(await governed.connections.close(String(ada.id))).toBe(true)
    await expect.poll(() => [ada.connected, ada.active], DEADLINE).toEqual([false, false])
    await expect.poll(() => governed.stats().connections, DEADLINE).toBe(0)
    const codes = [4107, 4502].map((code) => operations.metrics.read(`staywire_closes_total{code="${code}"}`))
    expect(codes).toEqual([1, 1])
  })

  it('a reader that stalls is closed within its limit, and nobody else notices', async () => {
    const limit = 300_000
    const { io, governed, operations, url } = await start({ limits: { outboxBytes: limit } })
    const bystander = await connected(dial(url, 'bob', only))
    const heard = gather(bystander, 'blob')
    const stalled = transport === 'websocket' ? await stalledWebSocket(url) : await stalledPoll(url)
    await expect.poll(() => governed.stats().connections, DEADLINE).toBe(2)
    const blob = 'x'.repeat(50_000)
    let [sent, most] = [0, 0]
    while (governed.getUserConnections('stalled').length > 0) {
      const before = heard.length
      io.emit('blob', blob)
      sent++
      most = Math.max(most, governed.stats().outboxBytes)
      await expect.poll(() => heard.length, { ...DEADLINE, interval: 2 }).toBe(before + 1)
      expect(sent).toBeLessThan(1_000)
    }
    expect(most).toBeLessThanOrEqual(limit + 2 * 50_100)
    expect(operations.metrics.read('staywire_closes_total{code="4103"}')).toBe(1)
    await expect.poll(() => governed.stats().outboxBytes, DEADLINE).toBe(0)
    expect(bystander.connected).toBe(true)
    stalled()
  })
})

/** A client that connects and then reads nothing any more. Answers its end. */
async function stalledWebSocket(url: string): Promise<() => void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket&userId=stalled`)
  const texts: string[] = []
  socket.on('message', (data) => texts.push((data as Buffer).toString()))
  socket.on('error', () => undefined)
  await expect.poll(() => texts.length, DEADLINE).toBe(1)
  socket.send('40')
  await expect.poll(() => texts.at(-1)?.startsWith('40'), DEADLINE).toBe(true)
  socket.pause()
  return () => socket.terminate()
}

/** A client that connects and then polls no more. */
async function stalledPoll(url: string): Promise<() => void> {
  const address = `${url}/socket.io/?EIO=4&transport=polling&userId=stalled`
  const { sid } = JSON.parse((await (await fetch(address)).text()).slice(1)) as { sid: string }
  await fetch(`${address}&sid=${sid}`, { method: 'POST', body: '40' })
  expect(await (await fetch(`${address}&sid=${sid}`)).text()).toContain('40{')
  return () => undefined
}

it('the answer to a poll that nobody reads waits for that client, too', async () => {
  const { io, governed, operations, url } = await start({ limits: { outboxBytes: 300_000 } })
  await stalledPoll(url)
  await expect.poll(() => governed.stats().connections, DEADLINE).toBe(1)
  const [{ conn } = { conn: undefined }] = io.sockets.sockets.values()
  const { port } = new URL(url)
  const deaf = createConnection(Number(port), '127.0.0.1').on('error', () => undefined)
  undo.push(() => deaf.destroy())
  const sid = (conn as unknown as { readonly id: string }).id
  deaf.write(`GET /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
  deaf.pause()
  await expect.poll(() => conn?.transport.writable, DEADLINE).toBe(true)
  // More than the system keeps for it.
  io.emit('blob', 'x'.repeat(20_000_000))
  await expect.poll(() => governed.stats().outboxBytes, DEADLINE).toBeGreaterThan(300_000)
  io.emit('blob', 'one more')
  await expect.poll(() => governed.stats().connections, DEADLINE).toBe(0)
  expect(operations.metrics.read('staywire_closes_total{code="4103"}')).toBe(1)
  await expect.poll(() => deaf.destroyed || deaf.resume().destroyed, DEADLINE).toBe(true)
})

it('an upgrade from polling to WebSocket is seen', async () => {
  const { governed, operations, url } = await start()
  const ada = await connected(dial(url, 'ada'))
  await expect.poll(async () => (await governed.connections.get(String(ada.id)))?.transport, DEADLINE).toBe('websocket')
  const over = ['websocket', 'poll'].map((name) => operations.metrics.read(`staywire_connections{transport="${name}"}`))
  expect(over).toEqual([1, 0])
})

it('a ping of the application is answered with the time, and counts as a heartbeat', async () => {
  const { governed, url } = await start()
  const ada = await connected(dial(url, 'ada'))
  const pongs = gather(ada, 'pong')
  ada.emit('ping')
  await expect.poll(() => pongs.length, DEADLINE).toBe(1)
  expect(new Date(String(pongs[0])).toISOString()).toBe(pongs[0])
  expect(await ada.emitWithAck('ping')).toEqual({ event: 'pong', data: expect.stringMatching(/Z$/) })
  expect(governed.getUserConnections('ada')).toEqual([
    {
      socketId: ada.id,
      userId: 'ada',
      connectedAt: expect.any(Number),
      lastPingAt: expect.any(Number),
      missedPings: 0,
    },
  ])
  expect(governed.getConnectionStats()).toMatchObject({ totalConnections: 1, totalUsers: 1 })
})

it('a ping that the application answers itself is left to it', async () => {
  const { url } = await start({}, (io) =>
    io.on('connection', (socket) => void socket.on('ping', () => socket.emit('pong', 'mine'))),
  )
  const ada = await connected(dial(url, 'ada'))
  const pongs = gather(ada, 'pong')
  ada.emit('ping')
  ada.emit('ping')
  await ada.emitWithAck('echo', 1)
  await expect.poll(() => pongs, DEADLINE).toEqual(['mine', 'mine'])
})

it('a connection whose state Socket.IO recovers is known again', async () => {
  const { io, governed, operations, url } = await start({}, () => {}, { connectionStateRecovery: {} })
  const ada = await connected(dial(url, 'ada', { transports: ['websocket'] }))
  const { id } = ada
  await ada.emitWithAck('enter', 'chat:1')
  const heard = gather(ada, 'said')
  io.emit('said', 1)
  await expect.poll(() => heard.length, DEADLINE).toBe(1)
  ada.io.engine.close()
  await expect.poll(() => [ada.connected, ada.recovered], DEADLINE).toEqual([true, true])
  await expect
    .poll(async () => (await governed.connections.get(String(id)))?.subscriptions, DEADLINE)
    .toEqual(['/', 'chat:1'])
  expect(operations.metrics.read('staywire_connects_total{transport="websocket",resumed="yes"}')).toBe(1)
})

it('three missed heartbeats end a connection, and one that comes in time starts the count again', async () => {
  const heartbeat = { checkEveryMs: 600, missedAfterMs: 300, outAfter: 3 }
  const misses: number[] = []
  const report = (event: ServerEvent): void => {
    if (event.type === 'ping-missed' && event.user === 'bob') misses.push(event.missed)
    if (event.type === 'closed' && event.facts?.user === 'bob') misses.push(event.code)
  }
  const { governed, url } = await start({ heartbeat, observer: { report } })
  const bob = await connected(dial(url, 'bob', { transports: ['websocket'], reconnection: false }))
  const missed = (): number | undefined => governed.getUserConnections('bob')[0]?.missedPings
  reading(bob).pause()
  await expect.poll(missed, { ...DEADLINE, interval: 10 }).toBeGreaterThan(0)
  reading(bob).resume()
  await expect.poll(missed, { ...DEADLINE, interval: 10 }).toBe(0)
  const before = misses.length
  reading(bob).pause()
  await expect.poll(() => governed.getUserConnections('bob'), DEADLINE).toEqual([])
  expect(misses.slice(before)).toEqual([1, 2, 3, 4102])
})

it('who may not come is told why in connect_error, and is seen among failed handshakes', async () => {
  const { governed, operations, url } = await start({ limits: { connectionsPerUser: 1 } })
  const nobody = dial(url, undefined)
  const told = gather(nobody, 'connect_error') as { message: string; data: unknown }[]
  await expect.poll(() => told.map(({ data }) => data), DEADLINE).toEqual([{ code: 4001, reason: 'token missing' }])
  await connected(dial(url, 'ada'))
  const second = dial(url, 'ada')
  const refused = gather(second, 'connect_error') as { message: string; data: unknown }[]
  await expect
    .poll(() => refused.map(({ data }) => data), DEADLINE)
    .toEqual([{ code: 4204, reason: 'user limit', retryAfterMs: 15_000 }])
  await governed.user('eve').ban()
  const eve = dial(url, 'eve')
  const banned = gather(eve, 'connect_error') as { message: string; data: unknown }[]
  await expect.poll(() => banned.map(({ data }) => data), DEADLINE).toEqual([{ code: 4503, reason: 'banned' }])
  expect(governed.stats().connections).toBe(1)
  expect(operations.metrics.read('staywire_handshake_failures_total')).toBe(3)
})

it('a newer connection takes the place of the oldest where the policy says so', async () => {
  const { governed, url } = await start({ limits: { connectionsPerUser: 2, connectionsPerUserPolicy: 'evict-oldest' } })
  const first = await connected(dial(url, 'ada'))
  const second = await connected(dial(url, 'ada'))
  const third = await connected(dial(url, 'ada'))
  await expect.poll(() => [first.connected, first.active], DEADLINE).toEqual([false, false])
  await expect
    .poll(() => governed.getUserConnections('ada').map(({ socketId }) => socketId), DEADLINE)
    .toEqual([second.id, third.id])
  expect(governed.stats().limited.connectionsPerUser).toBe(1)
})

it('tabs that cannot share are a finding that says so, and every gauge is 0 in the end', async () => {
  const { governed, operations, url } = await start()
  const tabs = [dial(url, 'ada'), dial(url, 'ada'), dial(url, 'ada')]
  await Promise.all(tabs.map(connected))
  const findings = operations.routes.find(({ path }) => path === '/api/v1/findings')
  const list = async (): Promise<{ kind: string; variant?: string }[]> => {
    const answer = await findings?.handle({ parameters: {}, query: {}, body: undefined })
    return (answer as { json: { findings: { kind: string; variant?: string }[] } }).json.findings
  }
  await expect
    .poll(async () => (await list()).map(({ kind, variant }) => [kind, variant]), DEADLINE)
    .toEqual([['tabs-not-shared', 'adopted']])
  for (const tab of tabs) tab.disconnect()
  await expect.poll(() => governed.stats().held, DEADLINE).toEqual({ links: 0, seats: 0, sessions: 0, listeners: 0 })
  const { connections, users, channels, subscriptions, outboxBytes } = governed.stats()
  expect([connections, users, channels, subscriptions, outboxBytes]).toEqual([0, 0, 0, 0, 0])
})
