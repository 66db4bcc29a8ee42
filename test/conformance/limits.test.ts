// Sizes: what is answered, what is closed, what is told.

import { expect, it } from 'vitest'
import { hostForTest } from './harness/host.ts'

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
