// The data structures behind a channel's history: ring, list by use, epochs.

import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { StoredPublication } from '../../protocol/codec.ts'
import { isPosition } from '../../protocol/position.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { BaseEpoch, CELLS, randomEpoch } from './base-epoch.ts'
import { publicationBytes } from './publication-bytes.ts'
import { PublicationRing } from './publication-ring.ts'
import { readPage, readRecovery } from './reading.ts'
import { Recency, type Ranked } from './recency.ts'

function publication(offset: number, at = offset): StoredPublication {
  return { offset, data: `"${'x'.repeat(offset % 7)}"`, at }
}

describe('a ring of publications', () => {
  it('holds what a plain list would, whatever is pushed and dropped', () => {
    const steps = fc.array(
      fc.oneof({ arbitrary: fc.constant('push'), weight: 3 }, { arbitrary: fc.constant('drop'), weight: 2 }),
      {
        maxLength: 300,
      },
    )
    fc.assert(
      fc.property(steps, (ops) => {
        const ring = new PublicationRing()
        const list: StoredPublication[] = []
        let offset = 0
        for (const op of ops) {
          if (op === 'push') {
            const next = publication(++offset)
            list.push(next)
            expect(ring.push(next)).toBe(publicationBytes(next))
          } else {
            const gone = list.shift()
            expect(ring.drop()).toBe(gone === undefined ? 0 : publicationBytes(gone))
          }
          expect(ring.count).toBe(list.length)
          expect(ring.oldest).toBe(list[0])
          expect(ring.newest).toBe(list.at(-1))
        }
        expect(ring.slice(0, ring.count)).toEqual(list)
        expect(ring.bytes).toBe(list.reduce((bytes, one) => bytes + publicationBytes(one), 0))
      }),
    )
  })

  it('finds how many are as old as a time', () => {
    const ring = new PublicationRing()
    for (const [index, at] of [10, 20, 20, 30].entries()) ring.push(publication(index + 1, at))
    expect([9, 10, 19, 20, 29, 30, 99].map((at) => ring.countUpTo(at))).toEqual([0, 1, 1, 3, 3, 4, 4])
  })

  it('counts bytes in UTF-8, of data and meta, and something for the rest', () => {
    expect(publicationBytes({ offset: 1, at: 1, data: '"é"', meta: '{"m":"日"}' })).toBe(128 + 4 + 11)
  })
})

describe('reading', () => {
  it('REC-5, HIST-2: pages and recoveries of any request are what a plain list says', () => {
    const request = fc.record({
      count: fc.nat(20),
      dropped: fc.nat(20),
      hidden: fc.nat(5),
      before: fc.option(fc.nat(25), { nil: undefined }),
      after: fc.option(fc.nat(25), { nil: undefined }),
      limit: fc.integer({ min: 1, max: 12 }),
    })
    fc.assert(
      fc.property(request, ({ count, dropped, hidden, before, after, limit }) => {
        const ring = new PublicationRing()
        for (let offset = 1; offset <= count; offset++) ring.push(publication(offset))
        for (let drops = 0; drops < Math.min(dropped, count); drops++) ring.drop()
        const expired = Math.min(hidden, ring.count)
        const kept = { position: { epoch: 'e', offset: count }, ring, expired }
        const there = ring.slice(expired, ring.count).map(({ offset }) => offset)

        const asked = { limit, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }
        const fits = there.filter((offset) => offset < (before ?? Infinity) && offset > (after ?? -1))
        const page = readPage(kept, asked).publications.map(({ offset }) => offset)
        expect(page).toEqual(after === undefined ? fits.slice(-limit) : fits.slice(0, limit))

        const from = after ?? 0
        const recovery = readRecovery(kept, { epoch: 'e', offset: from }, { publications: limit, bytes: 1e6 })
        const missed = there.filter((offset) => offset > from)
        if (from > count) expect(recovery).toMatchObject({ why: 'ahead' })
        else if (missed.length < count - from) expect(recovery).toMatchObject({ why: 'trimmed' })
        else if (missed.length > limit) expect(recovery).toMatchObject({ why: 'too-many' })
        else
          expect(recovery).toMatchObject({ outcome: 'recovered', publications: missed.map((offset) => ({ offset })) })
      }),
    )
  })
})

describe('a list by use', () => {
  interface Item extends Ranked<Item> {
    readonly name: string
  }
  const item = (name: string): Item => ({ name, older: undefined, newer: undefined })

  it('keeps the order of use', () => {
    const list = new Recency<Item>()
    const [a, b, c] = [item('a'), item('b'), item('c')]
    for (const one of [a, b, c]) list.add(one)
    list.touch(a)
    expect(list.oldest?.name).toBe('b')
    list.remove(b)
    expect(list.oldest?.name).toBe('c')
    list.touch(a)
    list.remove(c)
    list.remove(a)
    expect(list.oldest).toBeUndefined()
  })

  it('walks everything once per round, also when things are removed and used on the way', () => {
    const list = new Recency<Item>()
    const items = ['a', 'b', 'c', 'd'].map(item)
    for (const one of items) list.add(one)
    const [a, b, c] = items as [Item, Item, Item, Item]
    expect(list.next()).toBeUndefined()
    expect(list.next()?.name).toBe('a')
    list.remove(b)
    list.touch(a)
    expect(list.next()?.name).toBe('c')
    list.remove(c)
    expect([list.next()?.name, list.next()?.name, list.next()]).toEqual(['d', 'a', undefined])
    expect([list.next()?.name, list.next()?.name, list.next()]).toEqual(['d', 'a', undefined])
  })
})

describe('a base epoch', () => {
  it('gives every channel the same epoch until one is forgotten, and then that one another', () => {
    const base = new BaseEpoch('e')
    expect(base.of('a')).toBe('e')
    base.renew('a')
    expect(base.of('a')).toBe('e-1')
    base.renew('a')
    expect(base.of('a')).toBe('e-2')
    const others = Array.from({ length: 1_000 }, (_, index) => base.of(`other:${index}`))
    expect(others.filter((epoch) => epoch !== 'e').length).toBeLessThanOrEqual(1)
  })

  it('spreads channels over its cells', () => {
    const base = new BaseEpoch('e')
    const cells = new Set(Array.from({ length: 10_000 }, (_, index) => base.renew(`chat:room-${index}`).cell))
    expect(cells.size).toBeGreaterThan(CELLS * (1 - Math.exp(-10_000 / CELLS)) * 0.95)
  })

  it('is made of many random characters that a position may have', () => {
    const random = seededRandom(3)
    const epochs = Array.from({ length: 1_000 }, () => randomEpoch(random))
    expect(new Set(epochs).size).toBe(1_000)
    expect(epochs.every((epoch) => epoch.length >= 22 && isPosition({ epoch, offset: 0 }))).toBe(true)
  })
})
