import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { SignJWT, type CryptoKey, type JWTHeaderParameters, type JWTPayload } from 'jose'
import type { Identity } from 'staywire/server'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAuthenticate, type TokenTerms } from './authenticate.ts'
import { publicKeys, sharedSecret, type KeySource } from './key-source.ts'
import { secretKey, signToken } from './token.ts'

const HOUR_MS = 3_600_000
const ANY = '{"sub":"ada"}'
let key: CryptoKey
let secret: KeySource
beforeAll(async () => {
  key = await secretKey('a secret of the test')
  secret = sharedSecret(key)
})

function identify(token: string | undefined, sources = [secret], terms: TokenTerms = {}): Promise<Identity | null> {
  return createAuthenticate(sources, terms)({ token, address: '127.0.0.1', headers: {}, url: '/', origin: {} })
}

function sign(claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', ...header }).sign(key)
}

/** A token made by hand: any header, any claims, any signature. */
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64url')
const made = (header: object, signature: string | Buffer = '', claims = ANY): string =>
  `${base64(JSON.stringify(header))}.${base64(claims)}.${base64(signature)}`

describe('a token signed with the secret', () => {
  it('is accepted, with what it grants and when it ends', async () => {
    const now = Date.now()
    const facts = { user: 'ada', expiresInMs: HOUR_MS, subscribe: ['chat:*'], publish: ['chat:1'] }
    expect(await identify(await signToken(facts, key, now))).toEqual({
      user: 'ada',
      claims: { subscribe: ['chat:*'], publish: ['chat:1'] },
      expiresAt: Math.floor((now + HOUR_MS) / 1_000) * 1_000,
      issuedAt: Math.floor(now / 1_000) * 1_000,
      tokenId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    })
  })

  it('may never end; one that does not say when it was issued is older than everything', async () => {
    expect(await identify(await sign({ sub: 'ada' }))).toEqual({ user: 'ada', claims: {}, issuedAt: 0 })
  })

  it('keeps its identity when it has expired, so that its bearer is told that', async () => {
    const past = Date.now() - 2 * HOUR_MS
    const token = await signToken({ user: 'ada', expiresInMs: HOUR_MS }, key, past)
    expect(await identify(token)).toMatchObject({ user: 'ada', expiresAt: expect.any(Number) as number })
  })

  it.each(['HS384', 'HS512'] as const)(
    'may be of another algorithm, if the secret is for that: %s',
    async (algorithm) => {
      const other = await secretKey('a secret of the test', algorithm)
      const token = await signToken({ user: 'ada', expiresInMs: HOUR_MS }, other, Date.now())
      expect(await identify(token, [sharedSecret(other)])).toMatchObject({ user: 'ada' })
      expect(await identify(token)).toBeNull()
    },
  )

  it('must be for this issuer and audience where these are demanded, and within the tolerance of its times', async () => {
    const terms = { issuer: 'https://id.example', audience: ['chat', 'feed'], clockToleranceMs: 5_000 }
    const now = Math.floor(Date.now() / 1_000)
    const good = { sub: 'ada', iss: 'https://id.example', aud: ['feed', 'other'], nbf: now + 3, exp: now - 3 }
    expect(await identify(await sign(good), [secret], terms)).toMatchObject({ expiresAt: (now - 3) * 1_000 + 5_000 })
    for (const bad of [
      { ...good, iss: 'https://evil.example' },
      { ...good, iss: undefined },
      { ...good, aud: 'other' },
      { ...good, aud: undefined },
      { ...good, nbf: now + 60 },
    ])
      expect(await identify(await sign(bad as JWTPayload), [secret], terms)).toBeNull()
    // What is wrong otherwise is wrong, expired or not.
    expect(await identify(await sign({ ...good, exp: now - 60, iss: 'x' }), [secret], terms)).toBeNull()
    expect(await identify(await sign({ ...good, exp: now - 60 }), [secret], terms)).toMatchObject({ user: 'ada' })
  })

  it.each([
    [{}],
    [{ sub: '' }],
    [{ sub: 'anon:1' }],
    [{ sub: 'a\nb' }],
    [{ sub: 'ada', subscribe: 'chat:*' }],
    [{ sub: 'ada', subscribe: ['chat*'] }],
    [{ sub: 'ada', publish: [1] }],
    [{ sub: 'ada', history: ['**:a'] }],
    [{ sub: 'ada', jti: '' }],
    [{ sub: 'ada', jti: 'x'.repeat(257) }],
    [{ sub: 'ada', iat: 'now' }],
  ])('is refused when it says %j', async (claims) => {
    expect(await identify(await sign(claims as JWTPayload).catch(() => made({ alg: 'HS256' })))).toBeNull()
  })
})

