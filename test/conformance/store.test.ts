// What travels when the store behind the server is slow, broken, or comes back as another one. The store is a real broker
// with a fault in front of it.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { memoryBroker, type Broker, type Log, type LogListener } from 'staywire/server'
import { hostForTest, type Host } from './harness/host.ts'

const memory = (): Broker => memoryBroker({ now: Date.now, random: Math.random })

/** A store makes `disk` the default, which a memory broker refuses. */
const hostOver = (store: Broker, limits = {}): Promise<Host> =>
  hostForTest({ store, limits, channels: { 'live:**': { subscribe: true, publish: true, durability: 'memory' } } })

/** A broker whose log does some things in another way. */
const withLog = (broker: Broker, change: Partial<Log>): Broker => {
  const { log } = broker
  const changed: Log = {
    append: (entry) => log.append(entry),
    position: (channel) => log.position(channel),
    recover: (...args) => log.recover(...args),
    history: (...args) => log.history(...args),
    listen: (listener) => log.listen(listener),
    get dedupe() {
      return log.dedupe
    },
    ...change,
  }
  return new Proxy(broker, { get: (target, name) => (name === 'log' ? changed : Reflect.get(target, name, target)) })
}

it('PUB-1, PUB-3: nothing is acknowledged or delivered before it is stored', async () => {
  const store = memory()
  let stored = false
  const slow = withLog(store, {
    async append(entry) {
      await sleep(150)
      stored = true
      return store.log.append(entry)
    },
  })
  const { connect } = await hostOver(slow)
  const ada = await connect('ada')
  await ada.ask({ type: 'subscribe', channel: 'live:slow' })
  ada.send({ type: 'publish', id: 5, channel: 'live:slow', data: 1 })
  expect(await ada.settle()).toEqual([])
  expect(stored).toBe(false)
  const frames = [await ada.next(), await ada.next()]
  expect(stored).toBe(true)
  expect(frames.map(({ type }) => type).toSorted()).toEqual(['publication', 'published'])
})

it.each(
  [
    { title: 'SUB-4: a fresh subscribe', offset: undefined, again: false },
    { title: 'REC-3: a recovery', offset: 5, again: false },
    { title: 'REC-3, REC-11: a recovery of what is subscribed already', offset: 5, again: true },
  ].flatMap((one) => [
    { ...one, beforeMs: 30 },
    { ...one, beforeMs: 0 },
  ]),
)(
  '$title misses and doubles nothing that is published while history is being read ($beforeMs ms late)',
  async ({ offset, again, beforeMs }) => {
    const store = memory()
    // The answer is late, and it may be read late, too: then publications come before the reading and after it.
    const slowly = async <Answer>(read: () => Promise<Answer>): Promise<Answer> => {
      if (beforeMs > 0) await sleep(beforeMs)
      const answer = await read()
      await sleep(30)
      return answer
    }
    const { connect, server } = await hostOver(
      withLog(store, {
        position: (channel) => slowly(() => store.log.position(channel)),
        recover: (...args) => slowly(() => store.log.recover(...args)),
      }),
    )
    for (let n = 1; n <= 10; n++) await server.publish('live:join', n)
    const ada = await connect('ada')
    if (again) await ada.ask({ type: 'subscribe', channel: 'live:join' })
    const { epoch } = (await server.history('live:join')).position

    ada.send({
      type: 'subscribe',
      id: 5,
      channel: 'live:join',
      ...(offset !== undefined && { position: { epoch, offset } }),
    })
    const last = 110
    for (let n = 11; n <= last; n++) await Promise.all([server.publish('live:join', n), sleep(1)])
    const frames = await ada.settle()
    const answer = frames.findIndex((frame) => frame['id'] === 5)
    expect(frames[answer]).toMatchObject({ type: 'subscribed', outcome: offset === undefined ? 'live' : 'recovered' })
    const { position } = frames[answer] as unknown as { position: { offset: number } }
    const first = (offset ?? position.offset) + 1
    expect(frames.slice(answer + 1).map((frame) => frame['offset'])).toEqual(
      Array.from({ length: last - first + 1 }, (_, n) => first + n),
    )
  },
)

it('PUB-14: what the store cannot take is `storage-unavailable`, delivered to nobody, and taken when the store can again', async () => {
  const store = memory()
  let broken = true
  const failing = withLog(store, {
    append: (entry) =>
      broken
        ? Promise.resolve({ stored: false, code: 'storage-unavailable', message: 'The disk is full.' })
        : store.log.append(entry),
  })
  const { connect, server } = await hostOver(failing)
  const ada = await connect('ada')
  await ada.ask({ type: 'subscribe', channel: 'live:full' })
  const publish = () => ada.ask({ type: 'publish', channel: 'live:full', data: 1, key: 'k' })
  expect(await publish()).toMatchObject({ type: 'error', code: 'storage-unavailable', temporary: true })
  await expect(server.publish('live:full', 1)).rejects.toMatchObject({ code: 'storage-unavailable', temporary: true })
  expect(await ada.settle()).toEqual([])
  broken = false
  expect(await publish()).toMatchObject({ type: 'published', position: { offset: 1 } })
  expect((await ada.settle()).map((frame) => frame['offset'])).toEqual([1])
})

it('PUB-14: an append that throws, or never ends, is an error and not an acknowledgement', async () => {
  for (const append of [() => Promise.reject(new Error('disk on fire')), () => new Promise<never>(() => undefined)]) {
    const { connect } = await hostOver(withLog(memory(), { append }), { decisionTimeoutMs: 200 })
    const ada = await connect('ada')
    const answer = await ada.ask({ type: 'publish', channel: 'live:a', data: 1 })
    expect(answer).toMatchObject({ type: 'error', temporary: true })
    expect(JSON.stringify(answer)).not.toContain('fire')
  }
})

it('REC-13: when the store comes back as another life, subscribers are told a gap and go on in it', async () => {
  let current = memory()
  const listeners: LogListener[] = []
  const next = memory()
  const replaceable = withLog(current, {
    append: (entry) => current.log.append(entry),
    position: (channel) => current.log.position(channel),
    recover: (...args) => current.log.recover(...args),
    history: (...args) => current.log.history(...args),
    listen(given) {
      listeners.push(given)
      current.log.listen(given)
      next.log.listen(given)
    },
  })
  const { connect, server } = await hostOver(replaceable)
  const ada = await connect('ada')
  await ada.ask({ type: 'subscribe', channel: 'live:moved' })
  for (const n of [1, 2, 3]) await server.publish('live:moved', n)
  const { position: from } = await server.history('live:moved')
  await ada.settle()

  current = next
  for (const listener of listeners) listener.discontinued(undefined)
  const told = await ada.take((frame) => frame['channel'] === 'live:moved')
  const to = (await server.history('live:moved')).position
  expect(told).toEqual({
    type: 'subscribed',
    channel: 'live:moved',
    position: to,
    outcome: 'gap',
    gap: { from: expect.objectContaining({ epoch: from.epoch }), to, why: 'epoch' },
  })
  expect(to).toEqual({ epoch: expect.not.stringMatching(from.epoch), offset: 0 })
  await server.publish('live:moved', 'new life')
  expect(await ada.take('publication')).toMatchObject({ offset: 1, data: 'new life' })
})
