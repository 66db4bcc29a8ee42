// What tokens are verified with: a secret, public keys that were given, or public keys that are fetched. Each says for which
// algorithms it is there, and answers only for these.

import { createPublicKey } from 'node:crypto'
import { createLocalJWKSet, errors, type CryptoKey, type JWK, type JWTVerifyGetKey } from 'jose'
import { Failure } from '../failure.ts'
import { pinned, type Algorithm } from './algorithm.ts'
import { secretAlgorithm } from './token.ts'

/** A source of keys. */
export interface KeySource {
  readonly algorithms: readonly string[]
  /** The key, or who knows it: rejects with an error of `jose` that `isRefusal` where there is none, with any other where that is not known now. */
  readonly key: CryptoKey | JWTVerifyGetKey
}

/** Most keys in one set: a token without a key id is tried with each. */
export const MOST_KEYS = 100

/** The source for a shared secret. */
export function sharedSecret(key: CryptoKey): KeySource {
  return { algorithms: [secretAlgorithm(key)], key }
}

/**
 * The source for public keys given as text: PEM (public keys or certificates, one after the other), a JWK or a JWK set (RFC 7517).
 * `chosen` is for keys that do not name an algorithm. Throws a `Failure` for anything else.
 */
export function publicKeys(text: string, chosen?: Algorithm): KeySource {
  const keys = jwksOf(text).map((jwk) => pinned(jwk, chosen))
  return { algorithms: [...new Set(keys.map(({ alg }) => alg))], key: createLocalJWKSet({ keys }) }
}

/** Whether `jose` says that a token is not to be accepted; anything else says that this cannot be told. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false
  return !['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'].includes(error.code)
}

function jwksOf(text: string): JWK[] {
  if (!text.trimStart().startsWith('{')) return pems(text).map(jwkOfPem)
  const json = parsed(text)
  const keys = Array.isArray(json['keys']) ? (json['keys'] as unknown[]) : [json]
  if (keys.length === 0 || keys.length > MOST_KEYS) throw new Failure(`a key set must have 1–${MOST_KEYS} keys`)
  if (!keys.every(isJwk)) throw new Failure('a key in the set is no JWK')
  return keys
}

/** Whether a value may be a JWK: an object that says its kind. */
export function isJwk(value: unknown): value is JWK {
  return typeof value === 'object' && value !== null && typeof (value as JWK).kty === 'string'
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    throw new Failure('the public keys are neither PEM nor JSON')
  }
}

function pems(text: string): readonly string[] {
  // Node would make a public key of a private one; that one was given at all is the mistake.
  if (text.includes('PRIVATE KEY')) throw new Failure('this is a private key: give the public one')
  const blocks = text.match(/-----BEGIN [A-Z0-9 ]+-----[^-]+-----END [A-Z0-9 ]+-----/g) ?? []
  if (blocks.length === 0 || blocks.length > MOST_KEYS) throw new Failure('the public keys are neither PEM nor JSON')
  return blocks
}

function jwkOfPem(pem: string): JWK {
  try {
    return createPublicKey(pem).export({ format: 'jwk' })
  } catch (error) {
    throw new Failure(`a public key cannot be read: ${(error as Error).message}`)
  }
}
