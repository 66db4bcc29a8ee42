import { expect, it } from 'vitest'
import type { HttpError } from './http-error.ts'
import { matchPath } from './route.ts'
import { parseTarget } from './target.ts'

it('reads paths and queries', () => {
  const { segments, query } = parseTarget('/api/v1/users/a%2Fb%20c/publish?x=1&x=2&y=%20')
  expect(segments).toEqual(['api', 'v1', 'users', 'a/b c', 'publish'])
  expect([...query]).toEqual([
    ['x', '1'],
    ['x', '2'],
    ['y', ' '],
  ])
  expect(parseTarget('/').segments).toEqual([''])
  expect(parseTarget('http://proxy.example/health/live?a').segments).toEqual(['health', 'live'])
})

it.each(['//', '//evil.example/x', '', '*', 'x', '?', '/%', '/%zz', '/%c0%af', 'http://', 'http://['])(
  'refuses the target %s with 400',
  (target) => {
    expect(() => parseTarget(target)).toThrow(expect.objectContaining({ status: 400 }) as HttpError)
  },
)

it('refuses a target that is too long with 414', () => {
  expect(() => parseTarget(`/${'a'.repeat(9_000)}`)).toThrow(expect.objectContaining({ status: 414 }) as HttpError)
})

it('matches whole segments, and lets a name take any one of them', () => {
  const pattern = '/api/v1/connections/:id'
  expect(matchPath(pattern, ['api', 'v1', 'connections', '__proto__'])).toEqual({ id: '__proto__' })
  expect(matchPath(pattern, ['api', 'v1', 'connections', ''])).toBeUndefined()
  expect(matchPath(pattern, ['api', 'v1', 'connections'])).toBeUndefined()
  expect(matchPath(pattern, ['api', 'v1', 'connections', 'a', 'b'])).toBeUndefined()
  expect(matchPath('/health/live', ['health', 'live'])).toEqual({})
})
