// The contract of reading: positions, recovery, pages. See broker-contract.ts.

import type { HistoryPage, Recovery } from '../server/broker/broker.ts'
import type { BrokerCase } from './broker-contract.ts'
import { appendAll, entry } from './broker-contract-log.ts'

const CAPS = { publications: 300, bytes: 1_048_576 }

function offsets({ publications }: HistoryPage): number[] {
  return publications.map(({ offset }) => offset)
}

/** The offsets recovered, or why there are none. */
function told(recovery: Recovery): number[] | string {
  return recovery.outcome === 'gap' ? recovery.why : recovery.publications.map(({ offset }) => offset)
}

export const RECOVERY_CASES: readonly BrokerCase[] = [
  {
    name: 'REC-1: a channel that nothing was published to has a position, and it recovers before and after the first publication',
    async run(world) {
      const { log } = world.broker
      const position = await log.position('a')
      world.check(position.offset, 0, 'the offset')
      world.check(
        await log.recover('a', position, CAPS),
        { outcome: 'recovered', publications: [], position },
        'before',
      )
      await log.append(entry(world, 'a', 1))
      world.check(told(await log.recover('a', position, CAPS)), [1], 'after')
    },
  },
  {
    name: 'REC-2: what was missed comes in order of offset, and nothing when nothing was',
    async run(world) {
      const { log } = world.broker
      await appendAll(world, 'a', 10)
      const newest = await log.position('a')
      world.check(told(await log.recover('a', { ...newest, offset: 7 }, CAPS)), [8, 9, 10], 'three')
      world.check(
        await log.recover('a', newest, CAPS),
        { outcome: 'recovered', publications: [], position: newest },
        'none',
      )
    },
  },
  {
    name: 'REC-5, REC-6: more publications or bytes than the caps are a gap, and exactly as many are not',
    async run(world) {
      const { log } = world.broker
      await appendAll(world, 'a', 10)
      const position = await log.position('a')
      const from = { ...position, offset: 4 }
      world.check(told(await log.recover('a', from, { ...CAPS, publications: 6 })), [5, 6, 7, 8, 9, 10], 'as many')
      const gap = { outcome: 'gap', why: 'too-many', position }
      world.check(await log.recover('a', from, { ...CAPS, publications: 5 }), gap, 'more')
      await log.append(entry(world, 'a', 'x'.repeat(70_000)))
      world.check(told(await log.recover('a', from, { ...CAPS, bytes: 65_536 })), 'too-many', 'bytes')
      world.check(told(await log.recover('a', { ...position, offset: 11 }, { ...CAPS, bytes: 65_536 })), [], 'no bytes')
    },
  },
  {
    name: 'REC-7: older than the history kept is trimmed, another epoch is epoch, beyond the newest is ahead',
    async run(world) {
      const { log } = world.broker
      const retention = { durability: world.durability, history: { size: 5, ttlMs: 3_600_000 } }
      await appendAll(world, 'a', 12, { retention })
      const position = await log.position('a')
      world.check(
        told(await log.recover('a', { ...position, offset: 7 }, CAPS)),
        [8, 9, 10, 11, 12],
        'all that is kept',
      )
      world.check(told(await log.recover('a', { ...position, offset: 6 }, CAPS)), 'trimmed', 'one more')
      world.check(told(await log.recover('a', { ...position, offset: 13 }, CAPS)), 'ahead', 'ahead')
      world.check(told(await log.recover('a', { epoch: 'other', offset: 12 }, CAPS)), 'epoch', 'epoch')
      world.check(
        told(await log.recover('never', { epoch: 'other', offset: 0 }, CAPS)),
        'epoch',
        'epoch, no publications',
      )
      const never = await log.position('never')
      world.check(told(await log.recover('never', { ...never, offset: 1 }, CAPS)), 'ahead', 'ahead, no publications')
    },
  },
  {
    name: 'REC-14: the position outlives its publications',
    async run(world) {
      const { log } = world.broker
      await appendAll(world, 'a', 3)
      const position = await log.position('a')
      world.advance(3_600_001)
      for (let sweep = 0; sweep < 3; sweep++) world.broker.expire(world.now())
      world.check(await log.position('a'), position, 'the position')
      world.check(told(await log.recover('a', position, CAPS)), [], 'the newest position')
      world.check(told(await log.recover('a', { ...position, offset: 2 }, CAPS)), 'trimmed', 'the one before')
      world.check(offsets(await log.history('a', { limit: 10 })), [], 'history')
      await log.append(entry(world, 'a', 'later'))
      world.check(told(await log.recover('a', position, CAPS)), [4], 'goes on')
    },
  },
  {
    name: 'publications expire one by one at their ttl',
    async run(world) {
      const { log } = world.broker
      for (let count = 0; count < 4; count++) {
        await log.append(entry(world, 'a', count))
        world.advance(1_000_000)
      }
      world.check(offsets(await log.history('a', { limit: 10 })), [2, 3, 4], 'after 4,000 s the first is gone')
      const { epoch } = await log.position('a')
      world.check(told(await log.recover('a', { epoch, offset: 1 }, CAPS)), [2, 3, 4], 'from the last one gone')
      world.check(told(await log.recover('a', { epoch, offset: 0 }, CAPS)), 'trimmed', 'from before it')
    },
  },
  {
    name: 'HIST-1, HIST-2: pages are ascending: the newest, before an offset, after an offset, between two',
    async run(world) {
      const { log } = world.broker
      await appendAll(world, 'a', 10)
      const page = async (request: { before?: number; after?: number }) =>
        offsets(await log.history('a', { ...request, limit: 4 }))
      world.check(await page({}), [7, 8, 9, 10], 'newest')
      world.check(await page({ before: 7 }), [3, 4, 5, 6], 'before')
      world.check(await page({ before: 3 }), [1, 2], 'before, the rest')
      world.check(await page({ before: 1 }), [], 'before the first')
      world.check(await page({ before: 99 }), [7, 8, 9, 10], 'before something that is not there yet')
      world.check(await page({ after: 0 }), [1, 2, 3, 4], 'after')
      world.check(await page({ after: 8 }), [9, 10], 'after, the rest')
      world.check(await page({ after: 10 }), [], 'after the newest')
      world.check(await page({ after: 2, before: 5 }), [3, 4], 'between')
      world.check((await log.history('a', { limit: 4 })).position, await log.position('a'), 'the position')
      world.check(offsets(await log.history('never', { limit: 4 })), [], 'a channel without publications')
    },
  },
  {
    name: 'HIST-3: a page of large publications ends early and goes on where it ended',
    async run(world) {
      const { log } = world.broker
      for (let count = 0; count < 8; count++) await log.append(entry(world, 'a', 'x'.repeat(200_000)))
      const newest = offsets(await log.history('a', { limit: 100 }))
      world.check(newest, [7, 8], 'the newest page')
      world.check(offsets(await log.history('a', { limit: 100, before: 7 })), [5, 6], 'the page before')
      world.check(offsets(await log.history('a', { limit: 100, after: 0 })), [1, 2], 'the first page')
    },
  },
  {
    name: 'recoveries of the same publications share them',
    async run(world) {
      const { log } = world.broker
      await appendAll(world, 'a', 3)
      const from = { ...(await log.position('a')), offset: 0 }
      const recoveries = await Promise.all([1, 2].map(() => log.recover('a', from, CAPS)))
      const [one, two] = recoveries.map((recovery) =>
        recovery.outcome === 'recovered' ? recovery.publications[0] : undefined,
      )
      world.check(one !== undefined && one === two, true, 'the same object')
    },
  },
]
