import { expect, it } from 'vitest'
import { bytes, moment } from './figures.ts'

it('says sizes in the unit that fits', () => {
  expect([0, 1, 1_023, 1_536, 5 * 1024 ** 2, 3 * 1024 ** 4].map((count) => bytes(count, 'en'))).toEqual([
    '0 B',
    '1 B',
    '1,023 B',
    '1.5 KiB',
    '5 MiB',
    '3 TiB',
  ])
})

it('says the date only of another day', () => {
  const now = new Date(2026, 4, 5, 12).getTime()
  expect(moment(now - 60_000, 'en-GB', now)).toBe('11:59:00')
  expect(moment(now - 86_400_000, 'en-GB', now)).toBe('04/05/2026 12:00:00')
})
