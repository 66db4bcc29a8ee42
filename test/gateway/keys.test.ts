// Keys that somebody else signs with: fetched from a real server, which changes them, fails and lies.

import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, type JWTPayload } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ADMIN_KEY, gatewayForTest, startGateway, type Gateway } from './harness/gateway.ts'

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const [first, second, stranger] = [pair(), pair(), pair()]
const published = new Map<string, KeyObject>([['k1', first.publicKey]])
let issuer: Server
let fetches = 0
let answers: 'keys' | 'failure' | 'rubbish' = 'keys'
let gateway: Gateway

beforeAll(async () => {
  issuer = createServer((_request, response) => {
    fetches++
    if (answers === 'failure') return void response.writeHead(500).end()
    if (answers === 'rubbish') return void response.end('<html>')
    const keys = [...published].map(([kid, key]) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' }))
    // Sets carry keys for other purposes, too.
    response.end(JSON.stringify({ keys: [{ kty: 'oct', k: 'AAAA', kid: 'secret' }, ...keys, 'rubbish'] }))
  })
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
  gateway = await startGateway([...keysFrom(issuer), '--jwt-issuer', 'https://id.example', '--jwt-audience', 'live'])
})
afterAll(async () => {
  await gateway.stop()
  issuer.close()
})

const keysFrom = (server: Server): string[] => [
  '--jwks-url',
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
  '--admin-key',
  ADMIN_KEY,
]

function signed(kid: string | undefined, key: KeyObject, claims: JWTPayload = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000)
  const payload = { sub: 'ada', iss: 'https://id.example', aud: 'live', iat: now, exp: now + 600, ...claims }
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', ...(kid !== undefined && { kid }) }).sign(key)
}

async function refusedWith(token: string, to = gateway): Promise<number> {
  const peer = await to.open()
  peer.send({ type: 'connect', id: 1, token })
  return (await peer.ended).code
}

it('AUTH-2: tokens of the issuer are accepted, with and without a key id; others are not', async () => {
  for (const kid of ['k1', undefined]) {
    const peer = await gateway.connect(await signed(kid, first.privateKey))
    expect(peer.connected).toMatchObject({ user: 'ada' })
    peer.drop()
  }
  expect(await refusedWith(await signed('k1', stranger.privateKey))).toBe(4002)
  expect(await refusedWith(await signed('k1', first.privateKey, { aud: 'other' }))).toBe(4002)
  expect(await refusedWith(await signed('k1', first.privateKey, { iss: 'https://evil.example' }))).toBe(4002)
  expect(await refusedWith(await signed('k1', first.privateKey, { exp: 1 }))).toBe(4004)
})

it('however many keys are named that nobody knows, the issuer is asked once in 30 s at most', async () => {
  const before = fetches
  const tokens = await Promise.all(Array.from({ length: 50 }, (_, n) => signed(`random-${n}`, stranger.privateKey)))
  const codes = await Promise.all(tokens.map((token) => refusedWith(token)))
  expect(new Set(codes)).toEqual(new Set([4002]))
  expect(fetches - before).toBeLessThanOrEqual(1)
})

it('AUTH-3: while the issuer fails and nothing is known, it is 4104; as soon as it answers, tokens count', async () => {
  answers = 'rubbish'
  const fresh = await gatewayForTest(keysFrom(issuer))
  const token = await signed('k1', first.privateKey)
  expect(await refusedWith(token, fresh)).toBe(4104)
  answers = 'failure'
  const before = fetches
  const codes = await Promise.all(Array.from({ length: 30 }, () => refusedWith(token, fresh)))
  expect(new Set(codes)).toEqual(new Set([4104]))
  // A server in trouble is not asked for every client that comes.
  expect(fetches - before).toBeLessThanOrEqual(5)
  answers = 'keys'
  published.set('k2', second.publicKey)
  await expect
    .poll(
      () =>
        fresh.connect(token).then(
          (peer) => (peer.drop(), 'in'),
          () => 'out',
        ),
      { timeout: 10_000, interval: 300 },
    )
    .toBe('in')
  const peer = await fresh.connect(await signed('k2', second.privateKey))
  peer.drop()
})

it('AUTH-10, AUTH-11: a token is revoked by its id over HTTP, and closed wherever it is in use', async () => {
  const tokens = [
    await signed('k1', first.privateKey, { jti: 'one' }),
    await signed('k1', first.privateKey, { jti: 'two' }),
  ]
  const [one, two] = [await gateway.connect(tokens[0] ?? ''), await gateway.connect(tokens[1] ?? '')]
  const revoke = (body: object, key = ADMIN_KEY) =>
    gateway.api('POST', '/api/v1/revoke', body, { authorization: `Bearer ${key}` })
  expect((await revoke({ token: 'one' }, 'wrong')).status).toBe(403)
  expect(await revoke({ token: 'one' })).toMatchObject({ status: 200, body: { closed: 1 } })
  expect((await one.ended).code).toBe(4005)
  await two.settle()
  expect(await refusedWith(tokens[0] ?? '')).toBe(4005)
  expect((await revoke({ user: 'ada', token: 'x' })).status).toBe(400)
  expect((await revoke({ user: 'ada', until: 1 })).status).toBe(400)
  expect(await revoke({ user: 'ada', until: Date.now() + 60_000 })).toMatchObject({ body: { closed: 1 } })
  expect((await two.ended).code).toBe(4005)
})
