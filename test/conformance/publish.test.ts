// Publishing: stored first, then answered and delivered; a key makes a retry harmless.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { hostForTest, startHost, type Host } from './harness/host.ts'
import type { Peer } from './harness/peer.ts'

let host: Host
let ada: Peer
let bob: Peer
beforeAll(async () => {
  host = await startHost()
  ada = await host.connect('ada')
  bob = await host.connect('bob')
  await ada.settle()
  await bob.settle()
})
afterAll(() => host.close())

const publish = (channel: string, data: unknown, more: object = {}, peer = ada) =>
  peer.ask({ type: 'publish', channel, data, ...more })

describe('publish', () => {
  it('PUB-1, PUB-2: is answered once, with the position at which it can be read', async () => {
    for (let offset = 1; offset <= 3; offset++) {
      const answer = await publish('live:p1', { offset })
      expect(answer).toEqual({
        type: 'published',
        id: expect.any(Number),
        position: { epoch: expect.any(String), offset },
      })
      expect((await host.server.history('live:p1')).publications.at(-1)).toMatchObject({
        offset,
        data: { offset },
        from: 'ada',
      })
    }
    expect(await ada.settle()).toEqual([])
  })

  it('PUB-2: offsets go up by exactly 1, whoever publishes', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        n % 3 === 0 ? host.server.publish('live:p2', n) : publish('live:p2', n, {}, n % 3 === 1 ? ada : bob),
      ),
    )
    const positions = answers.map((answer) => (answer as { position: { epoch: string; offset: number } }).position)
    expect(positions.map(({ offset }) => offset).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, n) => n + 1),
    )
    expect(new Set(positions.map(({ epoch }) => epoch)).size).toBe(1)
  })

  it('PUB-3, PUB-4: reaches every subscriber, the publisher too, with its key, and can be read by then', async () => {
    const carol = await host.connect('carol')
    for (const peer of [ada, bob]) await peer.ask({ type: 'subscribe', channel: 'live:p4' })
    expect(await publish('live:p4', { a: 1 }, { key: 'k4', meta: { m: 1 } })).toMatchObject({ type: 'published' })
    for (const peer of [ada, bob]) {
      const publication = await peer.take('publication')
      expect(publication).toEqual({
        type: 'publication',
        channel: 'live:p4',
        offset: 1,
        data: { a: 1 },
        at: expect.any(Number),
        from: 'ada',
        key: 'k4',
        meta: { m: 1 },
      })
      expect(Math.abs(Date.now() - (publication['at'] as number))).toBeLessThan(5_000)
      expect(await peer.ask({ type: 'history', channel: 'live:p4' })).toMatchObject({ publications: [{ offset: 1 }] })
    }
    expect((await carol.settle()).filter(({ type }) => type === 'publication')).toEqual([])
    carol.drop()
  })

  it('PUB-5: a client cannot say who it is', async () => {
    await bob.ask({ type: 'subscribe', channel: 'live:p5' })
    await publish('live:p5', 1, { from: 'eve', at: 1, offset: 99 })
    expect(await bob.take('publication')).toMatchObject({ from: 'ada', offset: 1 })
    await host.server.publish('live:p5', 2)
    expect(await bob.take('publication')).not.toHaveProperty('from')
  })

  it('PUB-10: without an id it is done in silence, and refused without an id', async () => {
    ada.send({ type: 'publish', channel: 'live:p10', data: 1 })
    expect(await ada.settle()).toEqual([])
    expect((await host.server.history('live:p10')).position.offset).toBe(1)
    ada.send({ type: 'publish', channel: 'secret:p10', data: 1 })
    expect(await ada.next()).toEqual({
      type: 'error',
      code: 'forbidden',
      message: expect.any(String),
      temporary: false,
    })
  })

  it('PUB-11: what nothing allows is refused, stored nowhere and delivered to nobody', async () => {
    const open = await hostForTest({ channels: { 'read:**': { subscribe: true, publish: false } } })
    const [reader, writer] = [await open.connect('ada'), await open.connect('bob')]
    await reader.ask({ type: 'subscribe', channel: 'read:1' })
    for (const channel of ['read:1', 'nobody:knows']) {
      expect(await publish(channel, 1, {}, writer)).toMatchObject({
        type: 'error',
        code: 'forbidden',
        temporary: false,
      })
      expect((await open.server.history(channel)).position.offset).toBe(0)
    }
    expect((await reader.settle()).filter(({ type }) => type === 'publication')).toEqual([])
  })

  it('PUB-12: publishes to one channel are stored in the order sent, though decisions take different times', async () => {
    let turn = 0
    const uneven = await hostForTest({
      channels: { 'order:**': { subscribe: true } },
      authorize: async () => (await sleep(++turn % 2 === 0 ? 1 : 25), true),
    })
    const peer = await uneven.connect('ada')
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => publish('order:1', n, {}, peer)))
    expect(answers.map((answer) => (answer['position'] as { offset: number }).offset)).toEqual(
      Array.from({ length: 12 }, (_, n) => n + 1),
    )
    expect((await uneven.server.history('order:1')).publications.map(({ data }) => data)).toEqual(
      Array.from({ length: 12 }, (_, n) => n),
    )
  })

  it('PUB-13: data that the schema refuses is answered `invalid-data` and not stored', async () => {
    const typed = await hostForTest({
      channels: { 'typed:*': { subscribe: true, publish: true, data: z.object({ text: z.string() }) } },
    })
    const peer = await typed.connect('ada')
    expect(await publish('typed:1', { text: 5 }, {}, peer)).toMatchObject({
      type: 'error',
      code: 'invalid-data',
      temporary: false,
      message: expect.stringContaining('text'),
    })
    expect(await publish('typed:1', { text: 'hi' }, {}, peer)).toMatchObject({
      type: 'published',
      position: { offset: 1 },
    })
    await expect(typed.server.publish('typed:1', { text: 5 })).rejects.toMatchObject({ code: 'invalid-data' })
  })
})

