// Behind nginx: as the docs configure it, and as it comes. Everything is a real client over a real proxy to a real gateway.

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Transport } from 'staywire/client'
import { tokenOf } from '../abuse/harness/token.ts'
import { printFigures } from '../figures.ts'
import { SsePeer } from '../transports/harness/sse-peer.ts'
import { nginxHere, plainNginx, UPGRADES } from './harness/changes.ts'
import { until } from './harness/client.ts'
import { documented } from './harness/proxy.ts'
import {
  addressSeen,
  changed,
  CLAIMING_FROM,
  clientForTest,
  forwardedBy,
  gateway,
  peersForTest,
  proxyForTest,
  publish,
  usersOf,
} from './harness/scene.ts'

const TRANSPORTS: readonly Transport[] = ['websocket', 'sse', 'poll']
const FALLBACK_MS = 5_000
/** What a busy machine may take on top of what is promised. */
const MARGIN_MS = 4_000
const range = (to: number): number[] => Array.from({ length: to }, (_, n) => n + 1)

interface Stored {
  readonly from: string
  readonly data: { readonly own: number }
}

/** The nginx of the docs in front of one gateway, with a client over each transport. */
async function documentedScene() {
  const to = await gateway('--trusted-proxy', '127.0.0.1/32', '--forwarded-header', 'x-forwarded-for')
  const proxy = await proxyForTest('nginx')
  await proxy.start(changed(documented('nginx.conf'), nginxHere(proxy, [to])))
  const trusted = `${proxy.folder}/live.crt`
  const origin = `https://127.0.0.1:${proxy.port}`
  const clients = await Promise.all(
    TRANSPORTS.map((transport) => clientForTest(origin, [transport], { trusted, user: transport })),
  )
  return { to, proxy, clients, origin }
}

describe('nginx as the docs have it, with TLS', () => {
  it('carries all three transports, up and down', async () => {
    const { to, clients, proxy } = await documentedScene()
    for (const n of range(20)) await publish(to, n)
    for (const [n, client] of clients.entries()) {
      for (const key of range(5)) client.publish(n * 10 + key)
    }
    await until('all have all', () => clients.every(({ data, stored }) => data.length === 35 && stored.length === 5))
    for (const client of clients) {
      expect(client.data.slice(0, 20)).toEqual(range(20))
      expect(client.data).toEqual(clients[0]?.data)
      expect([client.losses, client.outcomes]).toEqual([[], ['live']])
    }
    expect(clients.map(({ transport }) => transport)).toEqual(TRANSPORTS)
    expect(proxy.said).not.toMatch(/\[(error|crit|alert|emerg)\]/)
  })

  it('tells who the client is, whatever that one claims', async () => {
    const { to, proxy } = await documentedScene()
    expect(await addressSeen(to, proxy)).toEqual([CLAIMING_FROM])
  })

  it('is reloaded without closing anybody, and recovered from when it is killed', async () => {
    const { to, proxy, clients } = await documentedScene()
    await proxy.reload()
    for (const n of range(10)) await publish(to, n)
    await until('all have ten', () => clients.every(({ data }) => data.length === 10))
    expect(clients.map(({ losses }) => losses)).toEqual([[], [], []])

    const { config } = proxy
    await proxy.kill()
    await until('all have noticed', () => clients.every(({ losses }) => losses.length === 1), 60_000)
    for (const n of range(10)) await publish(to, 10 + n)
    await sleep(1_000)
    await proxy.start(config)
    await until('all are back', () => clients.every(({ data }) => data.length === 20), 90_000)
    for (const client of clients) {
      expect(client.data).toEqual(range(20))
      expect(client.outcomes).toEqual(['live', 'recovered'])
    }
  })
})

describe('nginx as it comes', () => {
  it('SSE-2: that compresses everything still lets each event through at once', async () => {
    const to = await gateway()
    const proxy = await proxyForTest('nginx')
    const gzip = 'gzip on; gzip_types *; gzip_proxied any; gzip_min_length 0; gzip_comp_level 6;'
    await proxy.start(plainNginx(proxy, [to], `proxy_http_version 1.1; ${gzip}`))
    const url = `http://127.0.0.1:${proxy.port}/realtime/sse?channel=live:1`
    const peer = await SsePeer.listen(url, { authorization: `Bearer ${tokenOf('ada')}`, 'accept-encoding': 'gzip' })
    onTestFinished(() => peer.drop())
    await peer.take('subscribed')
    expect(peer.headers.get('content-encoding')).toBe('gzip')
    for (const n of range(20)) {
      await publish(to, n)
      expect(await peer.take('publication')).toMatchObject({ offset: n })
    }
  })

  it('FALL-2: that upgrades nothing and speaks HTTP/1.0 leaves event streams', async () => {
    const to = await gateway()
    const proxy = await proxyForTest('nginx')
    await proxy.start(plainNginx(proxy, [to], ''))
    const client = await clientForTest(`http://127.0.0.1:${proxy.port}`, TRANSPORTS)
    expect(client.transport).toBe('sse')
    expect(client.liveAfterMs).toBeLessThan(FALLBACK_MS + MARGIN_MS)
    for (const n of range(10)) await publish(to, n)
    client.publish(1)
    await until('it has all', () => client.data.length === 11 && client.stored.length === 1)
    expect(client.losses).toEqual([])
    printFigures(`nginx without upgrades, HTTP/1.0: live over an event stream after ${client.liveAfterMs} ms`)
  })

  it('FALL-3: that holds back streams leaves polls', async () => {
    const to = await gateway()
    const proxy = await proxyForTest('nginx')
    const lines = 'proxy_ignore_headers X-Accel-Buffering; proxy_buffers 8 128k; proxy_buffer_size 128k;'
    await proxy.start(plainNginx(proxy, [to], lines))
    const client = await clientForTest(`http://127.0.0.1:${proxy.port}`, TRANSPORTS)
    expect(client.transport).toBe('poll')
    expect(client.liveAfterMs).toBeLessThan(FALLBACK_MS + MARGIN_MS)
    for (const n of range(10)) await publish(to, n)
    client.publish(1)
    await until('it has all', () => client.data.length === 11 && client.stored.length === 1)
    printFigures(`nginx that buffers streams: live over polls after ${client.liveAfterMs} ms`)
  })
})

