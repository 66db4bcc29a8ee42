// Sizes: what is answered, what is closed, what is told.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import type { LimitOptions } from 'staywire/server'
import { hostForTest, type Host } from './harness/host.ts'
import { Peer } from './harness/peer.ts'

it('LIM-1: a 16 MB message is closed with 1009, and a bystander notices nothing', async () => {
  const { connect, server } = await hostForTest()
  const [peer, bystander] = [await connect('ada'), await connect('bob', { subscriptions: [{ channel: 'live:quiet' }] })]
  await bystander.settle()
  const before = process.memoryUsage().rss
  peer.send(`{"type":"publish","id":1,"channel":"live:a","data":"${'x'.repeat(16 * 1024 * 1024)}"}`)
  expect((await peer.ended).code).toBe(1009)
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  await server.publish('live:quiet', 1)
  expect(await bystander.settle()).toMatchObject([{ type: 'publication', data: 1 }])
})

it.each(['publish', 'call', 'subscribe'])(
  'LIM-2: a `%s` over 64 KiB is answered `payload-too-large` and the connection stays',
  async (type) => {
    const { connect, server } = await hostForTest()
    const peer = await connect('ada')
    await peer.settle()
    const frame = { type, id: 7, channel: 'live:big', method: 'add', data: 'x'.repeat(65_536) }
    peer.send(frame)
    expect(await peer.next()).toMatchObject({
      type: 'error',
      code: 'payload-too-large',
      message: expect.stringContaining('65'),
    })
    expect(await peer.settle()).toEqual([])
    expect((await server.history('live:big')).position.offset).toBe(0)
  },
)

it('LIM-2: the limit counts bytes, and what just fits is taken', async () => {
  const { connect } = await hostForTest()
  const peer = await connect('ada')
  const frame = (fill: string): string => `{"type":"publish","id":7,"channel":"live:fit","data":"${fill}"}`
  const room = 65_536 - frame('').length
  for (const [fill, answer] of [
    ['x'.repeat(room), 'published'],
    ['x'.repeat(room + 1), 'error'],
    ['é'.repeat(room / 2), 'published'],
    ['é'.repeat(room / 2 + 1), 'error'],
  ] as const) {
    peer.send(frame(fill))
    expect(await peer.take((one) => one.type === 'error' || one.type === 'published')).toMatchObject({ type: answer })
  }
})

it('LIM-3: a changed limit is told and holds', async () => {
  const { connect } = await hostForTest({ limits: { frameBytes: 500 } })
  const peer = await connect('ada')
  expect(peer.connected['limits']).toMatchObject({ frameBytes: 500 })
  expect(await peer.ask({ type: 'publish', channel: 'live:a', data: 'x'.repeat(300) })).toMatchObject({
    type: 'published',
  })
  expect(await peer.ask({ type: 'publish', channel: 'live:a', data: 'x'.repeat(500) })).toMatchObject({
    type: 'error',
    code: 'payload-too-large',
  })
})

type Who = readonly [token: string, address: string, browser?: string]

/** Opens for a user of an address and a browser, as a proxy on this machine would. */
async function come(host: Host, token: string, address = '203.0.113.1', browser?: string): Promise<Peer> {
  const peer = await host.open({ headers: { 'x-forwarded-for': address } })
  peer.send({ type: 'connect', id: 1, token, ...(browser !== undefined && { origin: { browser } }) })
  return peer
}

/** `connected`, or the code with which it was closed and what it was told before. */
const outcomeOf = (peer: Peer): Promise<unknown> =>
  Promise.race([
    peer.take('connected').then(() => 'connected'),
    peer.take('disconnect').then(({ code, retryAfterMs }) => [code, (retryAfterMs as number) > 0]),
  ])

const behindProxy = (limits: LimitOptions): Promise<Host> => hostForTest({ limits, trustedProxies: ['127.0.0.0/8'] })