describe('what is no token', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString()
  const sources = (): KeySource[] => [
    secret,
    publicKeys(`${pem}${ec.publicKey.export({ format: 'pem', type: 'spki' }).toString()}`),
  ]
  const hmac = (secretText: string, header: object): string => {
    const input = `${base64(JSON.stringify(header))}.${base64(ANY)}`
    return made(header, createHmac('sha256', secretText).update(input).digest())
  }

  it.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['a word', 'x'],
    ['three words', 'a.b.c'],
    ['other letters', 'é'.repeat(1_000)],
    ['alg none', made({ alg: 'none' })],
    ['alg None', made({ alg: 'None' })],
    ['alg NONE', made({ alg: 'NONE' })],
    ['no alg', made({})],
    ['alg of the prototype', made({ alg: 'constructor' })],
    ['no signature', made({ alg: 'HS256' })],
    ['a signature of zeros for RS256', made({ alg: 'RS256' }, Buffer.alloc(256))],
    ['ES256 with r = s = 0', made({ alg: 'ES256' }, Buffer.alloc(64))],
    ['an HMAC with the public key as its secret', hmac(pem, { alg: 'HS256' })],
    ['the same with a line before it', hmac(`\n${pem}`, { alg: 'HS256' })],
    ['the same under the name RS256', hmac(pem, { alg: 'RS256' })],
    ['a path for a key id', made({ alg: 'RS256', kid: '../../../dev/null' }, 'x')],
    ['SQL for a key id', made({ alg: 'RS256', kid: "' OR 1=1 --" }, 'x')],
    ['a key of its own', made({ alg: 'RS256', jwk: rsa.publicKey.export({ format: 'jwk' }) }, 'x')],
    ['a URL of keys of its own', made({ alg: 'RS256', jku: 'http://127.0.0.1:9/keys' }, 'x')],
    ['a certificate of its own', made({ alg: 'RS256', x5u: 'http://127.0.0.1:9/cert', x5c: ['AAAA'] }, 'x')],
    ['an unknown critical extension', hmac('a secret of the test', { alg: 'HS256', crit: ['exp'], exp: 1 })],
    ['another type', hmac('a secret of the test', { alg: 'HS256', typ: 'logout+jwt' })],
    ['another secret', hmac('another secret', { alg: 'HS256' })],
    ['endless', `${made({ alg: 'HS256' })}${'A'.repeat(10_000)}`],
  ])('is refused: %s', async (_, token) => {
    expect(await identify(token, sources())).toBeNull()
  })

  it('is everything, where there is nothing to verify it with', async () => {
    expect(await identify(await sign({ sub: 'ada' }), [])).toBeNull()
  })

  it('is not what was made by hand here rightly', async () => {
    expect(
      await identify(hmac('a secret of the test', { alg: 'HS256', typ: 'application/at+JWT' }), sources()),
    ).toMatchObject({
      user: 'ada',
    })
  })
})

describe('a token signed with a private key', () => {
  const signed = (alg: string, privateKey: KeyObject, header: object = {}): Promise<string> =>
    new SignJWT({ sub: 'ada' }).setProtectedHeader({ alg, ...header }).sign(privateKey)
  const pemOf = ({ publicKey }: { publicKey: KeyObject }): string =>
    publicKey.export({ format: 'pem', type: 'spki' }).toString()

  it.each([
    ['RS256', undefined, generateKeyPairSync('rsa', { modulusLength: 2_048 })],
    ['PS512', 'PS512', generateKeyPairSync('rsa', { modulusLength: 2_048 })],
    ['ES256', undefined, generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['ES384', undefined, generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['ES512', undefined, generateKeyPairSync('ec', { namedCurve: 'P-521' })],
    ['EdDSA', undefined, generateKeyPairSync('ed25519')],
  ] as const)('is accepted for %s, and by no other key', async (alg, chosen, pair) => {
    const token = await signed(alg, pair.privateKey)
    expect(await identify(token, [secret, publicKeys(pemOf(pair), chosen)])).toMatchObject({ user: 'ada' })
    const { namedCurve } = pair.publicKey.asymmetricKeyDetails ?? {}
    const stranger =
      namedCurve === undefined
        ? alg === 'EdDSA'
          ? generateKeyPairSync('ed25519')
          : generateKeyPairSync('rsa', { modulusLength: 2_048 })
        : generateKeyPairSync('ec', { namedCurve })
    expect(await identify(token, [secret, publicKeys(pemOf(stranger), chosen)])).toBeNull()
  })

  it('is of the algorithm of its key, and of no other that the key could do', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    for (const alg of ['RS384', 'RS512', 'PS256'])
      expect(await identify(await signed(alg, pair.privateKey), [publicKeys(pemOf(pair))])).toBeNull()
  })

  it('needs no key id to be found among several keys', async () => {
    const [old, young] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')]
    const sources = [publicKeys(pemOf(old) + pemOf(young))]
    for (const { privateKey } of [old, young])
      expect(await identify(await signed('EdDSA', privateKey), sources)).toMatchObject({ user: 'ada' })
    expect(await identify(await signed('EdDSA', generateKeyPairSync('ed25519').privateKey), sources)).toBeNull()
  })
})
