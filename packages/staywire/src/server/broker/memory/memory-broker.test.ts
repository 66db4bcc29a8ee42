// The memory broker against the contract of every broker, and against its own limits.

import { describe, expect, it } from 'vitest'
import { BROKER_CONTRACT, type Heard } from '../../../testing/broker-contract.ts'
import { seededRandom } from '../../../testing/seeded-random.ts'
import { World } from '../../../testing/world.ts'
import type { Append, Appended } from '../broker.ts'
import { memoryBroker, type MemoryBrokerOptions } from './memory-broker.ts'

const START = 1_700_000_000_000
const CAPS = { publications: 300, bytes: 1_048_576 }

function world(options: Partial<MemoryBrokerOptions> = {}) {
  let time = START
  const heard: Heard[] = []
  const broker = memoryBroker({ now: () => time, random: seededRandom(1), ...options })
  broker.log.listen({
    deliver: (channel, publication) => heard.push({ channel, publication }),
    discontinued: (channel) => heard.push({ discontinued: channel }),
  })
  return {
    broker,
    durability: 'memory' as const,
    heard,
    now: () => time,
    advance: (ms: number) => void (time += ms),
    check: (actual: unknown, expected: unknown, why: string) =>
      expect({ why, is: actual }).toEqual({ why, is: expected }),
  }
}

function entry(channel: string, data: unknown, more: Partial<Append> = {}): Append {
  const retention = { durability: 'memory', history: { size: 100, ttlMs: 3_600_000 } } as const
  return { channel, data: JSON.stringify(data), retention, ...more }
}

function positionOf(appended: Appended) {
  if (!appended.stored || appended.position === undefined) throw new Error('not stored')
  return appended.position
}

describe('the contract of a broker', () => {
  it.each(BROKER_CONTRACT)('$name', async ({ run }) => {
    await expect(run(world())).resolves.toBeUndefined()
  })

  it.each(BROKER_CONTRACT)('$name (keys by digest)', async ({ run }) => {
    const digest = (text: string) => `#${text.length}${text.slice(-9)}`
    await expect(run(world({ digest }))).resolves.toBeUndefined()
  })
})

describe('a memory broker', () => {
  it('refuses publications that a rule wants on disk', async () => {
    const { broker, heard } = world()
    const appended = await broker.log.append(
      entry('a', 1, { retention: { durability: 'disk', history: { size: 1, ttlMs: 1 } } }),
    )
    expect(appended).toMatchObject({ stored: false, code: 'unsupported' })
    expect(heard).toEqual([])
  })

  it('names a limit that cannot be one', () => {
    expect(() => world({ channels: 0 })).toThrow('channels must be a number above 0, not 0.')
    expect(() => world({ keyBytes: Number.NaN })).toThrow('keyBytes must be a number above 0')
  })

  it('delivers what is appended from inside a delivery after the delivery it came from', async () => {
    const { broker } = world()
    const order: string[] = []
    broker.log.listen({
      deliver(channel, { offset }) {
        order.push(`${channel}${offset} begins`)
        if (channel === 'a') void broker.log.append(entry('b', 1)).then(() => order.push('b answered'))
        order.push(`${channel}${offset} ends`)
      },
      discontinued: () => undefined,
    })
    await broker.log.append(entry('a', 1))
    expect(order).toEqual(['a1 begins', 'a1 ends', 'b1 begins', 'b1 ends', 'b answered'])
  })

  it('has other epochs and another dedupe life than the broker before it', async () => {
    const [one, two] = [world(), world({ random: seededRandom(2) })]
    expect(await one.broker.log.position('a')).not.toEqual(await two.broker.log.position('a'))
    expect(one.broker.log.dedupe.life).not.toBe(two.broker.log.dedupe.life)
  })
})

