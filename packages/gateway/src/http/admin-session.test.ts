import { expect, it } from 'vitest'
import { endedCookie, hasSession, SESSION_SECONDS, sessionCookie } from './admin-session.ts'

const KEY = 'the admin key'
const NOW = 1_700_000_000_000
const cookie = sessionCookie(KEY, NOW, true).split(';')[0]!

it('holds for twelve hours, for this key, among other cookies', () => {
  expect(hasSession(`a=b; ${cookie}; c=d`, KEY, NOW)).toBe(true)
  expect(hasSession(cookie, KEY, NOW + SESSION_SECONDS * 1_000 - 1)).toBe(true)
  expect(hasSession(cookie, KEY, NOW + SESSION_SECONDS * 1_000)).toBe(false)
  expect(hasSession(cookie, 'another key', NOW)).toBe(false)
})

it('is not made by hand', () => {
  const [, signature = ''] = cookie.split('.')
  for (const forged of [
    undefined,
    '',
    'staywire-admin=',
    'staywire-admin=.',
    `staywire-admin=99999999999.${signature}`,
    `staywire-admin=1e99.${signature}`,
    `${cookie}x`,
    cookie.replace('staywire-admin', 'x-staywire-admin'),
  ]) {
    expect(hasSession(forged, KEY, NOW), forged).toBe(false)
  }
})

it('can be read by no page, is sent by no other site, and says nothing of the key', () => {
  expect(sessionCookie(KEY, NOW, false)).toMatch(/; HttpOnly; SameSite=Strict$/)
  expect(sessionCookie(KEY, NOW, true)).toMatch(/; Secure$/)
  expect(sessionCookie(KEY, NOW, true)).not.toContain(KEY)
  expect(endedCookie(false)).toContain('Max-Age=0')
})
