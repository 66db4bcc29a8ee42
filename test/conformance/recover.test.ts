// Recovery: what was missed comes complete and in order, or is named as a gap.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostForTest, startHost, type Host } from './harness/host.ts'
import type { Peer, Wire } from './harness/peer.ts'

type Position = { epoch: string; offset: number }
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const offsets = (frames: readonly Wire[]): unknown[] =>
  frames.filter(({ type }) => type === 'publication').map((frame) => frame['offset'])

let host: Host
let ada: Peer
beforeAll(async () => {
  host = await startHost({
    channels: {
      'live:**': { subscribe: true, publish: true, history: { size: 400 } },
      'short:**': { subscribe: true, publish: true, history: { size: 5 } },
      'brief:**': { subscribe: true, history: { ttlMs: 300 } },
    },
  })
  ada = await host.connect('ada')
  await ada.settle()
})
afterAll(() => host.close())

const fillTo = async (channel: string, count: number, data: unknown = 'x'): Promise<Position> => {
  const answers = await host.server.publishMany(Array.from({ length: count }, () => ({ channel, data })))
  const last = answers.at(-1)
  return last?.status === 'fulfilled' && last.value.position ? last.value.position : expect.fail('nothing was stored')
}
const subscribeFrom = (channel: string, position: Position, peer = ada) =>
  peer.ask({ type: 'subscribe', channel, position })

describe('recovered', () => {
  it('REC-1, REC-2, REC-4: says how many follow, and they follow, in order', async () => {
    const { epoch } = await fillTo('live:r1', 10)
    expect(await subscribeFrom('live:r1', { epoch, offset: 4 })).toEqual({
      type: 'subscribed',
      id: expect.any(Number),
      channel: 'live:r1',
      position: { epoch, offset: 10 },
      outcome: 'recovered',
      recovering: 6,
    })
    expect(offsets(await ada.settle())).toEqual(range(5, 10))
    await host.server.publish('live:r1', 'live')
    expect(await ada.take('publication')).toMatchObject({ offset: 11, data: 'live' })
  })

  it('REC-1: from before the first publication', async () => {
    const { position } = await ada.ask({ type: 'subscribe', channel: 'live:r1b' })
    await ada.ask({ type: 'unsubscribe', channel: 'live:r1b' })
    await fillTo('live:r1b', 3)
    expect(await subscribeFrom('live:r1b', position as Position)).toMatchObject({ outcome: 'recovered', recovering: 3 })
    expect(offsets(await ada.settle())).toEqual([1, 2, 3])
  })

  it('REC-1: when nothing was missed, in a channel with publications and in one without', async () => {
    const full = await fillTo('live:r1c', 3)
    expect(await subscribeFrom('live:r1c', full)).toMatchObject({ outcome: 'recovered', recovering: 0, position: full })
    const { position } = await ada.ask({ type: 'subscribe', channel: 'live:r1d' })
    expect(await subscribeFrom('live:r1d', position as Position)).toMatchObject({
      outcome: 'recovered',
      recovering: 0,
      position,
    })
    expect(offsets(await ada.settle())).toEqual([])
  })

  it('REC-2, REC-10: recovered publications are as complete as live ones and follow without a hole', async () => {
    const [live, late] = [await host.connect('bob'), await host.connect('eve')]
    const { position } = await live.ask({ type: 'subscribe', channel: 'live:r2' })
    for (let n = 0; n < 5; n++)
      await ada.ask({ type: 'publish', channel: 'live:r2', data: { n }, key: `k${n}`, meta: { n } })
    await subscribeFrom('live:r2', position as Position, late)
    const [first, second] = [await live.settle(), await late.settle()].map((frames) =>
      frames.filter(({ type }) => type === 'publication'),
    )
    expect(first).toHaveLength(5)
    expect(second).toEqual(first)
    live.drop()
    late.drop()
  })

  it('REC-3: publications stored meanwhile join without a hole or a double', async () => {
    const { epoch } = await fillTo('live:r3', 200)
    let stop = false
    const publishing = (async () => {
      while (!stop) await Promise.all([host.server.publish('live:r3', 'more'), sleep(0)])
    })()
    const peers = await Promise.all(range(1, 20).map((n) => host.connect(`user${n}`)))
    for (const peer of peers) {
      peer.send({ type: 'subscribe', id: 5, channel: 'live:r3', position: { epoch, offset: 190 } })
      await sleep(2)
    }
    stop = true
    await publishing
    const { position } = await host.server.history('live:r3')
    expect(position.offset).toBeGreaterThan(210)
    for (const peer of peers) {
      expect(offsets(await peer.settle())).toEqual(range(191, position.offset))
      peer.drop()
    }
  })

  it('REC-11: a live subscription that sees a hole asks again and gets the missing, once', async () => {
    const { epoch } = await fillTo('live:r11', 5)
    await ada.ask({ type: 'subscribe', channel: 'live:r11' })
    await host.server.publish('live:r11', 'live')
    expect(offsets(await ada.settle())).toEqual([6])
    expect(await subscribeFrom('live:r11', { epoch, offset: 2 })).toMatchObject({ outcome: 'recovered', recovering: 4 })
    for (const data of ['more', 'and more']) await host.server.publish('live:r11', data)
    expect(offsets(await ada.settle())).toEqual([3, 4, 5, 6, 7, 8])
  })

  it('REC-12: many large recoveries at once over a small outbox all arrive, and nobody is closed', async () => {
    const tight = await hostForTest({ limits: { outboxBytes: 128 * 1024 } })
    const peer = await tight.connect('ada')
    const data = 'x'.repeat(40_000)
    for (const n of range(1, 12))
      await tight.server.publishMany(range(1, 20).map(() => ({ channel: `live:${n}`, data })))
    const { position } = await peer.ask({ type: 'subscribe', channel: 'live:1' })
    const { epoch } = position as Position
    peer.pause()
    for (const n of range(1, 12))
      peer.send({ type: 'subscribe', id: n, channel: `live:${n}`, position: { epoch, offset: 0 } })
    await sleep(300)
    peer.resume()
    const frames = await peer.settle()
    while (offsets(frames).length < 240) frames.push(await peer.next())
    for (const n of range(1, 12))
      expect(offsets(frames.filter((frame) => frame['channel'] === `live:${n}`))).toEqual(range(1, 20))
    expect(tight.server.stats().counters.slowConsumers).toBe(0)
  }, 20_000)

  it('REC-14: a quiet channel whose publications all expired still recovers from its newest position', async () => {
    const position = await fillTo('brief:r14', 3)
    await sleep(900)
    expect(await subscribeFrom('brief:r14', position)).toMatchObject({ outcome: 'recovered', recovering: 0, position })
    expect(await subscribeFrom('brief:r14', { ...position, offset: 1 })).toMatchObject({
      outcome: 'gap',
      gap: { why: 'trimmed' },
    })
  })
})

