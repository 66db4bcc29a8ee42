import { expect, it } from 'vitest'
import { subjectOf } from './token-subject.ts'

const token = (payload: unknown): string =>
  `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.signature`

it('the subject of a token is read, in whatever alphabet', () => {
  expect(subjectOf(token({ sub: 'ada' }))).toBe('ada')
  expect(subjectOf(token({ sub: 'Zoë ÿ>?~ 王' }))).toBe('Zoë ÿ>?~ 王')
})

it.each(['', 'opaque', 'a.b.c', 'e30.e30.', 'e30.bnVsbA.', token({ sub: 7 }), token({ sub: '' }), token(null)])(
  'a token that names nobody has none: %s',
  (opaque) => expect(subjectOf(opaque)).toBeUndefined(),
)
