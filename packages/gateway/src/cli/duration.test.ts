import { expect, it } from 'vitest'
import { parseDuration } from './duration.ts'

it('reads durations with a unit', () => {
  expect(['500ms', '30s', '15m', '1h', '7d', '1.5h'].map(parseDuration)).toEqual([
    500, 30_000, 900_000, 3_600_000, 604_800_000, 5_400_000,
  ])
})

it('reads nothing else', () => {
  for (const text of ['', '1', '0s', '-1h', '1 h', 'h', '1w', '1e3s', '9'.repeat(20) + 's']) {
    expect(parseDuration(text)).toBeUndefined()
  }
})