describe('the limits of a memory broker', () => {
  it('forgets the channel unused for longest, tells so, and never names two publications alike', async () => {
    const { broker, heard } = world({ channels: 3 })
    const names = new Map<string, string>()
    for (let round = 0; round < 200; round++) {
      const channel = `c${round % 5}`
      const data = `${channel}/${round}`
      const { epoch, offset } = positionOf(await broker.log.append(entry(channel, data)))
      const name = `${channel} ${epoch}:${offset}`
      expect(names.get(name)).toBeUndefined()
      names.set(name, data)
    }
    expect(broker.usage.channels).toBe(3)
    expect(heard.filter((one) => 'discontinued' in one)).toHaveLength(197)
  })

  it('keeps a channel that is read, and lets the positions of others alone when it forgets one', async () => {
    const { broker, heard } = world({ channels: 2 })
    const quiet = await broker.log.position('quiet')
    const a = positionOf(await broker.log.append(entry('a', 1)))
    await broker.log.append(entry('b', 1))
    await broker.log.position('a')
    await broker.log.append(entry('c', 1))
    expect(heard.filter((one) => 'discontinued' in one)).toEqual([{ discontinued: 'b' }])
    expect(await broker.log.recover('a', a, CAPS)).toMatchObject({ outcome: 'recovered' })
    expect(await broker.log.recover('quiet', quiet, CAPS)).toMatchObject({ outcome: 'recovered' })
    const forgotten = await broker.log.position('b')
    expect(forgotten.offset).toBe(0)
    expect(forgotten.epoch).not.toBe(quiet.epoch)
  })

  it('drops the oldest of a channel above its bytes, and keeps its position', async () => {
    const { broker } = world({ channelBytes: 10_000 })
    for (let count = 0; count < 30; count++) await broker.log.append(entry('a', 'x'.repeat(900)))
    expect(broker.usage.bytes).toBeLessThanOrEqual(10_000)
    const { publications, position } = await broker.log.history('a', { limit: 100 })
    expect(publications.map(({ offset }) => offset)).toEqual([22, 23, 24, 25, 26, 27, 28, 29, 30])
    expect(position.offset).toBe(30)
    await broker.log.append(entry('a', 'y'.repeat(20_000)))
    expect(broker.usage).toMatchObject({ publications: 0, bytes: 0, channels: 1 })
    expect((await broker.log.position('a')).offset).toBe(31)
  })

  it('drops the oldest of the channel published to longest ago above the bytes of all', async () => {
    const { broker } = world({ totalBytes: 20_000 })
    for (let count = 0; count < 9; count++) await broker.log.append(entry('old', 'x'.repeat(900)))
    for (let count = 0; count < 15; count++) await broker.log.append(entry('new', 'x'.repeat(900)))
    expect(broker.usage.bytes).toBeLessThanOrEqual(20_000)
    expect((await broker.log.history('new', { limit: 100 })).publications).toHaveLength(15)
    const { publications, position } = await broker.log.history('old', { limit: 100 })
    expect(publications.at(-1)?.offset).toBe(9)
    expect(publications.length).toBeLessThan(9)
    expect(position.offset).toBe(9)
  })

  it('forgets the oldest keys above their bytes, and says so by another life', async () => {
    const { broker } = world({ keyBytes: 50_000 })
    const { life } = broker.log.dedupe
    for (let count = 0; count < 100; count++) await broker.log.append(entry('a', count, { key: `k${count}` }))
    expect(broker.log.dedupe.life).toBe(life)
    for (let count = 100; count < 1_000; count++) await broker.log.append(entry('a', count, { key: `k${count}` }))
    expect(broker.usage.keyBytes).toBeLessThanOrEqual(50_000)
    expect(broker.log.dedupe.life).not.toBe(life)
    expect(await broker.log.append(entry('a', 999, { key: 'k999' }))).toMatchObject({ duplicate: true })
    expect(await broker.log.append(entry('a', 0, { key: 'k0' }))).toMatchObject({ duplicate: false })
  })

  it('shrinks a history that a rule made smaller, little by little, and hides the rest at once', async () => {
    const { broker } = world()
    for (let count = 0; count < 100; count++) await broker.log.append(entry('a', count))
    const small = { retention: { durability: 'memory', history: { size: 10, ttlMs: 3_600_000 } } } as const
    await broker.log.append(entry('a', 'x', small))
    expect((await broker.log.history('a', { limit: 100 })).publications).toHaveLength(10)
    expect(broker.usage.publications).toBe(97)
    for (let count = 0; count < 40; count++) await broker.log.append(entry('a', count, small))
    expect(broker.usage.publications).toBe(10)
  })

  it('is empty again after everything has run out', async () => {
    const { broker, advance, now } = world()
    for (let count = 0; count < 3_000; count++) await broker.log.append(entry(`c${count}`, count, { key: 'k' }))
    await broker.members.put('a', { session: 's', user: 'u' })
    await broker.leases.claim({ name: 'l', holder: 'h', fence: [1, 1], ttlMs: 1_000 })
    expect(broker.usage).toMatchObject({
      publications: 3_000,
      keys: 3_000,
      members: 1,
      leases: { held: 1, released: 0 },
    })
    await broker.leases.release('l', 'h')
    await broker.members.remove('a', 's')
    advance(3_600_000)
    for (let sweep = 0; sweep < 4; sweep++) broker.expire(now())
    expect(broker.usage).toEqual({
      channels: 3_000,
      publications: 0,
      bytes: 0,
      keys: 0,
      keyBytes: 0,
      leases: { held: 0, released: 0 },
      members: 0,
    })
  })

  it('remembers a bounded number of released leases, however often they are taken again', async () => {
    const { broker } = world({ leases: 10 })
    for (let count = 0; count < 1_000; count++) {
      const name = `l${count % 30}`
      await broker.leases.claim({ name, holder: `h${count}`, fence: [1, count], ttlMs: 1_000_000 })
      await broker.leases.release(name, `h${count}`)
    }
    expect(broker.usage.leases).toEqual({ held: 0, released: 10 })
  })
})

it('keeps what no rule places, also when it is handed in as the store', async () => {
  const { server } = new World({ server: { store: memoryBroker({ now: () => 1, random: () => 0.5 }), channels: {} } })
  await expect(server.node.publisher.publish('news', 1)).resolves.toMatchObject({ position: { offset: 1 } })
})