it.each<[keyof LimitOptions, number, Who, Who]>([
  ['connectionsPerAddress', 4203, ['eve', '203.0.113.1'], ['eve', '203.0.113.2']],
  ['connectionsPerUser', 4204, ['ada', '203.0.113.2'], ['bob', '203.0.113.1']],
  ['connectionsPerBrowser', 4204, ['ada', '203.0.113.2', 'b'], ['ada', '203.0.113.2', 'c']],
])(
  'LIM-4, LIM-5: of two that come together over a limit of one by %s, one stays, and others are not touched',
  async (limit, code, rival, other) => {
    const host = await behindProxy({ [limit]: 1 })
    const both = await Promise.all([come(host, 'ada', '203.0.113.1', 'b'), come(host, ...rival)])
    const outcomes = await Promise.all(both.map(outcomeOf))
    expect(outcomes).toContain('connected')
    expect(outcomes).toContainEqual([code, true])
    expect(await outcomeOf(await come(host, ...other))).toBe('connected')
    expect(host.server.stats()).toMatchObject({ connections: 2, limited: { [limit]: 1 } })
    for (const peer of both) peer.drop()
    await expect.poll(() => host.server.stats().connections).toBe(1)
    expect(await outcomeOf(await come(host, 'ada', '203.0.113.1', 'b'))).toBe('connected')
  },
)

it('LIM-6: where newer connections evict, the oldest or the idlest goes with 4507', async () => {
  for (const [connectionsPerUserPolicy, gone] of [
    ['evict-oldest', 0],
    ['evict-idle', 1],
  ] as const) {
    const host = await behindProxy({ connectionsPerUser: 2, connectionsPerUserPolicy })
    const peers = [await host.connect('ada'), await host.connect('ada')]
    expect(await peers[0]?.ask({ type: 'publish', channel: 'live:a', data: 1 })).toMatchObject({ type: 'published' })
    expect(await outcomeOf(await come(host, 'ada'))).toBe('connected')
    expect((await peers[gone]?.ended)?.code).toBe(4507)
    expect(await peers[1 - gone]?.ask({ type: 'publish', channel: 'live:a', data: 2 })).toMatchObject({
      type: 'published',
    })
    expect(host.server.stats()).toMatchObject({
      connections: 2,
      counters: { evicted: 1 },
      limited: { connectionsPerUser: 1 },
    })
  }
})

it('LIM-6: who is refused by one limit evicts nobody by another', async () => {
  const host = await behindProxy({
    connectionsPerAddress: 1,
    connectionsPerUser: 1,
    connectionsPerUserPolicy: 'evict-oldest',
  })
  const ada = await come(host, 'ada', '203.0.113.1')
  const bob = await come(host, 'bob', '203.0.113.2')
  expect(await Promise.all([ada, bob].map(outcomeOf))).toEqual(['connected', 'connected'])
  expect(await outcomeOf(await come(host, 'ada', '203.0.113.2'))).toEqual([4203, true])
  expect(await ada.ask({ type: 'publish', channel: 'live:a', data: 1 })).toMatchObject({ type: 'published' })
})

it('LIM-7: a flood is answered `rate-limited`, then closed with 4201, and a bystander notices nothing', async () => {
  const host = await hostForTest({ limits: { framesPerSecond: 2, burstMs: 50_000 } })
  const [flood, bystander] = [
    await host.connect('ada'),
    await host.connect('bob', { subscriptions: [{ channel: 'live:quiet' }] }),
  ]
  await bystander.settle()
  for (let id = 1; id <= 120; id++) flood.send({ type: 'call', id, method: 'add', data: [1, 1] })
  const refused = await flood.take('error')
  expect(refused).toMatchObject({ code: 'rate-limited', temporary: true, retryAfterMs: expect.any(Number) })
  await new Promise((resolve) => setTimeout(resolve, refused['retryAfterMs'] as number))
  for (let id = 121; id <= 1_000; id++) flood.send({ type: 'call', id, method: 'add', data: [1, 1] })
  expect(await flood.take('disconnect')).toMatchObject({ code: 4201, retryAfterMs: expect.any(Number) })
  expect((await flood.ended).code).toBe(4201)
  await host.server.publish('live:quiet', 1)
  expect(await bystander.settle()).toMatchObject([{ type: 'publication', data: 1 }])
  expect(host.server.stats().limited.framesPerSecond).toBeGreaterThan(0)
})

