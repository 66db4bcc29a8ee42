import { expect, it } from 'vitest'
import { endedCookie, SESSION_SECONDS, sessionCookie, sessionOf } from './admin-session.ts'

const KEY = 'the admin key'
const NOW = 1_700_000_000_000
const cookie = sessionCookie(KEY, NOW, true).split(';')[0]!

it('holds for twelve hours, for this key, among other cookies', () => {
  const until = NOW + SESSION_SECONDS * 1_000
  const session = sessionOf(`a=b; ${cookie}; c=d`, KEY, NOW)
  expect(session?.until).toBe(until)
  expect(sessionOf(cookie, KEY, until - 1)).toEqual(session)
  expect(sessionOf(cookie, KEY, until)).toBeUndefined()
  expect(sessionOf(cookie, 'another key', NOW)).toBeUndefined()
})

it('is another one each time that somebody signs in', () => {
  const again = sessionCookie(KEY, NOW, true)
  expect(sessionOf(again.split(';')[0], KEY, NOW)?.id).not.toBe(sessionOf(cookie, KEY, NOW)?.id)
})

it('is not made by hand', () => {
  const [, signature = ''] = cookie.split('.')
  for (const forged of [
    undefined,
    '',
    'staywire-admin=',
    'staywire-admin=.',
    `staywire-admin=99999999999.${signature}`,
    `staywire-admin=99999999999-00.${signature}`,
    cookie.replace('=1', '=2'),
    `staywire-admin=1e99.${signature}`,
    `${cookie}x`,
    cookie.replace('staywire-admin', 'x-staywire-admin'),
  ]) {
    expect(sessionOf(forged, KEY, NOW), forged).toBeUndefined()
  }
})

it('can be read by no page, is sent by no other site, and says nothing of the key', () => {
  expect(sessionCookie(KEY, NOW, false)).toMatch(/; HttpOnly; SameSite=Strict$/)
  expect(sessionCookie(KEY, NOW, true)).toMatch(/; Secure$/)
  expect(sessionCookie(KEY, NOW, true)).not.toContain(KEY)
  expect(endedCookie(false)).toContain('Max-Age=0')
})
