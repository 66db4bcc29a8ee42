// From the upgrade to `connected`.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostForTest, startHost, type Host } from './harness/host.ts'
import { Peer } from './harness/peer.ts'
import { exchange, overhear, upgradeRequest } from './harness/raw.ts'

let host: Host
beforeAll(async () => {
  host = await startHost()
})
afterAll(() => host.close())

describe('the upgrade', () => {
  it.each([
    [['staywire.v1']],
    [['staywire.v1', 'graphql-ws']],
    [['staywire.token.YWRh', 'staywire.v1']],
    [['staywire.v9', 'staywire.v1']],
  ])('CONN-1: %j is accepted with staywire.v1', async (protocols) => {
    const peer = await host.open({ protocols })
    expect(peer.protocol).toBe('staywire.v1')
    peer.drop()
  })

  it.each(['a-secret-token', 'staywire.token.YS1zZWNyZXQtdG9rZW4'])(
    'CONN-1: %s alone is never echoed',
    async (entry) => {
      const answer = await overhear(host.port, upgradeRequest('/realtime', { 'Sec-WebSocket-Protocol': entry }), 300)
      expect(answer).toMatch(/^HTTP\/1\.1 \d{3} /)
      expect(answer).not.toContain(entry)
    },
  )

  it('CONN-2: an unknown version is echoed and closed with 4506', async () => {
    const peer = await host.open({ protocols: ['staywire.v9', 'staywire.v8'] })
    expect(peer.protocol).toBe('staywire.v9')
    expect((await peer.ended).code).toBe(4506)
  })

  it.each(['http://evil.example', 'null', 'http://127.0.0.1.evil.example', 'http://127.0.0.1:1'])(
    'CONN-3: the origin %s is refused with 403',
    async (origin) => {
      await expect(host.open({ headers: { origin } })).rejects.toThrow('403')
    },
  )

  it('CONN-3: the own origin and the allowed ones are let in', async () => {
    const open = await hostForTest({ allowOrigins: ['https://app.example'] })
    for (const origin of [`http://127.0.0.1:${open.port}`, 'https://app.example'])
      (await open.open({ headers: { origin } })).drop()
    await expect(open.open({ headers: { origin: 'https://app.example.evil.example' } })).rejects.toThrow('403')
  })

  it('CONN-17: a draining server refuses with 503 and says when to come back', async () => {
    const draining = await hostForTest()
    const peer = await draining.connect('ada')
    const drained = draining.server.drain({ overMs: 2_000 })
    expect(await exchange(draining.port, upgradeRequest('/realtime', { Host: `127.0.0.1:${draining.port}` }))).toMatch(
      /^HTTP\/1\.1 503 [^]*\r\nretry-after: \d+\r\n/i,
    )
    peer.drop()
    await drained
  })
})

describe('the first frame', () => {
  it.each(['ping', 'pong', 'subscribe', 'publish', 'call', 'disconnect', 'nonsense'])(
    'CONN-4: `%s` before `connect` is closed with 4504',
    async (type) => {
      const peer = await host.open()
      peer.send({ type, id: 1, channel: 'live:a', data: 1, method: 'add' })
      expect((await peer.ended).code).toBe(4504)
    },
  )

  it('CONN-5: a silent connection is closed with 4105, and not before its time', async () => {
    const { open } = await hostForTest({ limits: { connectTimeoutMs: 300 } })
    const since = performance.now()
    const peer = await open()
    expect((await peer.ended).code).toBe(4105)
    expect(performance.now() - since).toBeGreaterThanOrEqual(240)
    expect(performance.now() - since).toBeLessThan(2_500)
  })

  it('CONN-5: a `connect` with a bad value does not stop the clock', async () => {
    const { open } = await hostForTest({ limits: { connectTimeoutMs: 300 } })
    const peer = await open()
    peer.send({ type: 'connect', id: 1, token: 5 })
    expect(await peer.next()).toMatchObject({ type: 'error', id: 1, code: 'bad-frame' })
    expect((await peer.ended).code).toBe(4105)
  })

  it('CONN-5: who connected in time stays', async () => {
    const { connect } = await hostForTest({ limits: { connectTimeoutMs: 200 } })
    const peer = await connect('ada')
    await sleep(600)
    expect(await peer.settle()).toEqual([])
  })

  it('CONN-6: more than 64 KiB before `connected` is closed with 4505', async () => {
    const peer = await host.open()
    peer.send({ type: 'connect', id: 1, token: 'ada', padding: 'x'.repeat(65_536) })
    expect((await peer.ended).code).toBe(4505)
  })

  it('CONN-6: just under 64 KiB is read', async () => {
    const peer = await host.connect('ada', { padding: 'x'.repeat(65_000) })
    expect(peer.connected['user']).toBe('ada')
    peer.drop()
  })
})

