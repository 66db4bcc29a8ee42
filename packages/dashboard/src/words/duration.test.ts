import { expect, it } from 'vitest'
import { duration } from './duration.ts'

it('tells a duration in its two largest units', () => {
  const told = [0, 999, 59_999, 303_000, 3_600_000, 90_061_000, 8_640_000_000].map(duration)
  expect(told).toEqual(['0s', '0s', '59s', '5m 3s', '1h 0m', '1d 1h', '100d 0h'])
})
