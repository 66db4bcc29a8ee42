// Subscribing, unsubscribing, and what is delivered in between.

import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostForTest, startHost, SPEC_OPTIONS, type Host } from './harness/host.ts'
import type { Wire } from './harness/peer.ts'

let host: Host
beforeAll(async () => {
  host = await startHost()
})
afterAll(() => host.close())

const offsets = (frames: readonly Wire[]): unknown[] =>
  frames.filter(({ type }) => type === 'publication').map((frame) => frame['offset'])

const offsetIn = (frame: Wire | undefined): number =>
  (frame?.['position'] as { offset: number } | undefined)?.offset ?? Number.NaN

describe('subscribe', () => {
  it('SUB-1: answers with the id, the channel, the newest position and `live`', async () => {
    const ada = await host.connect('ada')
    await host.server.publish('live:s1', 1)
    const { position } = await host.server.publish('live:s1', 2)
    ada.send({ type: 'subscribe', id: 42, channel: 'live:s1' })
    expect(await ada.next()).toEqual({ type: 'subscribed', id: 42, channel: 'live:s1', position, outcome: 'live' })
  })

  it('SUB-2: delivers every later publication in order, each once', async () => {
    const ada = await host.connect('ada')
    await host.server.publish('live:s2', 0)
    await ada.ask({ type: 'subscribe', channel: 'live:s2' })
    const all = Array.from({ length: 300 }, (_, n) => host.server.publish('live:s2', n))
    await Promise.all(all)
    expect(offsets(await ada.settle())).toEqual(Array.from({ length: 300 }, (_, n) => n + 2))
  })

  it('SUB-3, SUB-4: publications stored while a subscribe is decided come after its answer, none lost or doubled', async () => {
    let [stored, askedAt] = [0, Infinity]
    const slow = await hostForTest({
      channels: { 'slow:**': { publish: true } },
      async authorize() {
        askedAt = stored
        while (stored < askedAt + 10) await sleep(1)
        return true
      },
    })
    const ada = await slow.connect('ada')
    await ada.settle()
    const asking = ada.ask({ type: 'subscribe', channel: 'slow:s' })
    let answered = false
    void asking.then(() => (answered = true))
    for (let after = 0; after < 10; after += Number(answered)) {
      await slow.server.publish('slow:s', ++stored)
      await sleep(1)
    }
    const subscribed = await asking
    const frames = await ada.settle()
    expect(subscribed).toMatchObject({ type: 'subscribed', outcome: 'live' })
    const first = offsetIn(subscribed) + 1
    const { position } = await slow.server.history('slow:s')
    expect(first).toBeGreaterThan(askedAt)
    expect(offsets(frames)).toEqual(Array.from({ length: position.offset - first + 1 }, (_, n) => first + n))
    expect(offsets(frames).length).toBeGreaterThan(5)
  })

  it('SUB-5: what nothing allows is refused and not delivered', async () => {
    const ada = await host.connect('ada')
    for (const channel of ['secret:plans', 'nobody:knows', 'live']) {
      expect(await ada.ask({ type: 'subscribe', channel })).toMatchObject({
        type: 'error',
        code: 'forbidden',
        temporary: false,
      })
      await host.server.publish(channel, 'hush')
    }
    expect(offsets(await ada.settle())).toEqual([])
  })

  it('SUB-5: an `authorize` that throws is a no', async () => {
    const { connect } = await hostForTest({
      authorize: () => {
        throw new Error('database down')
      },
    })
    const answer = await (await connect('ada')).ask({ type: 'subscribe', channel: 'unruled:1' })
    expect(answer).toMatchObject({ type: 'error', code: 'forbidden' })
    expect(JSON.stringify(answer)).not.toContain('database down')
  })

  it('SUB-6: subscribing again is answered again and doubles nothing', async () => {
    const ada = await host.connect('ada')
    for (let n = 0; n < 3; n++)
      expect(await ada.ask({ type: 'subscribe', channel: 'live:s6' })).toMatchObject({
        type: 'subscribed',
        outcome: 'live',
      })
    await host.server.publish('live:s6', 1)
    expect(offsets(await ada.settle())).toEqual([1])
    expect(
      (await host.server.connections.get(ada.connected['connection'] as string))?.subscriptions.filter(
        (channel) => channel === 'live:s6',
      ),
    ).toHaveLength(1)
  })

  it('SUB-9: one subscription too many is refused and the others stay', async () => {
    const small = await hostForTest({ limits: { subscriptionsPerConnection: 3 } })
    const ada = await small.connect('ada')
    await ada.settle()
    const limit = (ada.connected['limits'] as { subscriptions: number }).subscriptions
    expect(limit).toBe(3)
    const answers = []
    for (let n = 0; n < 5; n++)
      answers.push((await ada.ask({ type: 'subscribe', channel: `live:${n}` }))['code'] ?? 'subscribed')
    const taken = answers.filter((answer) => answer === 'subscribed').length
    expect(answers).toEqual([
      ...Array<string>(taken).fill('subscribed'),
      ...Array<string>(5 - taken).fill('too-many-subscriptions'),
    ])
    expect(taken).toBe(3)
    expect(await ada.ask({ type: 'subscribe', channel: 'live:0' })).toMatchObject({ type: 'subscribed' })
    await small.server.publish('live:0', 1)
    expect(offsets(await ada.settle())).toEqual([1])
    await ada.ask({ type: 'unsubscribe', channel: 'live:0' })
    expect(await ada.ask({ type: 'subscribe', channel: 'live:9' })).toMatchObject({ type: 'subscribed' })
  })
})