describe('connected', () => {
  it('CONN-7: carries the id of `connect`, the user and a connection of its own, before everything else', async () => {
    const peers = []
    for (const user of ['ada', 'ada', 'bob']) {
      const peer = await host.open()
      peer.send({ type: 'connect', id: 77, token: user, subscriptions: [{ channel: 'live:first' }] })
      expect(await peer.next()).toMatchObject({ type: 'connected', id: 77, user })
      peers.push(peer)
    }
    const connections = (await host.server.connections.list()).map(({ id }) => id)
    expect(new Set(connections).size).toBe(connections.length)
    for (const peer of peers) peer.drop()
  })

  it('CONN-7: tells the same connection id as the server itself', async () => {
    const peer = await host.connect('carol')
    expect((await host.server.connections.list({ user: 'carol' })).map(({ id }) => id)).toEqual([
      peer.connected['connection'],
    ])
    peer.drop()
  })

  it('CONN-8: tells what is in force', async () => {
    const before = Date.now()
    const { connected } = await (
      await hostForTest({
        heartbeat: { intervalMs: 20_000, timeoutMs: 5_000 },
        limits: { frameBytes: 1_000, subscriptionsPerConnection: 7 },
        node: 'n1',
      })
    ).connect('ada')
    expect(connected).toMatchObject({
      heartbeat: { intervalMs: 20_000, timeoutMs: 5_000 },
      limits: { frameBytes: 1_000, subscriptions: 7 },
      spreadMs: expect.any(Number),
      node: 'n1',
      dedupe: { windowMs: expect.any(Number), life: expect.stringMatching(/./) },
    })
    expect(connected['serverTime']).toBeGreaterThanOrEqual(before)
    expect(connected['serverTime']).toBeLessThanOrEqual(Date.now())
  })

  it('CONN-9: a second `connect` is closed with 4504', async () => {
    const peer = await host.connect('ada')
    peer.send({ type: 'connect', id: 2, token: 'ada' })
    expect((await peer.ended).code).toBe(4504)
  })

  it('CONN-9: a second `connect` while the first is being decided is closed with 4504', async () => {
    const { open } = await hostForTest({ authenticate: async ({ token = '' }) => (await sleep(100), { user: token }) })
    const peer = await open()
    for (const id of [1, 2]) peer.send({ type: 'connect', id, token: 'ada' })
    expect((await peer.ended).code).toBe(4504)
  })

  it('CONN-10: frames sent along with `connect` are handled after it, in order', async () => {
    const slow = await hostForTest({ authenticate: async ({ token = '' }) => (await sleep(50), { user: token }) })
    const peer = await slow.open()
    peer.send({ type: 'connect', id: 1, token: 'ada' })
    peer.send({ type: 'subscribe', id: 2, channel: 'live:pipe' })
    for (let n = 3; n <= 6; n++) peer.send({ type: 'publish', id: n, channel: 'live:pipe', data: n })
    peer.send({ type: 'unsubscribe', id: 7, channel: 'live:pipe' })
    await peer.take('unsubscribed').then((last) => expect(last['id']).toBe(7))
    const frames = peer.inbox.splice(0)
    expect(frames.slice(0, 2)).toMatchObject([{ type: 'connected' }, { type: 'subscribed', id: 2 }])
    expect(frames.filter(({ type }) => type === 'published').map((frame) => frame['id'])).toEqual([3, 4, 5, 6])
    expect((await slow.server.history('live:pipe')).publications.map(({ data }) => data)).toEqual([3, 4, 5, 6])
  })
})

