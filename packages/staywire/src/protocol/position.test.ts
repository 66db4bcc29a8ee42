import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatPosition, isPosition, parsePosition } from './position.ts'

it('reads back the text of every position', () => {
  const epoch = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)
  fc.assert(
    fc.property(epoch, fc.maxSafeNat(), (name, offset) => {
      expect(parsePosition(formatPosition({ epoch: name, offset }))).toEqual({ epoch: name, offset })
    }),
  )
})

it.each([
  '',
  ':',
  'e',
  ':1',
  'e:',
  'e:-1',
  'e:01',
  'e:1.5',
  'e:1e3',
  'e:9007199254740992',
  'a:b:1',
  'e f:1',
  `${'e'.repeat(65)}:1`,
])('refuses %j as a position', (text) => {
  expect(parsePosition(text)).toBeUndefined()
})

it.each([
  null,
  1,
  'e:1',
  {},
  { epoch: 'e' },
  { epoch: 'e', offset: '1' },
  { epoch: 'e', offset: -1 },
  { epoch: 'e', offset: 2 ** 53 },
  { epoch: 'a:b', offset: 1 },
  { epoch: '', offset: 1 },
])('refuses %j as a position on the wire', (value) => {
  expect(isPosition(value)).toBe(false)
})