describe('keys', () => {
  it('PUB-6: a repeat is answered with the first position, and stored and delivered once', async () => {
    await bob.ask({ type: 'subscribe', channel: 'live:p6' })
    const first = await publish('live:p6', { n: 1 }, { key: 'k', meta: { a: 1 } })
    await publish('live:p6', { n: 2 })
    for (let n = 0; n < 3; n++) {
      const again = await publish('live:p6', { n: 1 }, { key: 'k', meta: { a: 1 } })
      expect(again).toEqual({ ...first, id: expect.any(Number), duplicate: true })
    }
    expect((await bob.settle()).map((frame) => frame['offset'])).toEqual([1, 2])
  })

  it('PUB-6: of many at the same moment one is stored', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => publish('live:p6b', 'same', { key: 'k' })))
    expect(answers.filter((answer) => answer['duplicate'] !== true)).toHaveLength(1)
    expect(new Set(answers.map((answer) => JSON.stringify(answer['position']))).size).toBe(1)
  })

  it('PUB-6: on a later connection, too', async () => {
    const first = await host.connect('eve')
    await publish('live:p6c', 1, { key: 'k' }, first)
    first.drop()
    const second = await host.connect('eve')
    expect(await publish('live:p6c', 1, { key: 'k' }, second)).toMatchObject({
      duplicate: true,
      position: { offset: 1 },
    })
    second.drop()
  })

  it.each([
    ['data', 2, undefined],
    ['meta', 1, { m: 2 }],
  ])('PUB-7: the same key with other %s is a conflict and stores nothing', async (what, data, meta) => {
    const channel = `live:p7:${what}`
    await publish(channel, 1, { key: 'k' })
    expect(await publish(channel, data, { key: 'k', ...(meta && { meta }) })).toMatchObject({
      type: 'error',
      code: 'idempotency-conflict',
      temporary: false,
    })
    expect((await host.server.history(channel)).position.offset).toBe(1)
  })

  it('PUB-8: a key is of one user in one channel; backends share one scope', async () => {
    expect(await publish('live:p8', 'ada', { key: 'k' })).toMatchObject({ position: { offset: 1 } })
    expect(await publish('live:p8', 'bob', { key: 'k' }, bob)).toMatchObject({ position: { offset: 2 } })
    expect(await publish('live:p8b', 'ada, elsewhere', { key: 'k' })).toMatchObject({ position: { offset: 1 } })
    expect(await host.server.publish('live:p8', 'host', { key: 'k' })).toMatchObject({
      position: { offset: 3 },
      duplicate: false,
    })
    expect(await host.server.publish('live:p8', 'host', { key: 'k' })).toMatchObject({
      position: { offset: 3 },
      duplicate: true,
    })
  })

  it('PUB-9: 10,000 other publications later a key is still known', async () => {
    await publish('live:p9', 'first', { key: 'k' })
    await host.server.publishMany(
      Array.from({ length: 10_000 }, (_, n) => ({ channel: 'live:p9', data: n, key: `other-${n}` })),
    )
    expect(await publish('live:p9', 'first', { key: 'k' })).toMatchObject({ duplicate: true, position: { offset: 1 } })
  })
})
