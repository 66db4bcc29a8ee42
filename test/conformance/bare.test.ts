// Clients without the subprotocol: credentials in the upgrade, then plain JSON.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostForTest, startHost, type Host } from './harness/host.ts'
import { Peer } from './harness/peer.ts'

let host: Host
beforeAll(async () => {
  host = await startHost()
})
afterAll(() => host.close())

const bare = (user: string, query = '', url = host.url): Promise<Peer> =>
  Peer.open(url + query, { protocols: [], headers: { authorization: `Bearer ${user}` } })

describe('a bare client', () => {
  it('BARE-1, BARE-3: is connected at once, without a session', async () => {
    const peer = await bare('ada')
    const connected = await peer.next()
    expect(connected).toMatchObject({ type: 'connected', user: 'ada', resumed: false })
    expect(connected).not.toHaveProperty('id')
    expect(connected).not.toHaveProperty('session')
    expect(host.server.stats().sessions).toBe(0)
    peer.drop()
  })

  it('BARE-1: without credentials its first frame must be `connect`', async () => {
    const silent = await Peer.open(host.url, { protocols: [] })
    silent.send({ type: 'ping' })
    expect((await silent.ended).code).toBe(4504)
    const polite = await Peer.open(host.url, { protocols: [] })
    polite.send({ type: 'connect', id: 1, token: 'ada' })
    expect(await polite.next()).toMatchObject({ type: 'connected', id: 1 })
    polite.drop()
  })

  it('BARE-2: gets a word about each channel of its URL', async () => {
    const peer = await bare('ada', '?channel=live:b1&channel=secret:b&channel=live:b%32')
    expect(await peer.next()).toMatchObject({ type: 'connected' })
    const answers = await peer.settle()
    expect(answers).toHaveLength(3)
    expect(answers).toEqual(
      expect.arrayContaining([
        { type: 'subscribed', channel: 'live:b1', position: expect.anything(), outcome: 'live' },
        { type: 'unsubscribed', channel: 'secret:b', code: 'forbidden', reason: expect.any(String) },
        { type: 'subscribed', channel: 'live:b2', position: expect.anything(), outcome: 'live' },
      ]),
    )
    await host.server.publish('live:b2', 1)
    expect(await peer.take('publication')).toMatchObject({ channel: 'live:b2', data: 1 })
    peer.drop()
  })

  it('BARE-4: is pinged by RFC 6455 and not by frames, and found dead by it', async () => {
    const quick = await hostForTest({ heartbeat: { intervalMs: 200, timeoutMs: 200 } })
    const alive = await bare('ada', '', quick.url)
    const dead = await bare('bob', '', quick.url)
    await dead.next()
    dead.pause()
    await sleep(1_200)
    expect(alive.wirePings).toBeGreaterThanOrEqual(2)
    expect(alive.inbox.map(({ type }) => type)).not.toContain('ping')
    expect((await quick.server.connections.list()).map(({ user }) => user)).toEqual(['ada'])
  })

  it('BARE-5: may do what every client may', async () => {
    const peer = await bare('ada')
    await peer.settle()
    expect(await peer.ask({ type: 'subscribe', channel: 'room:b', presence: 'members' })).toMatchObject({
      type: 'subscribed',
      members: [{ user: 'ada' }],
    })
    expect(await peer.ask({ type: 'publish', channel: 'room:b', data: 1, key: 'k' })).toMatchObject({
      type: 'published',
    })
    expect(await peer.ask({ type: 'call', method: 'add', data: [1, 2] })).toMatchObject({ type: 'result', data: 3 })
    expect(await peer.ask({ type: 'history', channel: 'room:b' })).toMatchObject({ publications: [{ data: 1 }] })
    peer.send('{"type":"ping"}')
    expect(await peer.take('pong')).toEqual({ type: 'pong' })
    peer.send({ type: 'connect', id: 1, token: 'ada' })
    expect((await peer.ended).code).toBe(4504)
  })

  it('BARE-6: is closed for bad credentials as others are', async () => {
    const strict = await hostForTest({ authenticate: ({ token }) => (token === 'ada' ? { user: 'ada' } : null) })
    const ending = async (peer: Promise<Peer>): Promise<number> => (await (await peer).ended).code
    expect(await ending(bare('nobody', '', strict.url))).toBe(4002)
    const late = await hostForTest({ authenticate: () => ({ user: 'ada', expiresAt: Date.now() - 1_000 }) })
    expect(await ending(bare('ada', '', late.url))).toBe(4004)
  })
})