describe('two gateways in turns', () => {
  const lines = UPGRADES.replace('Connection "upgrade"', 'Connection $http_connection')

  it('POST-3: what comes to the wrong one is answered 410, and nothing of it is executed', async () => {
    const to = [await gateway(), await gateway()]
    const proxy = await proxyForTest('nginx')
    await proxy.start(plainNginx(proxy, to, lines))
    const peer = new SsePeer(`http://127.0.0.1:${proxy.port}/realtime`)
    onTestFinished(() => peer.drop())
    peer.send({ type: 'connect', id: 1, token: tokenOf('ada') })
    await peer.take('connected')
    const statuses = []
    for (let seq = 1; seq <= 6;) {
      const frames = [{ type: 'publish', id: seq, channel: 'live:1', data: seq }]
      const { status } = await peer.post('/frames', { ...peer.credentials, seq, frames })
      statuses.push(status)
      if (status === 200) seq++
    }
    expect(new Set(statuses)).toEqual(new Set([200, 410]))
    const kept = await Promise.all(to.map((each) => each.api('GET', '/api/v1/channels/live:1/history')))
    const data = kept.map(({ body }) => (body['publications'] as { data: number }[]).map((one) => one.data))
    expect(data.toSorted((a, b) => a.length - b.length)).toEqual([[], range(6)])
  })

  it('POST-1: a WebSocket stays with the one it came to', async () => {
    const to = [await gateway(), await gateway()]
    const proxy = await proxyForTest('nginx')
    await proxy.start(plainNginx(proxy, to, UPGRADES))
    const clients = await Promise.all(
      range(4).map((n) => clientForTest(`http://127.0.0.1:${proxy.port}`, ['websocket'], { user: `u${n}` })),
    )
    for (const client of clients) for (const key of range(5)) client.publish(key)
    await until('all is stored', () => clients.every(({ stored }) => stored.length === 5))
    expect(clients.map(({ losses }) => losses)).toEqual([[], [], [], []])
    const totals = await Promise.all(to.map((each) => each.api('GET', '/api/v1/connections')))
    expect(totals.map(({ body }) => body['total'])).toEqual([2, 2])
  })

  it('POST-12, POST-13: with the nginx of the docs every transport works over both, and over the one that is left', async () => {
    const to = await peersForTest()
    const proxy = await proxyForTest('nginx')
    await proxy.start(changed(documented('nginx-two.conf'), nginxHere(proxy, to)))
    const trusted = `${proxy.folder}/live.crt`
    const origin = `https://127.0.0.1:${proxy.port}`
    const users = range(6).map((n) => `user-${n}`)
    const clients = await Promise.all(
      users.map((user, n) => clientForTest(origin, [TRANSPORTS[n % 3] ?? 'poll'], { trusted, user })),
    )
    for (const key of range(10)) {
      for (const client of clients) client.publish(key)
      await until('all have stored it', () => clients.every(({ stored }) => stored.includes(key)))
    }
    expect(clients.map(({ losses, stored }) => [losses, stored])).toEqual(clients.map(() => [[], range(10)]))
    const forwarded = await Promise.all(to.map((each) => forwardedBy(each)))
    expect(forwarded.reduce((sum, count) => sum + count)).toBeGreaterThan(0)

    const kept = await Promise.all(to.map((each) => each.api('GET', '/api/v1/channels/live:1/history')))
    const all = kept.flatMap(({ body }) => body['publications'] as Stored[])
    for (const user of users)
      expect(all.filter(({ from }) => from === user).map(({ data }) => data.own)).toEqual(range(10))

    const at = await Promise.all(to.map((each) => usersOf(each)))
    const dying = (at[0]?.length ?? 0) > (at[1]?.length ?? 0) ? 0 : 1
    const orphans = clients.filter((_, n) => at[dying]?.includes(users[n] ?? ''))
    expect(orphans.length).toBeGreaterThanOrEqual(3)
    to[dying]?.signal('SIGKILL')
    await until('they have noticed', () => orphans.every(({ losses }) => losses.length > 0), 60_000)
    await until('all are back', () => clients.every(({ transport }) => transport !== undefined), 60_000)
    for (const client of clients) client.publish(11)
    await until('all is stored again', () => clients.every(({ stored }) => stored.includes(11)), 60_000)
    // Each gateway has a history of its own: who came over is told what it cannot have, and who stayed lost nothing.
    for (const client of clients)
      expect(client.outcomes.slice(0, 2)).toEqual(orphans.includes(client) ? ['live', 'gap'] : ['live'])
  })
})
