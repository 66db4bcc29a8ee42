import { expect, it } from 'vitest'
import { adminRule, isLocal, type Caller } from './admin-rule.ts'
import { sessionCookie } from './admin-session.ts'
import type { HttpError } from './http-error.ts'

const here: Caller = { address: '127.0.0.1', headers: { host: '127.0.0.1:8080' } }
const withKey = (key: string): Caller => ({ address: '203.0.113.7', headers: { authorization: `Bearer ${key}` } })

function verdict(access: Parameters<typeof adminRule>[0], caller: Caller): number {
  try {
    adminRule(access)(caller)
    return 200
  } catch (error) {
    return (error as HttpError).status
  }
}

it('wants the key: none is 401, another is 403', () => {
  const access = { adminKey: 'the-admin-key', dev: false }
  expect(verdict(access, withKey('the-admin-key'))).toBe(200)
  expect(verdict(access, { ...here, headers: { authorization: 'bearer the-admin-key' } })).toBe(200)
  expect(verdict(access, withKey('the-admin-kez'))).toBe(403)
  expect(verdict(access, withKey('the-admin-key2'))).toBe(403)
  expect(verdict(access, withKey(''))).toBe(401)
  expect(verdict(access, here)).toBe(401)
  expect(verdict(access, { ...here, headers: { authorization: 'Basic dGhlLWFkbWluLWtleQ==' } })).toBe(401)
})

it('reads a header of any content in no time', () => {
  const before = performance.now()
  expect(verdict({ adminKey: 'k', dev: false }, withKey(`a${' '.repeat(60_000)}b`))).toBe(403)
  expect(verdict({ adminKey: 'k', dev: false }, withKey(' '.repeat(60_000)))).toBe(401)
  expect(performance.now() - before).toBeLessThan(1_000)
})

it('knows a browser that was signed in, but does nothing for other pages in its name', () => {
  const access = { adminKey: 'the-admin-key', dev: false }
  const cookie = sessionCookie('the-admin-key', Date.now(), false).split(';')[0]!
  const asks = (method: string, headers: Caller['headers']): number =>
    verdict(access, { address: '203.0.113.7', method, headers: { host: 'ops.example', cookie, ...headers } })
  expect(asks('GET', {})).toBe(200)
  expect(asks('POST', { origin: 'https://ops.example', 'sec-fetch-site': 'same-origin' })).toBe(200)
  expect(asks('POST', { origin: 'https://ops.example' })).toBe(200)
  expect(asks('POST', {})).toBe(401)
  expect(asks('POST', { origin: 'https://evil.example' })).toBe(401)
  expect(asks('DELETE', { origin: 'https://ops.example', 'sec-fetch-site': 'same-site' })).toBe(401)
  expect(asks('GET', { cookie: `${cookie}x` })).toBe(401)
})

it('answers 404 where no key is configured, whatever is brought', () => {
  const access = { adminKey: undefined, dev: false }
  expect(verdict(access, here)).toBe(404)
  expect(verdict(access, withKey('undefined'))).toBe(404)
})

it('needs no key in development from this machine, and else applies the same rule', () => {
  expect(verdict({ adminKey: undefined, dev: true }, here)).toBe(200)
  expect(verdict({ adminKey: 'k', dev: true }, here)).toBe(200)
  expect(verdict({ adminKey: undefined, dev: true }, withKey('k'))).toBe(404)
  expect(verdict({ adminKey: 'k', dev: true }, withKey('k'))).toBe(200)
})

it.each([
  [{ address: '::1', headers: { host: '[::1]:8080' } }],
  [{ address: '::ffff:127.0.0.1', headers: { host: 'localhost' } }],
  [{ address: '127.0.0.1', headers: { host: 'LOCALHOST:5173', origin: 'http://localhost:5173' } }],
])('takes %o for this machine', (caller) => {
  expect(isLocal(caller)).toBe(true)
})

it.each([
  ['another peer', { address: '192.168.0.9', headers: { host: 'localhost' } }],
  ['no peer', { address: undefined, headers: { host: 'localhost' } }],
  ['no Host', { address: '127.0.0.1', headers: {} }],
  ['a rebound name', { address: '127.0.0.1', headers: { host: 'evil.example:8080' } }],
  ['a name that begins like one', { address: '127.0.0.1', headers: { host: 'localhost.evil.example' } }],
  ['a proxy', { address: '127.0.0.1', headers: { host: 'localhost', 'x-forwarded-for': '203.0.113.7' } }],
  ['a proxy by RFC 7239', { address: '127.0.0.1', headers: { host: 'localhost', forwarded: 'for=203.0.113.7' } }],
  ['a foreign page', { address: '127.0.0.1', headers: { host: 'localhost:8080', origin: 'https://evil.example' } }],
  ['another port', { address: '127.0.0.1', headers: { host: 'localhost:8080', origin: 'http://localhost:3000' } }],
  ['a page without origin', { address: '127.0.0.1', headers: { host: 'localhost:8080', origin: 'null' } }],
])('does not take %s for this machine', (_, caller) => {
  expect(isLocal(caller)).toBe(false)
})
