import { expect, it } from 'vitest'
import { CLOSE, closeClass, closeCode, isUsableCloseCode } from './close-code.ts'
import { compareFences } from './fence.ts'
import { utf8Length } from './byte-length.ts'

it('CLOSE-2: tells the class by the range alone, also of codes it does not know', () => {
  const classes = [4001, 4099, 4100, 4199, 4200, 4299, 4300, 4499, 4500, 4599, 4600, 1006, 1000, undefined].map(
    closeClass,
  )
  expect(classes).toEqual([
    'auth',
    'auth',
    'connection',
    'connection',
    'capacity',
    'capacity',
    'network',
    'network',
    'final',
    'final',
    'network',
    'network',
    'network',
    'network',
  ])
})

it('CLOSE-10: has reasons that fit a close frame, and each code once', () => {
  const rows = Object.values(CLOSE)
  expect(rows.filter(({ reason }) => utf8Length(reason) > 123)).toEqual([])
  expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length)
  expect(Object.entries(CLOSE).filter(([name, row]) => row.name !== name)).toEqual([])
})

it('CLOSE-1: lets an application close with our codes and with 4600 to 4999 only', () => {
  expect([4502, 4600, 4999, 5000, 4599, 1000, 1006, 4600.5].map(isUsableCloseCode)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ])
  expect(closeCode(4502)?.name).toBe('kicked')
})

it('RES-5: orders fences by term, then by attempt', () => {
  expect(compareFences([1, 9], [2, 0])).toBeLessThan(0)
  expect(compareFences([2, 1], [2, 0])).toBeGreaterThan(0)
  expect(compareFences([2, 1], [2, 1])).toBe(0)
})

it('counts UTF-8 bytes as an encoder does', () => {
  for (const text of ['', 'abc', 'é', '漢', '👍', '\ud800', 'a\udc00b', '👍é漢a'])
    expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
})
