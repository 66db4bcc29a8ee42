// Dead peers are found, live ones are left alone.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { hostForTest } from './harness/host.ts'
import type { Peer } from './harness/peer.ts'

const answerPings = (peer: Peer): { stop(): void; count(): number } => {
  let count = 0
  const timer = setInterval(() => {
    while (peer.inbox.some(({ type }) => type === 'ping')) {
      peer.inbox.splice(
        peer.inbox.findIndex(({ type }) => type === 'ping'),
        1,
      )
      peer.send({ type: 'pong' })
      count++
    }
  }, 10)
  return { stop: () => clearInterval(timer), count: () => count }
}

it('HB-1: the first ping comes in the second half of the first interval, then one per silent interval', async () => {
  const { connect } = await hostForTest({ heartbeat: { intervalMs: 1_000, timeoutMs: 500 } })
  const watched = Array.from({ length: 20 }, async (_, n) => {
    const opened = performance.now()
    const peer = await connect(`user${n}`)
    const connected = performance.now()
    await peer.take('ping')
    const pinged = performance.now()
    peer.send({ type: 'pong' })
    await peer.take('ping')
    return { sinceOpened: pinged - opened, sinceConnected: pinged - connected, sincePinged: performance.now() - pinged }
  })
  const times = await Promise.all(watched)
  // From below against the earlier moment, from above against the later one: a busy machine makes both only later.
  for (const { sinceOpened } of times) expect(sinceOpened).toBeGreaterThan(450)
  for (const { sinceConnected } of times) expect(sinceConnected).toBeLessThan(2_000)
  for (const { sincePinged } of times) expect(sincePinged).toBeGreaterThan(850)
  const first = times.map(({ sinceConnected }) => sinceConnected)
  expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(100)
})

it('HB-1, HB-2: who publishes all the time and is sent nothing is pinged, and needs no pong', async () => {
  const { connect, server } = await hostForTest({ heartbeat: { intervalMs: 200, timeoutMs: 200 } })
  const peer = await connect('ada')
  const talk = setInterval(() => peer.send({ type: 'publish', channel: 'live:hb', data: 1 }), 40)
  await sleep(1_500)
  clearInterval(talk)
  expect(peer.inbox.filter(({ type }) => type === 'ping').length).toBeGreaterThanOrEqual(2)
  expect(await server.connections.list({ user: 'ada' })).toHaveLength(1)
})

it('HB-3: who says nothing after a ping is closed with 4102, who answers stays', async () => {
  const { connect, server } = await hostForTest({ heartbeat: { intervalMs: 300, timeoutMs: 200 } })
  const [dead, alive] = [await connect('ada'), await connect('bob')]
  const pongs = answerPings(alive)
  const since = performance.now()
  expect((await dead.ended).code).toBe(4102)
  expect(performance.now() - since).toBeLessThan(2_000)
  await sleep(1_000)
  expect(pongs.count()).toBeGreaterThanOrEqual(2)
  expect(await server.connections.list()).toMatchObject([
    {
      user: 'bob',
      missedPings: 0,
      lastPingAt: expect.any(Number),
      lastPongAt: expect.any(Number),
      rttMs: expect.any(Number),
    },
  ])
  pongs.stop()
  expect(server.stats().counters.missedPings).toBe(1)
})

it('HB-3: with `maxMissed` 3 the third silence closes', async () => {
  const { connect, server } = await hostForTest({ heartbeat: { intervalMs: 300, timeoutMs: 200, maxMissed: 3 } })
  const peer = await connect('ada')
  const since = performance.now()
  await peer.ended
  expect(performance.now() - since).toBeGreaterThan(600)
  expect(peer.inbox.filter(({ type }) => type === 'ping').length).toBe(3)
  expect(server.stats().counters.missedPings).toBe(3)
})

it('HB-3: a peer that reads no more is found dead too', async () => {
  const { connect, server } = await hostForTest({ heartbeat: { intervalMs: 300, timeoutMs: 200 } })
  const peer = await connect('ada')
  peer.pause()
  await expect.poll(() => server.stats().connections, { timeout: 4_000 }).toBe(0)
})

it('HB-5: a ping is answered with a pong', async () => {
  const { connect } = await hostForTest()
  const peer = await connect('ada')
  await peer.settle()
  peer.send({ type: 'ping', id: 9 })
  expect(await peer.next()).toEqual({ type: 'pong' })
})

it('HB-8: a stall of the event loop longer than the timeout kills nobody who has answered', async () => {
  const { connect, server } = await hostForTest({ heartbeat: { intervalMs: 300, timeoutMs: 200 } })
  const peer = await connect('ada')
  await peer.take('ping')
  peer.send({ type: 'pong' })
  // The pong is in the kernel's buffer; the process is busy until well after its deadline.
  const until = performance.now() + 1_500
  while (performance.now() < until);
  const pongs = answerPings(peer)
  await sleep(400)
  expect(await server.connections.list({ user: 'ada' })).toHaveLength(1)
  pongs.stop()
})
