import { expect, test } from 'vitest'
import type { Target } from '../targets.ts'
import { summarize, type Attempt } from './outcome.ts'
import { median, medianRange } from './statistics.ts'
import { judge } from './verdict.ts'

function attempt(server: string, round: number, cost: number | string, scenario = 'fan-out'): Attempt {
  return { scenario, server, round, result: typeof cost === 'string' ? { failed: cost } : { figures: { cost } } }
}

const attempts = [
  attempt('net-floor', 1, 2),
  attempt('staywire', 1, 3),
  attempt('net-floor', 2, 4),
  attempt('staywire', 2, 4),
  attempt('net-floor', 3, 1),
  attempt('staywire', 3, 2),
]

test('a median is the middle, or the mean of the two in the middle', () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([])).toBeNaN()
})

test('a median is between values that are nearer to it the more there are', () => {
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
  expect(medianRange(upTo(3))).toEqual([1, 3])
  expect(medianRange(upTo(12).toReversed())).toEqual([2, 11])
  expect(medianRange(upTo(100))).toEqual([40, 61])
  expect(medianRange([])).toEqual([Number.NaN, Number.NaN])
})

test('ratios are taken round by round, not between medians', () => {
  expect(summarize(attempts)).toEqual([
    {
      scenario: 'fan-out',
      server: 'net-floor',
      rounds: 3,
      failures: [],
      medians: { cost: 2 },
      least: { cost: 1 },
      most: { cost: 4 },
      ratios: { cost: 1 },
    },
    {
      scenario: 'fan-out',
      server: 'staywire',
      rounds: 3,
      failures: [],
      medians: { cost: 3 },
      least: { cost: 2 },
      most: { cost: 4 },
      ratios: { cost: 1.5 },
    },
  ])
})

test('a failed attempt is kept with its reason and counts in no figure', () => {
  const [, staywire] = summarize([
    attempt('net-floor', 1, 2),
    attempt('staywire', 1, 'lost 3'),
    attempt('net-floor', 2, 2),
    attempt('staywire', 2, 5),
  ])
  expect(staywire).toMatchObject({ rounds: 1, failures: ['lost 3'], medians: { cost: 5 }, ratios: { cost: 2.5 } })
})

test('a target is met, missed by how much, or not measured', () => {
  const bar = (more: Partial<Target>): Target => ({
    kind: 'goal',
    scenario: 'fan-out',
    figure: 'cost',
    what: '',
    ...more,
  })
  const [met, missed, rate, absent] = judge(
    [
      bar({ atMost: 2, of: { server: 'net-floor', scenario: 'fan-out' } }),
      bar({ atMost: 1.2, of: { server: 'net-floor', scenario: 'fan-out' } }),
      bar({ atLeast: 6 }),
      bar({ scenario: 'echo', atMost: 1 }),
    ],
    attempts,
  )
  expect(met).toMatchObject({ value: 1.5, met: true, off: -0.25 })
  expect(missed).toMatchObject({ value: 1.5, met: false, off: 0.25 })
  expect(rate).toMatchObject({ value: 3, met: false, off: 1 })
  expect(absent).toMatchObject({ value: undefined, met: undefined })
})

test('a target may be set against the floor of another scenario', () => {
  const target: Target = {
    kind: 'goal',
    scenario: 'relay-ack',
    figure: 'cost',
    what: '',
    atMost: 1.5,
    of: { server: 'net-floor', scenario: 'relay' },
  }
  const found = [
    attempt('net-floor', 1, 4, 'relay'),
    attempt('net-floor', 1, 100, 'relay-ack'),
    attempt('staywire', 1, 6, 'relay-ack'),
  ]
  expect(judge([target], found)[0]).toMatchObject({ value: 1.5, met: true })
})
