import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { backoffDelayMs, backoffPolicy } from './backoff.ts'

const delay = (
  kind: Parameters<typeof backoffPolicy>[0],
  n: number,
  random: number,
  more: { options?: Parameters<typeof backoffPolicy>[1]; spreadMs?: number; toldMs?: number } = {},
): number => backoffDelayMs(backoffPolicy(kind, more.options, more.spreadMs ?? 1_000), n, () => random, more.toldMs)

describe('the wait before a dial', () => {
  it.each([
    [0, 0, 250],
    [0, 1, 1_250],
    [1, 1, 1_750],
    [4, 0.5, 250 + 0.5 * 5_062.5],
    [9, 1, 20_250],
    [16, 1, 20_250],
  ])(
    'CLOSE-4: dial %i after a drop waits 250 ms + random × min(20 s, spread × 1.5^n): at random %d, %d ms',
    (n, random, expected) => {
      expect(delay('connection', n, random)).toBe(expected)
      expect(delay('network', n, random)).toBe(expected)
    },
  )

  it('CLOSE-4: takes the spread that the server told', () => {
    expect(delay('connection', 0, 1, { spreadMs: 8_000 })).toBe(8_250)
    expect(delay('connection', 9, 1, { spreadMs: 8_000 })).toBe(20_250)
    expect(delay('connection', 0, 1, { spreadMs: 28_000 })).toBe(28_250)
    expect(delay('connection', 9, 1, { spreadMs: 28_000 })).toBe(28_250)
  })

  it('CLOSE-4: never overflows, however long the outage', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (n, random) => {
        const ms = delay('network', n, random)
        expect(ms).toBeGreaterThanOrEqual(250)
        expect(ms).toBeLessThanOrEqual(20_250)
      }),
    )
  })

  it('CLOSE-5: a refusal for capacity waits 5 s × 1.5^n up to 60 s, times 1 + random', () => {
    expect([0, 1, 20].map((n) => delay('capacity', n, 0))).toEqual([5_000, 7_500, 60_000])
    expect(delay('capacity', 0, 0.5)).toBe(7_500)
  })

  it('CLOSE-5: a told wait goes before, and is never cut short by chance', () => {
    expect(delay('capacity', 7, 0, { toldMs: 700 })).toBe(700)
    expect(delay('connection', 7, 0.5, { toldMs: 700 })).toBe(1_050)
  })

  it('refused credentials wait 2 s × 1.5^n', () => {
    expect([0, 1].map((n) => delay('auth', n, 0))).toEqual([2_000, 3_000])
    expect(backoffPolicy('auth', undefined, 1_000).maxAttempts).toBe(3)
  })
})

describe('the options of an app', () => {
  it('that name no class apply to all classes but auth', () => {
    const options = { baseMs: 10, factor: 2, capMs: 30, jitter: 0 }
    expect(delay('network', 0, 0.9, { options })).toBe(10)
    expect(delay('capacity', 1, 0.9, { options })).toBe(20)
    expect(delay('connection', 9, 0.9, { options })).toBe(30)
    expect(delay('auth', 0, 0, { options })).toBe(2_000)
  })

  it('that name a class apply to it alone', () => {
    const options = { auth: { baseMs: 7, jitter: 0 } } as const
    expect(delay('auth', 0, 0.5, { options })).toBe(7)
    expect(delay('network', 0, 0, { options })).toBe(250)
  })

  it('may spread a delay by a share to both sides', () => {
    const options = { baseMs: 100, jitter: 0.5 } as const
    expect([0, 0.5, 1].map((random) => delay('network', 0, random, { options }))).toEqual([50, 100, 150])
  })
})