describe('gap', () => {
  it('REC-5, REC-6: 300 missed publications are recovered, 301 are a gap and none is sent', async () => {
    const { epoch } = await fillTo('live:r6', 301)
    expect(await subscribeFrom('live:r6', { epoch, offset: 1 })).toMatchObject({
      outcome: 'recovered',
      recovering: 300,
    })
    expect(offsets(await ada.settle())).toEqual(range(2, 301))
    expect(await subscribeFrom('live:r6', { epoch, offset: 0 })).toMatchObject({
      outcome: 'gap',
      gap: { why: 'too-many' },
    })
    expect(offsets(await ada.settle())).toEqual([])
  })

  it('REC-5, REC-6: over 1 MiB of missed publications are a gap', async () => {
    const { epoch } = await fillTo('live:r6b', 22, 'x'.repeat(50_000))
    expect(await subscribeFrom('live:r6b', { epoch, offset: 2 })).toMatchObject({
      outcome: 'recovered',
      recovering: 20,
    })
    expect(await subscribeFrom('live:r6b', { epoch, offset: 0 })).toMatchObject({
      outcome: 'gap',
      gap: { why: 'too-many' },
    })
    expect(offsets(await ada.settle())).toEqual(range(3, 22))
  })

  it.each([
    ['trimmed', 'short:r7', (newest: Position) => ({ ...newest, offset: newest.offset - 6 })],
    ['epoch', 'live:r7', (newest: Position) => ({ ...newest, epoch: 'another' })],
    ['ahead', 'live:r7', (newest: Position) => ({ ...newest, offset: newest.offset + 1 })],
  ])('REC-4, REC-7, REC-9: `%s` names from, to and goes on live', async (why, channel, ask) => {
    const newest = await fillTo(channel, 12)
    const from = ask(newest)
    expect(await subscribeFrom(channel, from)).toEqual({
      type: 'subscribed',
      id: expect.any(Number),
      channel,
      position: newest,
      outcome: 'gap',
      gap: { from, to: newest, why },
    })
    await host.server.publish(channel, 'live')
    expect(offsets(await ada.settle())).toEqual([newest.offset + 1])
    await ada.ask({ type: 'unsubscribe', channel })
  })

  it('REC-7: exactly what is kept can be had', async () => {
    const newest = await fillTo('short:r7b', 12)
    expect(await subscribeFrom('short:r7b', { ...newest, offset: 7 })).toMatchObject({
      outcome: 'recovered',
      recovering: 5,
    })
    expect(await subscribeFrom('short:r7b', { ...newest, offset: 6 })).toMatchObject({ outcome: 'gap' })
  })

  it('REC-8: who may subscribe but not read history is told so', async () => {
    const strict = await hostForTest({ authorize: ({ action }) => action === 'subscribe' })
    const peer = await strict.connect('ada')
    const { position } = await peer.ask({ type: 'subscribe', channel: 'unruled:1' })
    await strict.server.publish('unruled:1', 1)
    await peer.settle()
    expect(await subscribeFrom('unruled:1', position as Position, peer)).toMatchObject({
      outcome: 'gap',
      gap: { why: 'forbidden' },
    })
    expect(offsets(await peer.settle())).toEqual([])
  })
})
