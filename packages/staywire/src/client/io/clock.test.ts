import { expect, it } from 'vitest'
import { createClock } from './clock.ts'

it('follows the wall clock, but never back', () => {
  let wall = 1_000
  const now = createClock(() => wall)
  const seen: number[] = []
  for (wall of [1_000, 1_500, 200, 300, 5_000]) seen.push(now())
  expect(seen).toEqual([1_000, 1_500, 1_500, 1_600, 6_300])
})
