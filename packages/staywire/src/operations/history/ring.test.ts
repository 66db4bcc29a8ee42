import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ring } from './ring.ts'

const filled = (size: number, count: number): Ring<number> => {
  const ring = new Ring<number>(size)
  for (let number = 1; number <= count; number++) ring.push(number)
  return ring
}

describe('a ring', () => {
  it('keeps the last so many, newest first', () => {
    expect([...filled(3, 5).newest()].map(({ entry }) => entry)).toEqual([5, 4, 3])
    expect([filled(3, 5).length, filled(3, 5).count, filled(3, 2).length]).toEqual([3, 5, 2])
  })

  it('gives every entry that fits on exactly one page', () => {
    const sizes = fc.record({
      size: fc.integer({ min: 1, max: 20 }),
      count: fc.nat(60),
      limit: fc.integer({ min: 1, max: 7 }),
    })
    fc.assert(
      fc.property(sizes, ({ size, count, limit }) => {
        const ring = filled(size, count)
        const even = (entry: number): boolean => entry % 2 === 0
        const seen: number[] = []
        for (let before: number | undefined = Infinity; before !== undefined;) {
          const page = ring.page(even, { limit, before })
          seen.push(...page.entries)
          expect(page.total).toBe([...ring.newest()].filter(({ entry }) => even(entry)).length)
          before = page.before
        }
        expect(seen).toEqual([...ring.newest()].map(({ entry }) => entry).filter(even))
      }),
    )
  })
})
