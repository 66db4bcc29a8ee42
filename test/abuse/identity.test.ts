// Hostile identities, over every transport: tokens that were never signed, or not with this secret, or for something else; other
// people's sessions; and what a gateway allows that was told nothing.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { gatewayForTest, SECRET, USUAL } from '../gateway/harness/gateway.ts'
import type { PollPeer } from '../transports/harness/poll-peer.ts'
import { Target, TRANSPORTS, type Transport } from './harness/target.ts'
import { base64url, forge, tokenOf, type TokenParts } from './harness/token.ts'

let target: Target
/** What a token may name as the place of its keys; it must never be asked. */
let asked = 0
const bait = createServer((_, response) => {
  asked++
  response.end('{"keys":[]}')
})
let baitUrl = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => bait.listen(0, '127.0.0.1', resolve))
  baitUrl = `http://127.0.0.1:${(bait.address() as AddressInfo).port}/keys`
  target = await Target.start()
})
afterEach(() => target.expectUndisturbed())
afterAll(async () => {
  bait.close()
  await target.end()
})

/** How the connection ended: its code. */
async function refusal(transport: Transport, token: unknown): Promise<number> {
  const peer = await target.dial(transport)
  peer.send({ type: 'connect', id: 1, token })
  const outcome = await Promise.race([peer.ended, peer.take('connected').catch(() => peer.ended)])
  peer.drop()
  return 'code' in outcome ? Number(outcome.code) : 0
}

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const now = Math.floor(Date.now() / 1_000)

