// Readers that do not read, and hosts that do not decide.

import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { hostForTest } from './harness/host.ts'

it('OUT-1, OUT-3: a reader that stalls is closed with 4103 at its limit, and others miss nothing', async () => {
  const { connect, server } = await hostForTest({ limits: { outboxBytes: 256 * 1024 } })
  const [slow, quick] = [await connect('ada'), await connect('bob')]
  const closed: unknown[] = []
  server.on('disconnected', ({ user }, { code, by }) => closed.push({ user, code, by }))
  for (const peer of [slow, quick]) await peer.ask({ type: 'subscribe', channel: 'live:flood' })
  slow.pause()
  const data = 'x'.repeat(8_192)
  const offsets: unknown[] = []
  for (let n = 1; n <= 3_000; n++) {
    await server.publish('live:flood', data)
    await nextTurn()
    if (n % 50 === 0) offsets.push(...(await quick.settle()).map((frame) => frame['offset']))
    expect(server.stats().outboxBytes).toBeLessThan(4 * 256 * 1024)
  }
  expect(offsets).toEqual(Array.from({ length: 3_000 }, (_, n) => n + 1))
  await expect.poll(() => closed, { timeout: 15_000 }).toEqual([{ user: 'ada', code: 4103, by: 'server' }])
  expect(server.stats().counters.slowConsumers).toBe(1)
  // Promise of the limit's other half: the reader comes back, is told why, and recovers what it missed or a gap.
  const back = await connect('ada', { session: slow.connected['session'] })
  expect(back.connected['previous']).toMatchObject({ code: 4103 })
})

it('OUT-1: who asks for more and more and reads none of it is closed with 4103, too', async () => {
  const { connect, server } = await hostForTest()
  const greedy = await connect('ada')
  const closed: unknown[] = []
  server.on('disconnected', ({ user }, { code, by }) => closed.push({ user, code, by }))
  for (let n = 0; n < 16; n++) await server.publish('live:much', 'x'.repeat(60_000))
  greedy.pause()
  for (let id = 2; id < 102 && closed.length === 0; id++) {
    greedy.send({ type: 'history', id, channel: 'live:much' })
    await sleep(5)
    expect(server.stats().outboxBytes).toBeLessThan(8 * 1_048_576)
  }
  await expect.poll(() => closed, { timeout: 15_000 }).toEqual([{ user: 'ada', code: 4103, by: 'server' }])
})

it('OUT-2: a close is announced by a `disconnect` with the same code', async () => {
  const { connect, server } = await hostForTest()
  for (const code of [4502, 4107, 4601]) {
    const peer = await connect('ada')
    await peer.settle()
    await server.connections.close(peer.connected['connection'] as string, { code })
    expect((await peer.ended).code).toBe(code)
    expect(peer.inbox).toEqual([{ type: 'disconnect', code, reason: expect.any(String) }])
  }
})

it('OUT-2: who does not read is destroyed after the grace', async () => {
  const { connect, server } = await hostForTest()
  const peer = await connect('ada')
  await peer.ask({ type: 'subscribe', channel: 'live:o' })
  peer.pause()
  for (let n = 0; n < 40; n++) await server.publish('live:o', 'x'.repeat(20_000))
  await server.connections.close(peer.connected['connection'] as string)
  await expect.poll(() => server.stats().connections, { timeout: 15_000, interval: 50 }).toBe(0)
})

it('OUT-4: 32 decisions are pending at most, then reading pauses, and nothing is lost', async () => {
  let [pending, most] = [0, 0]
  const { connect } = await hostForTest({
    authorize: async () => {
      most = Math.max(most, ++pending)
      await sleep(5)
      pending--
      return true
    },
  })
  const peer = await connect('ada')
  const answers = await Promise.all(
    Array.from({ length: 120 }, (_, n) => peer.ask({ type: 'subscribe', channel: `unruled:${n}` })),
  )
  expect(answers.every(({ type }) => type === 'subscribed')).toBe(true)
  expect(most).toBeGreaterThan(1)
  expect(most).toBeLessThanOrEqual(32)
})