describe('unsubscribe', () => {
  it('SUB-7: is answered, and nothing of the channel follows', async () => {
    const ada = await host.connect('ada')
    await ada.ask({ type: 'subscribe', channel: 'live:s7' })
    expect(await ada.ask({ type: 'unsubscribe', channel: 'live:s7' })).toEqual({
      type: 'unsubscribed',
      id: expect.any(Number),
      channel: 'live:s7',
      code: 'requested',
      reason: expect.any(String),
    })
    await host.server.publish('live:s7', 1)
    expect(offsets(await ada.settle())).toEqual([])
  })

  it('SUB-7: is answered the same where there was no subscription', async () => {
    const ada = await host.connect('ada')
    expect(await ada.ask({ type: 'unsubscribe', channel: 'secret:never' })).toMatchObject({
      type: 'unsubscribed',
      channel: 'secret:never',
      code: 'requested',
    })
  })

  it('SUB-8: when a refreshed token no longer allows a channel, its subscription ends with a word', async () => {
    const claims = await hostForTest({
      channels: {},
      authenticate: ({ token = '' }) => ({ user: 'ada', claims: { subscribe: token.split(',') } }),
    })
    const ada = await claims.connect('a:1,a:2')
    await ada.ask({ type: 'subscribe', channel: 'a:1' })
    await ada.ask({ type: 'subscribe', channel: 'a:2' })
    await ada.ask({ type: 'refresh', token: 'a:2' })
    const ended = await ada.take('unsubscribed')
    expect(ended).toEqual({
      type: 'unsubscribed',
      channel: 'a:1',
      code: 'forbidden',
      reason: expect.stringMatching(/./),
    })
    await claims.server.publish('a:1', 1)
    await claims.server.publish('a:2', 2)
    expect((await ada.settle()).map((frame) => frame['channel'])).toEqual(['a:2'])
  })

  it('SUB-12: a new connection has no subscriptions, even when it resumes the session', async () => {
    const first = await host.connect('ada', { subscriptions: [{ channel: 'live:s12' }] })
    await first.settle()
    first.drop()
    const second = await host.connect('ada', { session: first.connected['session'] })
    expect(second.connected['resumed']).toBe(true)
    await host.server.publish('live:s12', 1)
    expect(offsets(await second.settle())).toEqual([])
  })
})

describe('ephemeral channels', () => {
  it('SUB-10: have neither position nor offset, and are always live', async () => {
    const ada = await host.connect('ada')
    for (const position of [undefined, { epoch: 'e', offset: 5 }]) {
      const answer = await ada.ask({
        type: 'subscribe',
        channel: 'typing:1',
        ...(position === undefined ? {} : { position }),
      })
      expect(answer).toEqual({ type: 'subscribed', id: expect.any(Number), channel: 'typing:1', outcome: 'live' })
    }
    expect(await ada.ask({ type: 'publish', channel: 'typing:1', data: 'a' })).toEqual({
      type: 'published',
      id: expect.any(Number),
    })
    expect(await ada.take('publication')).toEqual({
      type: 'publication',
      channel: 'typing:1',
      data: 'a',
      at: expect.any(Number),
      from: 'ada',
    })
  })

  it('SUB-11: drop publications for a reader under pressure, count them, and keep it', async () => {
    const tight = await hostForTest({ ...SPEC_OPTIONS, limits: { outboxBytes: 256 * 1024 } })
    const [slow, quick] = [await tight.connect('ada'), await tight.connect('bob')]
    for (const peer of [slow, quick]) await peer.ask({ type: 'subscribe', channel: 'typing:1' })
    slow.pause()
    const data = 'x'.repeat(8_192)
    let received = 0
    for (let n = 0; n < 2_000; n++) {
      await tight.server.publish('typing:1', data)
      await nextTurn()
      if (n % 50 === 49) received += (await quick.settle()).length
    }
    expect(received).toBe(2_000)
    expect(tight.server.stats().counters.droppedEphemeral).toBeGreaterThan(0)
    expect(await tight.server.connections.list({ user: 'ada' })).toHaveLength(1)
    slow.resume()
    const got = (await slow.settle()).filter(({ type }) => type === 'publication').length
    expect(got + tight.server.stats().counters.droppedEphemeral).toBe(2_000)
  })
})
