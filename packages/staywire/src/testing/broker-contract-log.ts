// The contract of appending: order, keys, delivery. See broker-contract.ts.

import type { Append, Appended } from '../server/broker/broker.ts'
import type { BrokerCase, BrokerWorld } from './broker-contract.ts'

/** An append of the durability under test that keeps 100 publications for an hour, unless said otherwise. */
export function entry(world: BrokerWorld, channel: string, data: unknown, more: Partial<Append> = {}): Append {
  const { durability } = world
  return {
    channel,
    data: JSON.stringify(data),
    retention: { durability, history: { size: 100, ttlMs: 3_600_000 } },
    ...more,
  }
}

/** Appends one after another. */
export async function appendAll(
  world: BrokerWorld,
  channel: string,
  count: number,
  more: Partial<Append> = {},
): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, index) => world.broker.log.append(entry(world, channel, index + 1, more))),
  )
}

function offsetOf(appended: Appended): number | undefined {
  return appended.stored ? appended.position?.offset : undefined
}

function codeOf(appended: Appended): string {
  return appended.stored ? 'stored' : appended.code
}

export const LOG_CASES: readonly BrokerCase[] = [
  {
    name: 'PUB-2: offsets go up by exactly 1 in one epoch',
    async run(world) {
      const { log } = world.broker
      const { epoch } = await log.position('a')
      for (const offset of [1, 2, 3]) {
        const appended = await log.append(entry(world, 'a', offset))
        world.check(appended, { stored: true, position: { epoch, offset }, duplicate: false }, 'the answer')
      }
      world.check(await log.position('a'), { epoch, offset: 3 }, 'the position')
    },
  },
  {
    name: 'PUB-12: publications of one channel are stored in the order of the calls, whatever is in flight',
    async run(world) {
      const channels = ['a', 'b', 'c']
      const appended = await Promise.all(
        Array.from({ length: 90 }, (_, index) =>
          world.broker.log.append(entry(world, channels[index % 3] ?? '', index)),
        ),
      )
      world.check(
        appended.map(offsetOf),
        appended.map((_, index) => Math.floor(index / 3) + 1),
        'offsets',
      )
      const { publications } = await world.broker.log.history('b', { limit: 100 })
      world.check(
        publications.map(({ data }) => Number(data)),
        Array.from({ length: 30 }, (_, index) => index * 3 + 1),
        'data',
      )
    },
  },
  {
    name: 'PUB-3: a publication is delivered once, whole, before its append is answered',
    async run(world) {
      const from = 'ada'
      const meta = '{"a":[1,"ü"]}'
      await world.broker.log.append(entry(world, 'a', { text: '日本 🎉' }, { from, key: 'k1', meta }))
      const [heard, ...more] = world.heard
      world.check(more, [], 'nothing else is told')
      if (heard === undefined || !('publication' in heard)) throw new Error('nothing was delivered before the answer')
      const { at, ...rest } = heard.publication
      world.check(rest, { offset: 1, data: '{"text":"日本 🎉"}', from, key: 'k1', meta }, 'the publication')
      world.check(typeof at, 'number', 'it has a time')
      const { publications } = await world.broker.log.history('a', { limit: 1 })
      world.check(publications, [heard.publication], 'what is kept is what was delivered')
    },
  },
  {
    name: 'PUB-3: deliveries of a channel come in the order of their offsets, also those made from inside a delivery',
    async run(world) {
      await Promise.all([appendAll(world, 'a', 20), appendAll(world, 'b', 20)])
      for (const channel of ['a', 'b']) {
        const offsets = world.heard.flatMap((one) =>
          'publication' in one && one.channel === channel ? [one.publication.offset] : [],
        )
        world.check(
          offsets,
          Array.from({ length: 20 }, (_, index) => index + 1),
          channel,
        )
      }
    },
  },
  {
    name: 'PUB-6: a repeated key with the same payload is answered with the first position and not delivered again',
    async run(world) {
      const { log } = world.broker
      const first = await log.append(entry(world, 'a', 'x', { from: 'ada', key: 'k', meta: '{"m":1}' }))
      await log.append(entry(world, 'a', 'y', { from: 'ada', key: 'k2' }))
      const again = await log.append(entry(world, 'a', 'x', { from: 'ada', key: 'k', meta: '{"m":1}' }))
      world.check(again, { ...first, duplicate: true }, 'the answer')
      world.check(world.heard.length, 2, 'deliveries')
    },
  },
  {
    name: 'PUB-6: two appends with the same key in flight at once are stored once',
    async run(world) {
      const appended = await Promise.all(
        [1, 2, 3].map(() => world.broker.log.append(entry(world, 'a', 'x', { from: 'ada', key: 'k' }))),
      )
      world.check(appended.map(offsetOf), [1, 1, 1], 'offsets')
      world.check(
        appended.map((one) => one.stored && one.duplicate),
        [false, true, true],
        'duplicates',
      )
      world.check(world.heard.length, 1, 'deliveries')
    },
  },
  {
    name: 'PUB-7: a repeated key with another payload is a conflict, and nothing is stored',
    async run(world) {
      const { log } = world.broker
      await log.append(entry(world, 'a', 'x', { from: 'ada', key: 'k' }))
      const others = [
        entry(world, 'a', 'other', { from: 'ada', key: 'k' }),
        entry(world, 'a', 'x', { from: 'ada', key: 'k', meta: '{"m":1}' }),
      ]
      for (const other of others) world.check(codeOf(await log.append(other)), 'idempotency-conflict', 'the answer')
      world.check((await log.position('a')).offset, 1, 'the position')
      world.check(world.heard.length, 1, 'deliveries')
    },
  },
  {
    name: 'PUB-8: keys are separate by channel, by user, and from those of the server',
    async run(world) {
      const { log } = world.broker
      const entries = [
        entry(world, 'a', 1, { from: 'ada', key: 'k' }),
        entry(world, 'b', 2, { from: 'ada', key: 'k' }),
        entry(world, 'a', 3, { from: 'bob', key: 'k' }),
        entry(world, 'a', 4, { key: 'k' }),
        entry(world, 'a', 5, { from: 'ad', key: 'ak' }),
        entry(world, 'a', 6, { from: '', key: 'k' }),
      ]
      for (const one of entries) {
        const appended = await log.append(one)
        world.check(appended.stored && !appended.duplicate, true, JSON.stringify(one))
      }
    },
  },
  {
    name: 'PUB-9: a key is remembered for the whole window, and may be used again after it',
    async run(world) {
      const { log } = world.broker
      const { windowMs, life } = log.dedupe
      await log.append(entry(world, 'a', 'x', { key: 'k' }))
      world.advance(windowMs - 1)
      world.check(offsetOf(await log.append(entry(world, 'a', 'x', { key: 'k' }))), 1, 'inside the window')
      world.advance(2)
      world.check(offsetOf(await log.append(entry(world, 'a', 'other', { key: 'k' }))), 2, 'after the window')
      world.check(log.dedupe.life, life, 'the life')
    },
  },
  {
    name: 'SUB-10: a publication of an ephemeral channel is delivered with offset 0 and leaves nothing behind',
    async run(world) {
      const { log } = world.broker
      const before = await log.position('a')
      const appended = await log.append(
        entry(world, 'a', 'x', { retention: { durability: world.durability }, key: 'k' }),
      )
      world.check(appended, { stored: true, duplicate: false }, 'the answer')
      world.check(
        world.heard.map((one) => 'publication' in one && one.publication.offset),
        [0],
        'the delivery',
      )
      world.check(await log.position('a'), before, 'the position')
    },
  },
  {
    name: 'names that mean something to JavaScript are ordinary channels, users and keys',
    async run(world) {
      const { log } = world.broker
      for (const word of ['__proto__', 'constructor', 'toString']) {
        const one = entry(world, word, word, { from: word, key: word })
        world.check(offsetOf(await log.append(one)), 1, word)
        world.check(await log.append(one).then((again) => again.stored && again.duplicate), true, word)
      }
    },
  },
  {
    name: 'a publication of a megabyte is kept whole',
    async run(world) {
      const data = 'é'.repeat(524_288)
      world.check(offsetOf(await world.broker.log.append(entry(world, 'a', data))), 1, 'the answer')
      const { publications } = await world.broker.log.history('a', { limit: 1 })
      world.check(publications[0]?.data === JSON.stringify(data), true, 'the data')
    },
  },
  {
    name: 'a closed broker refuses publications and reads',
    async run(world) {
      const { broker } = world
      await broker.close()
      world.check(codeOf(await broker.log.append(entry(world, 'a', 1))), 'closed', 'append')
      const refused = await broker.log.position('a').then(
        () => 'answered',
        (error: unknown) => (error as { code?: string }).code,
      )
      world.check(refused, 'closed', 'position')
    },
  },
]