/** Signed by whoever sends it, with a key of their own. */
function ownKey(header: object): string {
  const body = `${base64url({ alg: 'ES256', ...header })}.${base64url({ sub: 'mallory', exp: now + 3_600 })}`
  const key = { key: ec.privateKey, dsaEncoding: 'ieee-p1363' } as const
  return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`
}

const FORGED: readonly (readonly [title: string, parts: TokenParts])[] = [
  ...['none', 'None', 'NONE', 'nOnE', '', 'HS256 ', 'hs256', 'HS1', 'RS256', 'ES256', '__proto__'].map(
    (alg) => [`the algorithm ${JSON.stringify(alg)} and no signature`, { header: { alg }, signature: '' }] as const,
  ),
  ...['none', 'RS256', 'ES256', 'EdDSA', 'HS384', 'PS256'].map(
    (alg) => [`the algorithm ${alg}, signed by HS256`, { header: { alg } }] as const,
  ),
  ['HS512 with the right secret', { header: { alg: 'HS512' }, hash: 'sha512' }],
  ['an empty secret', { secret: '' }],
  ['another secret', { secret: `${SECRET}x` }],
  ['the secret and a line end', { secret: `${SECRET}\n` }],
  ['a public key as secret', { secret: pem }],
  ['no signature', { signature: '' }],
  ['a signature of zeros', { signature: base64url(Buffer.alloc(32)) }],
  ['a signature that is cut', { signature: forge({}).split('.')[2]?.slice(0, 10) ?? '' }],
  ['the signature of another token', { claims: { sub: 'ada' }, signature: forge({}).split('.')[2] ?? '' }],
  ['kid that leaves its folder', { header: { kid: '../../../../dev/null' }, secret: '' }],
  ['kid that is SQL', { header: { kid: "' UNION SELECT 'x' -- " }, secret: 'x' }],
  ['a critical extension', { header: { crit: ['exp', 'unheard'], unheard: true } }],
  ['detached payload', { header: { b64: false, crit: ['b64'] } }],
  ['a begin in an hour', { claims: { nbf: now + 3_600 } }],
  ['an end that is text', { claims: { exp: 'never' } }],
  ['an end that is no number', { claims: { exp: { toString: now + 3_600 } } }],
  ['a user that is a list', { claims: { sub: ['ada'] } }],
  ['rights that are no list', { claims: { subscribe: 'live:**' } }],
  ['rights that are no patterns', { claims: { subscribe: ['**live'] } }],
]

describe.each(TRANSPORTS)('over %s', (transport) => {
  it.each(FORGED)('AUTH-2: a token with %s is refused', async (_, parts) => {
    expect(await refusal(transport, forge(parts))).toBe(4002)
  })

  it('AUTH-2: tokens that bring a key, or say where one is, are refused, and nobody is asked', async () => {
    const jwk = ec.publicKey.export({ format: 'jwk' })
    const headers = [{ jwk }, { jku: baitUrl, kid: '1' }, { x5u: baitUrl }, { jwk, alg: 'HS256' }, { kid: baitUrl }]
    for (const header of headers) expect(await refusal(transport, ownKey(header))).toBe(4002)
    expect(await refusal(transport, forge({ claims: { iss: baitUrl }, secret: 'x' }))).toBe(4002)
    expect(asked).toBe(0)
  })

  it('AUTH-2: what is no token at all is refused', async () => {
    const [head = '', body = '', signature = ''] = tokenOf('ada').split('.')
    const texts = [
      '.',
      '..',
      '...',
      'a.b.c',
      `${head}.${body}`,
      `${head}.${body}.`,
      `.${body}.${signature}`,
      `${head}..${signature}`,
    ]
    const more = [
      `${tokenOf('ada')}.x`,
      ` ${tokenOf('ada')}x`,
      `Bearer ${tokenOf('ada')}`,
      'x'.repeat(10_000),
      '\u0000',
      '😀',
    ]
    for (const text of [...texts, ...more]) expect([text, await refusal(transport, text)]).toEqual([text, 4002])
  })

  it('AUTH-2: a token that has ended is 4004, and says no more', async () => {
    for (const exp of [now - 3_600, 0, -1]) expect(await refusal(transport, tokenOf('ada', { exp }))).toBe(4004)
  })

  it('RES-3, RES-4: a session is no use to anybody else', async () => {
    const ada = await target.connect(transport, 'ada')
    const { id, secret } = ada.connected['session'] as { id: string; secret: string }
    for (const [user, session] of [
      ['eve', { id, secret }],
      ['ada', { id, secret: `${secret}x` }],
      ['ada', { id, secret: '' }],
      ['ada', { id: id.toUpperCase(), secret }],
      ['ada', { id: '__proto__', secret }],
    ] as const) {
      const other = await target.connect(transport, user, { session })
      expect(other.connected).toMatchObject({ resumed: false, user })
      expect((other.connected['session'] as { id: string }).id).not.toBe(id)
      other.drop()
    }
    expect(await refusal(transport, undefined)).toBe(4001)
    expect(await ada.settle()).toEqual([])
    ada.drop()
  })

  it('SUB-5, PUB-11, CHAN-2: a right to one channel is no right to those that sound like it', async () => {
    const token = tokenOf('ada', { subscribe: ['user:1', 'team:*:news'], publish: ['user:1'] })
    const peer = await target.dial(transport)
    peer.send({ type: 'connect', id: 1, token })
    await peer.take('connected')
    const close = [
      'user:12',
      'user:1:x',
      'user:',
      'user',
      'USER:1',
      'xuser:1',
      'user:1%20',
      'team:a:b:news',
      'team:news',
      'team:a:newsx',
    ]
    for (const channel of close)
      for (const type of ['subscribe', 'publish', 'history'])
        expect([channel, (await peer.ask({ type, channel, data: 1 }))['code']]).toEqual([
          channel,
          expect.stringMatching(/^(forbidden|bad-channel)$/),
        ])
    expect(await peer.ask({ type: 'publish', channel: 'team:a:news', data: 1 })).toMatchObject({ code: 'forbidden' })
    expect(await peer.ask({ type: 'subscribe', channel: 'user:1' })).toMatchObject({ type: 'subscribed' })
    peer.drop()
  })
})

it('shows no address but that of the peer, whatever the headers claim', async () => {
  for (const [n, claim] of ['203.0.113.7', '203.0.113.7, 127.0.0.1', '::1', 'unknown', '<b>'].entries()) {
    const user = `claims-${n}`
    const peer = await target.gateway.open({
      headers: { 'x-forwarded-for': claim, forwarded: `for=${claim}`, 'x-real-ip': claim },
    })
    peer.send({ type: 'connect', id: 1, token: tokenOf(user) })
    await peer.take('connected')
    const { body } = await target.gateway.api('GET', `/api/v1/connections?user=${user}`)
    expect(body).toMatchObject({ connections: [{ address: '127.0.0.1' }] })
    peer.drop()
  }
})

it('AUTH-1, SUB-5, PUB-11: a gateway that was told nothing lets in nobody unknown, and nobody anywhere', async () => {
  const gateway = await gatewayForTest(USUAL)
  const stranger = await gateway.open()
  stranger.send({ type: 'connect', id: 1 })
  expect((await stranger.ended).code).toBe(4001)
  const ada = await gateway.connect(tokenOf('ada'))
  for (const type of ['subscribe', 'publish', 'history', 'presence'])
    expect(await ada.ask({ type, channel: 'any:1', data: 1 })).toMatchObject({
      type: 'error',
      code: expect.stringMatching(/^(forbidden|no-presence|not-subscribed)$/) as string,
    })
})

it('POST-3: what goes up for one connection needs all three of its credentials, to the letter', async () => {
  const ada = (await target.connect('poll', 'ada')) as PollPeer & { connected: unknown }
  const eve = (await target.connect('poll', 'eve')) as PollPeer & { connected: unknown }
  const mixed = [
    { ...ada.credentials, secret: eve.credentials.secret },
    { ...eve.credentials, connection: ada.credentials.connection },
    { ...ada.credentials, session: eve.credentials.session },
    { ...ada.credentials, secret: ada.credentials.secret.slice(0, -1) },
    { ...ada.credentials, secret: [ada.credentials.secret] },
    { ...ada.credentials, connection: '__proto__' },
  ]
  for (const credentials of mixed) {
    const frames = [{ type: 'publish', id: 9, channel: 'room:stolen', data: 1 }]
    expect((await eve.post('/frames', { ...credentials, seq: 1, frames })).status).toBe(410)
    expect((await eve.post('/poll', { ...credentials, ack: 0 })).status).toBe(410)
  }
  expect(await ada.ask({ type: 'history', channel: 'room:stolen' })).toMatchObject({ publications: [] })
  ada.drop()
  eve.drop()
})
