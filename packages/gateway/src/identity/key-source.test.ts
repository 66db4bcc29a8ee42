import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { JWK } from 'jose'
import { pinned } from './algorithm.ts'
import { publicKeys } from './key-source.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const ed = generateKeyPairSync('ed25519')
const pem = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString()
const jwk = (key: KeyObject): JWK => key.export({ format: 'jwk' })

describe('public keys', () => {
  it('are for the usual algorithm of their kind, or the one that was chosen, or their own', () => {
    expect(pinned(jwk(rsa.publicKey)).alg).toBe('RS256')
    expect(pinned(jwk(rsa.publicKey), 'PS512').alg).toBe('PS512')
    expect(pinned({ ...jwk(rsa.publicKey), alg: 'RS384' }, 'PS512').alg).toBe('RS384')
    expect(pinned(jwk(ec.publicKey)).alg).toBe('ES384')
    expect(pinned(jwk(ec.publicKey), 'RS256').alg).toBe('ES384')
    expect(pinned(jwk(ed.publicKey)).alg).toBe('EdDSA')
  })

  it('are read from PEM, several in one text, from a JWK and from a set', () => {
    const two = `${pem(rsa.publicKey)}\n${pem(ec.publicKey)}`
    expect(publicKeys(two).algorithms).toEqual(['RS256', 'ES384'])
    expect(publicKeys(JSON.stringify(jwk(ed.publicKey))).algorithms).toEqual(['EdDSA'])
    const set = { keys: [jwk(rsa.publicKey), jwk(ed.publicKey)] }
    expect(publicKeys(JSON.stringify(set), 'RS512').algorithms).toEqual(['RS512', 'EdDSA'])
  })

  it.each([
    ['a private key', pem(rsa.privateKey), 'private key'],
    ['a private JWK', JSON.stringify(jwk(ec.privateKey)), 'private parts'],
    ['a secret', JSON.stringify({ kty: 'oct', k: 'c2VjcmV0' }), 'private parts'],
    ['a short RSA key', pem(generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey), 'fewer than 2048'],
    ['an algorithm of another kind', JSON.stringify({ ...jwk(rsa.publicKey), alg: 'HS256' }), 'cannot be for HS256'],
    ['another curve', pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey), 'cannot be used'],
    ['an empty set', '{"keys":[]}', '1–100 keys'],
    ['what is no key', '{"a":1}', 'no JWK'],
    ['words', 'a secret', 'neither PEM nor JSON'],
    ['broken JSON', '{', 'neither PEM nor JSON'],
    ['broken PEM', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'cannot be read'],
  ])('are not %s', (_, text, problem) => {
    expect(() => publicKeys(text)).toThrow(problem)
  })
})