describe('subscriptions that come with `connect`', () => {
  it('CONN-11: each is answered after `connected` without an id', async () => {
    const peer = await host.connect('ada', {
      subscriptions: [{ channel: 'live:x' }, { channel: 'secret:x' }, { channel: 'room:x', presence: 'count' }],
    })
    const answers = [await peer.next(), await peer.next(), await peer.next()]
    expect(answers).toEqual(
      expect.arrayContaining([
        { type: 'subscribed', channel: 'live:x', position: expect.anything(), outcome: 'live' },
        { type: 'unsubscribed', channel: 'secret:x', code: 'forbidden', reason: expect.stringMatching(/./) },
        {
          type: 'subscribed',
          channel: 'room:x',
          position: expect.anything(),
          outcome: 'live',
          memberCount: 1,
          presenceVersion: expect.any(Number),
        },
      ]),
    )
    peer.drop()
  })

  it('CONN-12: those that `authenticate` returns and the own channel are announced, and deliver, without a rule', async () => {
    const given = await hostForTest({
      authenticate: ({ token = '' }) => ({ user: token, subscriptions: ['given:1', 'given:2'] }),
    })
    const peer = await given.connect('ada')
    await given.server.publish('given:2', 'hi')
    expect(await peer.take('publication')).toMatchObject({ channel: 'given:2', data: 'hi' })
    const announced = [...(await peer.settle()).filter(({ type }) => type === 'subscribed'), ...peer.own]
    expect(announced).toEqual(
      expect.arrayContaining(
        ['given:1', 'given:2', '@user:ada'].map((channel) => ({
          type: 'subscribed',
          channel,
          position: expect.anything(),
          outcome: 'live',
        })),
      ),
    )
    expect(await peer.ask({ type: 'publish', channel: 'given:1', data: 1 })).toMatchObject({ code: 'forbidden' })
  })
})

describe('who is not let in, or not kept', () => {
  it('CONN-13: one connection too many is closed with 4202, and a freed place is taken', async () => {
    const small = await hostForTest({ limits: { connections: 2 } })
    const first = await small.connect('ada')
    await small.connect('bob')
    const third = await small.open()
    third.send({ type: 'connect', id: 1, token: 'eve' })
    expect((await third.ended).code).toBe(4202)
    first.send({ type: 'disconnect' })
    await first.ended
    expect((await small.connect('eve')).connected['user']).toBe('eve')
  })

  it('CONN-14: unknown features are ignored and none is told that was not asked for', async () => {
    const asked = await host.connect('ada', { features: ['teleport', '__proto__'] })
    expect(asked.connected['features'] ?? []).toEqual([])
    expect((await host.connect('ada')).connected['features'] ?? []).toEqual([])
  })

  it('CONN-15: an idle connection is closed with 4106, one with a subscription or frames stays', async () => {
    const { connect } = await hostForTest({ limits: { idleTimeoutMs: 400 } })
    const [idle, subscribed, busy] = [
      await connect('ada'),
      await connect('bob', { subscriptions: [{ channel: 'live:a' }] }),
      await connect('eve'),
    ]
    const talk = setInterval(() => busy.send({ type: 'unsubscribe', id: 9, channel: 'live:a' }), 50)
    const probe = setInterval(() => idle.send({ type: 'ping' }), 50)
    void idle.ended.finally(() => clearInterval(probe))
    expect((await idle.ended).code).toBe(4106)
    await sleep(800)
    clearInterval(talk)
    await subscribed.settle()
    await busy.settle()
  })

  it('CONN-16: a resumed session is told how its last connection ended', async () => {
    const first = await host.connect('ada')
    const before = Date.now()
    await host.server.connections.close(first.connected['connection'] as string, { code: 4107 })
    expect((await first.ended).code).toBe(4107)
    const second = await Peer.connect(host.url, 'ada', { session: first.connected['session'] })
    expect(second.connected).toMatchObject({
      resumed: true,
      previous: { code: 4107, reason: 'moved', at: expect.any(Number) },
    })
    expect((second.connected['previous'] as { at: number }).at).toBeGreaterThanOrEqual(before)
    second.drop()
  })

  it('CONN-16: a session whose client left by itself is told nothing', async () => {
    const first = await host.connect('ada')
    first.send({ type: 'disconnect' })
    await first.ended
    const second = await host.connect('ada', { session: first.connected['session'] })
    expect(second.connected['previous']).toBeUndefined()
    second.drop()
  })
})