it('LIM-7: a user’s connections share what the user may send', async () => {
  const host = await hostForTest({ limits: { userFramesPerSecond: 1, burstMs: 10_000 } })
  const [one, two, other] = [await host.connect('ada'), await host.connect('ada'), await host.connect('bob')]
  for (let id = 2; id <= 10; id++)
    expect(await one.ask({ type: 'call', method: 'add', data: [1] })).toMatchObject({ data: 1 })
  for (let n = 0; n < 3; n++) two.send({ type: 'call', id: n + 2, method: 'add', data: [1] })
  expect(await two.take('error')).toMatchObject({ code: 'rate-limited' })
  expect(await other.ask({ type: 'call', method: 'add', data: [1] })).toMatchObject({ data: 1 })
})

it('LIM-8: who would wait for too long is told when to come again, each later than the one before', async () => {
  const host = await hostForTest({ limits: { acceptPerSecond: 1 } })
  expect(await outcomeOf(await come(host, 'ada'))).toBe('connected')
  const crowd = await Promise.all([1, 2, 3, 4].map(() => come(host, 'ada')))
  const told = await Promise.all(
    crowd.map((peer) => Promise.race([peer.take('connected').then(() => undefined), peer.take('disconnect')])),
  )
  const refused = told.filter((frame) => frame !== undefined)
  expect(refused.length).toBeGreaterThanOrEqual(2)
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set([4202]))
  const waits = refused.map(({ retryAfterMs }) => retryAfterMs as number)
  expect(new Set(waits).size).toBe(waits.length)
  expect(Math.min(...waits)).toBeGreaterThan(1_000)
  expect(host.server.stats().limited.acceptPerSecond).toBe(refused.length)
})

it(
  'LIM-9: a process whose memory runs out takes nobody new, keeps who it has, and takes them once there is room',
  { timeout: 90_000 },
  async () => {
    const script = fileURLToPath(new URL('harness/small-process.ts', import.meta.url))
    const child = fork(script, ['256'], { execArgv: ['--max-old-space-size=256', '--expose-gc'], silent: true })
    onTestFinished(() => void child.kill())
    const asks = async <Answer>(message?: string): Promise<Answer> => {
      if (message !== undefined) child.send(message)
      return ((await once(child, 'message')) as [Answer])[0]
    }
    const { port } = await asks<{ port: number }>()
    const url = `ws://127.0.0.1:${port}/realtime`
    const ada = await Peer.connect(url, 'ada')
    await asks('fill')
    const bob = await Peer.open(url)
    bob.send({ type: 'connect', id: 1, token: 'bob' })
    expect(await bob.take('disconnect')).toMatchObject({ code: 4202, retryAfterMs: 10_000 })
    expect(await ada.ask({ type: 'publish', channel: 'live:a', data: 1 })).toMatchObject({ type: 'published' })
    expect(await asks('stats')).toMatchObject({ connections: 1, limited: { memoryPercent: 1 } })
    await asks('free')
    await expect
      .poll(async () => outcomeOf(await tryAs(url, 'bob')), { timeout: 10_000, interval: 300 })
      .toBe('connected')
  },
)

it('documents each limit that turns somebody away, by the name under which it is counted', async () => {
  const { server } = await hostForTest()
  const document = readFileSync(fileURLToPath(new URL('../../docs/limits.md', import.meta.url)), 'utf8')
  const counted = Object.keys(server.stats().limited)
  expect(counted.length).toBeGreaterThanOrEqual(11)
  expect(counted.filter((name) => !document.includes(`| \`${name}\` |`))).toEqual([])
})

async function tryAs(url: string, token: string): Promise<Peer> {
  const peer = await Peer.open(url)
  peer.send({ type: 'connect', id: 1, token })
  return peer
}
