// Behind HAProxy as the docs configure it: TLS, two gateways, checks of their readiness.

import { describe, expect, it } from 'vitest'
import type { Transport } from 'staywire/client'
import { haproxyHere } from './harness/changes.ts'
import { until } from './harness/client.ts'
import { documented } from './harness/proxy.ts'
import { addressSeen, changed, CLAIMING_FROM, clientForTest, gateway, proxyForTest, publish } from './harness/scene.ts'

const TRANSPORTS: readonly Transport[] = ['websocket', 'sse', 'poll']
const range = (to: number): number[] => Array.from({ length: to }, (_, n) => n + 1)

async function documentedScene() {
  const trust = ['--trusted-proxy', '127.0.0.1/32']
  const to = await Promise.all([gateway(...trust), gateway(...trust)])
  const proxy = await proxyForTest('haproxy')
  await proxy.start(changed(documented('haproxy.cfg'), haproxyHere(proxy, to)))
  const trusted = `${proxy.folder}/live.crt`
  const origin = `https://127.0.0.1:${proxy.port}`
  const clients = await Promise.all(
    TRANSPORTS.map((transport) => clientForTest(origin, [transport], { trusted, user: transport })),
  )
  const totals = await Promise.all(to.map((each) => each.api('GET', '/api/v1/connections')))
  const taken = totals.findIndex(({ body }) => body['total'] === 3)
  const [serving, other] = taken === 0 ? to : to.toReversed()
  if (taken < 0 || serving === undefined || other === undefined) throw new Error('The clients are not on one gateway.')
  return { serving, other, proxy, clients }
}

describe('HAProxy as the docs have it, with TLS', () => {
  it('carries all three transports, up and down, and keeps each client with one gateway', async () => {
    const { serving, other, proxy, clients } = await documentedScene()
    for (const n of range(20)) await publish(serving, n)
    for (const [n, client] of clients.entries()) for (const key of range(5)) client.publish(n * 10 + key)
    await until('all have all', () => clients.every(({ data, stored }) => data.length === 35 && stored.length === 5))
    for (const client of clients) {
      expect(client.data).toEqual(clients[0]?.data)
      expect([client.losses, client.outcomes]).toEqual([[], ['live']])
    }
    expect(clients.map(({ transport }) => transport)).toEqual(TRANSPORTS)
    // Whatever it claims; its own address decides to which of the two it comes.
    const seen = [await addressSeen(serving, proxy), await addressSeen(other, proxy)]
    expect(new Set(seen.flat())).toEqual(new Set([CLAIMING_FROM]))
  })

  it('is reloaded without closing anybody, and recovered from when it is killed', async () => {
    const { serving, proxy, clients } = await documentedScene()
    await proxy.reload()
    for (const n of range(10)) await publish(serving, n)
    await until('all have ten', () => clients.every(({ data }) => data.length === 10))
    expect(clients.map(({ losses }) => losses)).toEqual([[], [], []])

    await proxy.kill()
    await until('all have noticed', () => clients.every(({ losses }) => losses.length === 1), 60_000)
    for (const n of range(10)) await publish(serving, 10 + n)
    await proxy.start(proxy.config)
    await until('all are back', () => clients.every(({ data }) => data.length === 20), 90_000)
    for (const client of clients) {
      expect(client.data).toEqual(range(20))
      expect(client.outcomes).toEqual(['live', 'recovered'])
    }
  })

  it('sends the clients of a gateway that drains to the other one, where they are told what they cannot have', async () => {
    const { serving, other, clients } = await documentedScene()
    for (const n of range(3)) await publish(serving, n)
    await until('all have three', () => clients.every(({ data }) => data.length === 3))
    await serving.stop()
    await until('all are there', () => clients.every(({ outcomes }) => outcomes.length > 1), 60_000)
    // Each gateway has a history of its own: nothing was lost in silence.
    expect(clients.map(({ outcomes }) => outcomes.at(-1))).toEqual(['gap', 'gap', 'gap'])
    await publish(other, 'after')
    await until('all have it', () => clients.every(({ data }) => data.at(-1) === 'after'))
  })
})
