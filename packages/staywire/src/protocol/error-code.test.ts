import { expect, it } from 'vitest'
import { ERRORS, isTemporary, StaywireError, type ErrorCode } from './error-code.ts'

it('every code is as temporary as its row says', () => {
  const codes = Object.keys(ERRORS) as ErrorCode[]
  expect(codes.filter(isTemporary)).toEqual(codes.filter((code) => ERRORS[code].temporary))
  expect(isTemporary('of a newer version')).toBe(false)
})

it('an error carries its code, what to do, and what it was caused by', () => {
  const cause = new Error('disk')
  const error = new StaywireError('storage-unavailable', 'The store is full.', {
    fix: 'Make room.',
    retryAfterMs: 500,
    cause,
  })
  expect(error).toMatchObject({
    name: 'StaywireError',
    code: 'storage-unavailable',
    temporary: true,
    fix: 'Make room.',
    retryAfterMs: 500,
    cause,
  })
  expect(Object.hasOwn(new StaywireError('closed', 'Over.'), 'cause')).toBe(false)
})
