// Event streams over real HTTP: what is on the wire, how they end, and clients that only listen.

import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { hostForTest, type Host } from '../conformance/harness/host.ts'
import { overhear } from '../conformance/harness/raw.ts'
import { SsePeer } from './harness/sse-peer.ts'

const base = (host: Host): string => `http://127.0.0.1:${host.port}/realtime`
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const offsets = (peer: SsePeer): unknown[] =>
  peer.inbox.filter(({ type }) => type === 'publication').map((frame) => frame['offset'])

async function stream(host: Host, user: string, more: object = {}): Promise<SsePeer> {
  const peer = new SsePeer(base(host))
  peer.send({ type: 'connect', id: 1, token: user, ...more })
  await peer.take('connected')
  return peer
}

const listen = (host: Host, query: string, headers: Record<string, string> = {}): Promise<SsePeer> =>
  SsePeer.listen(`${base(host)}/sse${query}`, { authorization: 'Bearer ada', ...headers })

describe('a stream', () => {
  it('SSE-1, SSE-2: is an event stream that nobody keeps, changes or holds back', async () => {
    const host = await hostForTest()
    const peer = await stream(host, 'ada')
    expect(peer.status).toBe(200)
    expect(peer.headers.get('content-type')).toBe('text/event-stream')
    expect(peer.headers.get('cache-control')).toContain('no-store')
    expect(peer.headers.get('cache-control')).toContain('no-transform')
    expect(peer.headers.get('x-accel-buffering')).toBe('no')
    expect(peer.events[0]).toMatchObject({ type: 'message', lastEventId: '' })
    const [info] = await host.server.connections.list()
    expect(info).toMatchObject({ transport: 'sse', user: 'ada' })
    peer.drop()
  })

  it('SSE-3: cannot be given a field by what is published', async () => {
    const host = await hostForTest()
    const peer = await listen(host, '?channel=live:a')
    await peer.take('subscribed')
    const nasty = 'x\revent: admin\rdata: pwn\r\r\n\nid: 9:9\n\nretry: 1\n\u2028\u0000data: y\n\n'
    await host.server.publish('live:a', { [nasty]: nasty })
    expect(await peer.take('publication')).toMatchObject({ data: { [nasty]: nasty } })
    await host.server.publish('live:a', 'after')
    await peer.take('publication')
    expect(peer.events.every(({ type }) => type === 'message')).toBe(true)
    expect(peer.events.at(-1)?.lastEventId).toMatch(/^[\w-]+:2$/)
    expect(peer.reader.retry).toBeGreaterThanOrEqual(1_000)
    peer.drop()
  })

  it('SSE-4, OUT-2: ends after a disconnect event, and without one when the client asked for it', async () => {
    const host = await hostForTest()
    const [kicked, leaving] = [await stream(host, 'eve'), await stream(host, 'ada')]
    await host.server.user('eve').close()
    expect(await kicked.ended).toEqual({ code: 4502, reason: 'kicked' })
    expect(kicked.inbox.at(-1)).toMatchObject({ type: 'disconnect', code: 4502 })
    leaving.send({ type: 'disconnect', end: true })
    expect(await leaving.ended).toEqual({ code: 1000, reason: '' })
    expect(leaving.inbox).toEqual([])
    expect(host.server.stats()).toMatchObject({ connections: 0, sessions: 1, subscriptions: 0 })
  })

  it('SSE-5: ends its connection when the client goes away', async () => {
    const host = await hostForTest()
    const peer = await stream(host, 'ada', { subscriptions: [{ channel: 'live:a' }] })
    const gone = new Promise((resolve) => host.server.on('disconnected', (_, close) => resolve(close)))
    peer.drop()
    expect(await gone).toEqual({ code: 1006, reason: '', by: 'network' })
    expect(host.server.stats()).toMatchObject({ connections: 0, subscriptions: 0, channels: 0, outboxBytes: 0 })
  })

  it('OUT-1, SSE-4: that is not read is bounded, closed as slow, destroyed, and delays nobody', async () => {
    const host = await hostForTest()
    const body = JSON.stringify({ type: 'connect', id: 1, token: 'slow', subscriptions: [{ channel: 'live:a' }] })
    const stalled = connect(host.port, '127.0.0.1')
    stalled.write(`POST /realtime/sse HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    stalled.on('error', () => undefined)
    await once(stalled, 'readable')
    const quick = await stream(host, 'quick', { subscriptions: [{ channel: 'live:a' }] })
    await expect
      .poll(() => host.server.channels(), { timeout: 20_000 })
      .toContainEqual(expect.objectContaining({ channel: 'live:a', subscribers: 2 }))
    let most = 0
    for (let n = 0; n < 400; n++) {
      await host.server.publish('live:a', 'x'.repeat(60_000))
      most = Math.max(most, host.server.stats().outboxBytes)
      while (n % 10 === 9 && offsets(quick).length <= n) await sleep(1)
    }
    expect(offsets(quick)).toEqual(range(1, 400))
    expect(host.server.stats().counters.slowConsumers).toBe(1)
    expect(most).toBeLessThan(3 * 1_048_576)
    quick.drop()
    const sockets = (): Promise<number> => new Promise((resolve) => host.http.getConnections((_, n) => resolve(n)))
    await expect.poll(sockets, { timeout: 15_000 }).toBe(0)
    stalled.destroy()
  })

  it('HB-3: is found dead when no pong comes up, and lives when one does', async () => {
    const host = await hostForTest({ heartbeat: { intervalMs: 200, timeoutMs: 100 } })
    const [mute, alive] = [await stream(host, 'mute'), await stream(host, 'alive')]
    const answering = setInterval(() => alive.send({ type: 'pong' }), 50)
    expect(await mute.ended).toEqual({ code: 4102, reason: 'no pong' })
    await sleep(400)
    clearInterval(answering)
    expect(host.server.stats().connections).toBe(1)
    alive.drop()
  })

  it('REC-3: recovers what was published while it was away, on a connection of any transport', async () => {
    const host = await hostForTest()
    const first = await stream(host, 'ada', { subscriptions: [{ channel: 'live:a' }] })
    const subscribed = await first.take('subscribed')
    first.drop()
    for (const n of range(1, 300)) await host.server.publish('live:a', { n, pad: 'x'.repeat(3_000) })
    const { position } = subscribed
    const again = await stream(host, 'ada', { subscriptions: [{ channel: 'live:a', position }] })
    expect(await again.take('subscribed')).toMatchObject({ outcome: 'recovered', recovering: 300 })
    await expect.poll(() => offsets(again)).toEqual(range(1, 300))
    again.drop()
  })
})

describe('a client that only listens', () => {
  it('SSE-6: is connected by its headers, without a session, and told what it may not have', async () => {
    const host = await hostForTest()
    const peer = await listen(host, '?channel=live:a&channel=secret:x&channel=no%20name')
    const connected = await peer.take('connected')
    expect(connected).toMatchObject({ user: 'ada', resumed: false })
    expect(connected).not.toHaveProperty('session')
    expect(await peer.take('unsubscribed')).toMatchObject({ code: 'bad-channel' })
    expect(await peer.take('subscribed')).toMatchObject({ channel: 'live:a', outcome: 'live' })
    expect(await peer.take('unsubscribed')).toMatchObject({ channel: 'secret:x', code: 'forbidden' })
    peer.drop()
  })

  it('SSE-6, POST-2: is refused with a status and its code', async () => {
    const host = await hostForTest({
      authenticate: ({ token }) => (token === 'ada' ? { user: 'ada' } : null),
    })
    const none = await SsePeer.listen(`${base(host)}/sse`)
    expect([none.status, await none.ended]).toEqual([401, { code: 4001, reason: 'token missing' }])
    const wrong = await SsePeer.listen(`${base(host)}/sse`, { authorization: 'Bearer eve' })
    expect([wrong.status, await wrong.ended]).toEqual([401, { code: 4002, reason: 'token invalid' }])
    expect(wrong.headers.get('content-type')).toBe('application/json')
    expect(host.server.stats()).toMatchObject({ connections: 0, connecting: 0 })
  })

  it('SSE-6: comes without a token where that is allowed', async () => {
    const host = await hostForTest({ anonymous: true, authenticate: () => null })
    const peer = await SsePeer.listen(`${base(host)}/sse?channel=live:a`)
    expect(String((await peer.take('connected'))['user'])).toMatch(/^anon:/)
    peer.drop()
  })

  it('SSE-7: gets comments when it is quiet, and is not expected to answer', async () => {
    const host = await hostForTest({ heartbeat: { intervalMs: 100, timeoutMs: 50 } })
    const peer = await listen(host, '')
    await peer.take('connected')
    await expect.poll(() => peer.reader.comments).toBeGreaterThan(3)
    expect(peer.inbox).toEqual([])
    expect(host.server.stats()).toMatchObject({ connections: 1, counters: { missedPings: 0 } })
    peer.drop()
  })

  it('SSE-8: recovers each of its channels from Last-Event-ID', async () => {
    const host = await hostForTest()
    const query = '?channel=live:a&channel=typing:x&channel=live:b'
    const first = await listen(host, query)
    await first.take('connected')
    for (const channel of ['live:a', 'typing:x', 'live:b']) await first.take((frame) => frame['channel'] === channel)
    for (const n of range(1, 3)) await host.server.publish('live:a', n)
    await host.server.publish('live:b', 1)
    await host.server.publish('typing:x', 1)
    await expect.poll(() => first.inbox.length).toBe(5)
    const last = first.events.at(-1)?.lastEventId ?? ''
    expect(last).toMatch(/^[\w-]+:3,,[\w-]+:1$/)
    first.drop()
    for (const n of range(4, 6)) await host.server.publish('live:a', n)
    const again = await listen(host, query, { 'last-event-id': last })
    expect(await again.take((frame) => frame['channel'] === 'live:a')).toMatchObject({
      outcome: 'recovered',
      recovering: 3,
    })
    const told = again.events.find(({ data }) => data.includes('"subscribed","channel":"live:a"'))
    expect(told?.lastEventId.split(',')[0]).toMatch(/:3$/)
    expect(await again.take((frame) => frame['channel'] === 'typing:x')).toMatchObject({ outcome: 'live' })
    expect(await again.take((frame) => frame['channel'] === 'live:b' && frame.type === 'subscribed')).toMatchObject({
      outcome: 'recovered',
      recovering: 0,
    })
    await expect.poll(() => offsets(again)).toEqual([4, 5, 6])
    expect(again.events.at(-1)?.lastEventId).toMatch(/^[\w-]+:6,,[\w-]+:1$/)
    again.drop()
  })

  it('SSE-8: begins live at a Last-Event-ID that cannot be read', async () => {
    const host = await hostForTest()
    const peer = await listen(host, '?channel=live:a', { 'last-event-id': '0-0,$,+:1' })
    expect(await peer.take('subscribed')).toMatchObject({ outcome: 'live' })
    peer.drop()
  })

  it('SSE-10: is refused with more than 16 channels', async () => {
    const host = await hostForTest()
    const query = (count: number): string =>
      `?${range(1, count)
        .map((n) => `channel=live:${n}`)
        .join('&')}`
    const many = await listen(host, query(17))
    expect([many.status, many.inbox.length]).toEqual([400, 0])
    await many.ended
    expect(many.inbox[0]).toMatchObject({ type: 'error', code: 'too-many-subscriptions' })
    const enough = await listen(host, query(16))
    await expect.poll(() => enough.inbox.length).toBe(17)
    enough.drop()
  })

  it('SSE-11, AUTH-9: is known by its cookie only where its own page asks', async () => {
    const host = await hostForTest({
      authenticate: ({ headers }) => (headers['cookie'] === undefined ? null : { user: 'ada' }),
    })
    const status = async (headers: Record<string, string>): Promise<number> => {
      const peer = await SsePeer.listen(`${base(host)}/sse`, { cookie: 'sid=1', ...headers })
      peer.drop()
      return peer.status
    }
    expect(await status({})).toBe(401)
    expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(401)
    expect(await status({ origin: 'https://evil.example' })).toBe(403)
    expect(await status({ 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await status({ origin: `http://127.0.0.1:${host.port}` })).toBe(200)
  })

  it('SSE-6: may speak HTTP/1.0, as some proxies do', async () => {
    const host = await hostForTest()
    const text = await overhear(host.port, 'GET /realtime/sse HTTP/1.0\r\nAuthorization: Bearer ada\r\n\r\n', 300)
    expect(text).toMatch(/^HTTP\/1\.1 200 /)
    expect(text).not.toMatch(/transfer-encoding/i)
    expect(text).toContain('\r\n\r\ndata: {"type":"connected"')
  })
})
