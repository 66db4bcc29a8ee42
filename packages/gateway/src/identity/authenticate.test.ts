import { SignJWT, type CryptoKey, type JWTPayload } from 'jose'
import type { AuthenticateRequest } from 'staywire/server'
import { beforeAll, expect, it } from 'vitest'
import { createAuthenticate, sharedSecret } from './authenticate.ts'
import { secretKey, signToken } from './token.ts'

const HOUR_MS = 3_600_000
let key: CryptoKey
beforeAll(async () => {
  key = await secretKey('a secret of the test')
})

function identify(token: string | undefined) {
  const request: AuthenticateRequest = { token, address: '127.0.0.1', headers: {}, url: '/', origin: {} }
  return createAuthenticate(sharedSecret(key))(request)
}

function sign(claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key)
}

it('accepts a token of its own, with what it grants and when it ends', async () => {
  const now = Date.now()
  const facts = { user: 'ada', expiresInMs: HOUR_MS, subscribe: ['chat:*'], publish: ['chat:1'] }
  expect(await identify(await signToken(facts, key, now))).toEqual({
    user: 'ada',
    claims: { subscribe: ['chat:*'], publish: ['chat:1'] },
    expiresAt: Math.floor((now + HOUR_MS) / 1_000) * 1_000,
  })
})

it('accepts a token that never ends', async () => {
  expect(await identify(await sign({ sub: 'ada' }))).toEqual({ user: 'ada', claims: {} })
})

it('keeps the identity of an expired token, so that its bearer is told that it expired', async () => {
  const past = Date.now() - 2 * HOUR_MS
  const token = await signToken({ user: 'ada', expiresInMs: HOUR_MS }, key, past)
  expect(await identify(token)).toMatchObject({ user: 'ada', expiresAt: expect.any(Number) as number })
})

it('refuses no token, and whatever is none', async () => {
  for (const token of [undefined, '', 'x', 'a.b.c', 'é'.repeat(1_000)]) expect(await identify(token)).toBeNull()
})

it('refuses another secret, an expired token of another secret, and every other algorithm', async () => {
  const other = await secretKey('another secret')
  expect(await identify(await signToken({ user: 'ada', expiresInMs: HOUR_MS }, other, Date.now()))).toBeNull()
  expect(await identify(await signToken({ user: 'ada', expiresInMs: HOUR_MS }, other, 0))).toBeNull()
  const claims = Buffer.from('{"sub":"ada"}').toString('base64url')
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`
  expect(await identify(none)).toBeNull()
  const bytes = new TextEncoder().encode('a secret of the test'.padEnd(64, '.'))
  expect(await identify(await new SignJWT({ sub: 'ada' }).setProtectedHeader({ alg: 'HS512' }).sign(bytes))).toBeNull()
})

it.each([
  [{}],
  [{ sub: '' }],
  [{ sub: 'anon:1' }],
  [{ sub: 'a\nb' }],
  [{ sub: 'ada', subscribe: 'chat:*' }],
  [{ sub: 'ada', subscribe: ['chat*'] }],
  [{ sub: 'ada', publish: [1] }],
])('refuses a signed token that says %j', async (claims) => {
  expect(await identify(await sign(claims as JWTPayload))).toBeNull()
})

it('refuses every token where there is nothing to verify it with', async () => {
  const token = await sign({ sub: 'ada' })
  const request: AuthenticateRequest = { token, address: '127.0.0.1', headers: {}, url: '/', origin: {} }
  expect(await createAuthenticate(undefined)(request)).toBeNull()
})
