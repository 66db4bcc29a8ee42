// Hostile tokens at a gateway that verifies with a secret and with public keys of two kinds, given and fetched: what one key may sign,
// no other may, and nobody who sends a token says with what it is verified, or how often anybody is asked.

import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { Target, TRANSPORTS, type Transport } from './harness/target.ts'
import { base64url, forge, tokenOf } from './harness/token.ts'

const given = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const fetched = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const fetchedRsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const strangerRsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const pem = String(given.publicKey.export({ type: 'spki', format: 'pem' }))

let target: Target
let fetches = 0
/** What tokens name as the place of their keys; it must never be asked. */
let asked = 0
const issuer = createServer((_, response) => {
  fetches++
  const keys = [
    { ...fetched.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig' },
    { ...fetchedRsa.publicKey.export({ format: 'jwk' }), kid: 'k2', use: 'sig' },
  ]
  response.end(JSON.stringify({ keys }))
})
const bait = createServer((_, response) => {
  asked++
  response.end(JSON.stringify({ keys: [{ ...stranger.publicKey.export({ format: 'jwk' }), kid: 'k1' }] }))
})
const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`

beforeAll(async () => {
  for (const server of [issuer, bait]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  target = await Target.start(['--jwt-public-key', pem, '--jwks-url', urlOf(issuer)])
})
afterEach(() => target.expectUndisturbed())
afterAll(async () => {
  issuer.close()
  bait.close()
  await target.end()
})

/** 0 when it was let in, else the code it was closed with. */
async function verdict(token: string, transport: Transport = 'websocket'): Promise<number> {
  const peer = await target.dial(transport)
  peer.send({ type: 'connect', id: 1, token })
  const outcome = await Promise.race([peer.ended, peer.take('connected').catch(() => peer.ended)])
  peer.drop()
  return 'code' in outcome ? Number(outcome.code) : 0
}

function bodyOf(header: object, claims: object = {}): string {
  const exp = Math.floor(Date.now() / 1_000) + 600
  return `${base64url(header)}.${base64url({ sub: 'mallory', exp, ...claims })}`
}

type Algorithm = 'ES256' | 'RS256' | 'RS512' | 'PS256'

/** Signed as RFC 7518 §3 says. */
function signed(
  header: { readonly alg: Algorithm; readonly [name: string]: unknown },
  key: KeyObject,
  claims = {},
): string {
  const body = bodyOf(header, claims)
  const pss = header.alg === 'PS256' && { padding: 6, saltLength: 32 }
  const how = header.alg === 'ES256' ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : { key, ...pss }
  const hash = header.alg === 'RS512' ? 'sha512' : 'sha256'
  return `${body}.${sign(hash, Buffer.from(body), how).toString('base64url')}`
}

it.each(TRANSPORTS)('AUTH-2: each key verifies what it is for, over %s', async (transport) => {
  const good = [
    tokenOf('ada'),
    signed({ alg: 'RS256' }, given.privateKey),
    signed({ alg: 'ES256', kid: 'k1' }, fetched.privateKey),
    signed({ alg: 'RS256', kid: 'k2' }, fetchedRsa.privateKey),
  ]
  for (const token of good) expect(await verdict(token, transport)).toBe(0)
})

it('AUTH-2: no public key is a secret, whatever it is written as', async () => {
  const der = given.publicKey.export({ type: 'spki', format: 'der' })
  const jwk = given.publicKey.export({ format: 'jwk' })
  const secrets = [
    ...[pem, pem.trimEnd(), `\n${pem}`, pem.replaceAll('\n', '\r\n'), pem.replaceAll('\n', '')],
    ...[der, der.toString('base64'), JSON.stringify(jwk), jwk.n ?? '', Buffer.from(jwk.n ?? '', 'base64url')],
    ...[fetched, fetchedRsa].map(({ publicKey }) => String(publicKey.export({ type: 'spki', format: 'pem' }))),
    JSON.stringify(fetched.publicKey.export({ format: 'jwk' })),
  ]
  for (const secret of secrets)
    for (const header of [{ alg: 'HS256' }, { alg: 'HS256', kid: 'k1' }, { alg: 'HS256', kid: 'k2' }, { alg: 'RS256' }])
      expect(await verdict(forge({ header, secret }))).toBe(4002)
  for (const hash of ['sha384', 'sha512'] as const) {
    const header = { alg: hash === 'sha384' ? 'HS384' : 'HS512' }
    expect(await verdict(forge({ header, secret: pem, hash }))).toBe(4002)
    expect(await verdict(forge({ header, hash }))).toBe(4002)
  }
})

it('AUTH-2: a key verifies nothing but its own algorithm', async () => {
  const wrong = [
    signed({ alg: 'PS256' }, given.privateKey),
    signed({ alg: 'RS512' }, given.privateKey),
    signed({ alg: 'PS256', kid: 'k2' }, fetchedRsa.privateKey),
    signed({ alg: 'RS256', kid: 'k1' }, fetchedRsa.privateKey),
    signed({ alg: 'ES256', kid: 'k2' }, fetched.privateKey),
    signed({ alg: 'RS256' }, strangerRsa.privateKey),
    `${bodyOf({ alg: 'RS256' })}.${Buffer.alloc(256).toString('base64url')}`,
    `${bodyOf({ alg: 'ES256', kid: 'k1' })}.${Buffer.alloc(64).toString('base64url')}`,
    `${bodyOf({ alg: 'none', kid: 'k1' })}.`,
    `${bodyOf({ alg: 'ES256', kid: 'k1' })}.`,
  ]
  for (const token of wrong) expect(await verdict(token)).toBe(4002)
  const body = bodyOf({ alg: 'ES256', kid: 'k1' })
  const der = sign('sha256', Buffer.from(body), fetched.privateKey).toString('base64url')
  expect(await verdict(`${body}.${der}`)).toBe(4002)
})

it('AUTH-2: no key id finds another file, row or property, and no header brings a key', async () => {
  const ids: unknown[] = [
    ...['../../k1', '../../../../dev/null', 'k1\u0000', 'k1/../k1', 'K1', "k1' OR '1'='1", '$(id)', 'file:///dev/null'],
    ...['__proto__', 'constructor', 'toString', '', 'x'.repeat(5_000), urlOf(bait)],
    ...[null, 0, true, ['k1'], { toString: 'k1' }],
  ]
  for (const kid of ids) {
    expect([kid, await verdict(signed({ alg: 'ES256', kid }, stranger.privateKey))]).toEqual([kid, 4002])
    expect([kid, await verdict(forge({ header: { kid }, secret: '' }))]).toEqual([kid, 4002])
  }
  const jwk = stranger.publicKey.export({ format: 'jwk' })
  const places = [
    { jwk },
    { jku: urlOf(bait) },
    { x5u: urlOf(bait) },
    { x5c: [jwk.x] },
    { jku: urlOf(bait), kid: 'k1', jwk },
  ]
  for (const transport of TRANSPORTS)
    for (const place of places)
      expect(await verdict(signed({ alg: 'ES256', ...place }, stranger.privateKey), transport)).toBe(4002)
  expect(await verdict(signed({ alg: 'ES256', kid: 'k1' }, stranger.privateKey, { iss: urlOf(bait) }))).toBe(4002)
  expect(asked).toBe(0)
})

it.each(TRANSPORTS)(
  'AUTH-2, CONN-6, FRAME-8: huge and knotted tokens are refused at once, over %s',
  async (transport) => {
    const deep = `${'['.repeat(2_500)}${']'.repeat(2_500)}`
    const hmac = (body: string): string => `${body}.${createHmac('sha256', 'x').update(body).digest('base64url')}`
    const tokens = [
      tokenOf('ada', { padding: 'x'.repeat(7_000) }),
      '.'.repeat(8_192),
      hmac(`${base64url(`{"alg":"HS256","x":${deep}}`)}.${base64url({ sub: 'ada' })}`),
      hmac(`${base64url({ alg: 'HS256' })}.${base64url(deep)}`),
      `${base64url('{"alg":"HS256"')}.${base64url('{')}.x`,
      forge({ header: { crit: ['exp'], exp: 1 } }),
      forge({ header: { b64: false, crit: ['b64'] } }),
    ]
    for (const token of tokens) expect(await verdict(token, transport)).toBe(4002)
    const larger = signed({ alg: 'RS256' }, given.privateKey, { padding: 'x'.repeat(40_000) })
    const peer = await target.dial(transport)
    peer.send({ type: 'connect', id: 1, token: larger })
    // Over a WebSocket there is a second try.
    if (transport === 'websocket') expect(await peer.take('error')).toMatchObject({ id: 1, code: 'bad-frame' })
    else expect((await peer.ended).code).toBe(4504)
    peer.drop()
    if (transport === 'websocket') expect(await verdict('x'.repeat(70_000))).toBe(4505)
  },
)

it('AUTH-2: 400 tokens of keys that nobody knows ask the issuer once, and keep nobody out', async () => {
  const before = fetches
  const flood = Array.from({ length: 400 }, (_, n) => signed({ alg: 'ES256', kid: `flood-${n}` }, stranger.privateKey))
  const codes: number[] = []
  const honest: number[] = []
  for (let n = 0; n < flood.length; n += 50) {
    const some = flood.slice(n, n + 50).map((token, m) => verdict(token, TRANSPORTS[m % 3]))
    honest.push(await verdict(signed({ alg: 'ES256', kid: 'k1' }, fetched.privateKey)))
    codes.push(...(await Promise.all(some)))
  }
  expect(new Set(codes)).toEqual(new Set([4002]))
  expect(new Set(honest)).toEqual(new Set([0]))
  expect(fetches - before).toBeLessThanOrEqual(1)
})
