import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern, covers } from './channel-pattern.ts'

const matches = (pattern: string, channel: string): boolean => compilePattern(pattern).matches(channel)

describe('a channel pattern', () => {
  it.each([
    ['user:1', 'user:1', true],
    ['user:1', 'user:12', false],
    ['user:*', 'user:12', true],
    ['user:*', 'user', false],
    ['user:*', 'user:1:2', false],
    ['user:*:log', 'user:1:log', true],
    ['a:**', 'a:b', true],
    ['a:**', 'a:b:c', true],
    ['a:**', 'a', false],
    ['**', 'a:b:c', true],
    ['*', 'a', true],
    ['*', 'a:b', false],
  ])('CHAN-2: %s against %s is %s', (pattern, channel, expected) => {
    expect(matches(pattern, channel)).toBe(expected)
  })

  it('CHAN-4: never matches a reserved name by a wildcard in the first segment', () => {
    expect([matches('**', '@user:ada'), matches('*', '$sys'), matches('*:ada', '@user:ada')]).toEqual([
      false,
      false,
      false,
    ])
    expect([matches('@user:*', '@user:ada'), matches('$sys', '$sys')]).toEqual([true, true])
  })

  it.each(['', 'a:', '**:a', 'a*', 'a:*b', 'a b', 'x'.repeat(129)])(
    'refuses the malformed %j with a reason',
    (pattern) => {
      expect(() => compilePattern(pattern)).toThrow(/channel pattern/)
    },
  )

  it('takes linear time even with a thousand wildcards', () => {
    const pattern = Array.from({ length: 60 }, () => '*').join(':')
    expect(matches(pattern, Array.from({ length: 60 }, () => 'a').join(':'))).toBe(true)
  })
})

describe('covering', () => {
  const segment = fc.constantFrom('a', 'b', '*')
  const pattern = fc
    .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([parts, open]) => [...parts, ...(open ? ['**'] : [])].join(':'))
  const channel = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join(':'))

  it('CHAN-3: holds only where every channel of the later pattern matches the earlier one', () => {
    fc.assert(
      fc.property(pattern, pattern, channel, (earlier, later, name) => {
        if (covers(earlier, later) && matches(later, name)) expect(matches(earlier, name)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['**', 'a:b', true],
    ['a:*', 'a:b', true],
    ['a:**', 'a:*:c', true],
    ['a:b', 'a:*', false],
    ['a:*', 'a:**', false],
    ['**', '@user:*', false],
    ['*', '*', true],
  ])('CHAN-3: %s makes a later %s unreachable: %s', (earlier, later, expected) => {
    expect(covers(earlier, later)).toBe(expected)
  })
})
