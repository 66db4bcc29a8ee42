// Tokens of the gateway: JSON Web Tokens (RFC 7519) with the claims `sub`, `exp`, `jti`, `subscribe` and `publish`. Signs them with
// the shared secret (RFC 7518 §3.2); checking them is `authenticate`'s work.

import { randomUUID } from 'node:crypto'
import { SignJWT, type CryptoKey } from 'jose'
import type { SECRET_ALGORITHMS } from './algorithm.ts'

/** An algorithm for shared secrets. */
export type SecretAlgorithm = (typeof SECRET_ALGORITHMS)[number]

/** Bytes below which a secret is weaker than its algorithm (RFC 7518 §3.2). */
export const SECRET_BYTES = 32

/** What a token says. */
export interface TokenFacts {
  /** The user id, `sub`. */
  readonly user: string
  readonly expiresInMs: number
  /** Patterns of channels that its bearer may subscribe to, beyond the channel rules. */
  readonly subscribe?: readonly string[]
  readonly publish?: readonly string[]
}

/** The secret as a key for one algorithm, imported once. */
export function secretKey(secret: string, algorithm: SecretAlgorithm = 'HS256'): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret)
  const hash = algorithm.replace('HS', 'SHA-')
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['sign', 'verify'])
}

/** The algorithm that a secret was imported for. */
export function secretAlgorithm({ algorithm }: CryptoKey): string {
  return (algorithm as unknown as { readonly hash: { readonly name: string } }).hash.name.replace('SHA-', 'HS')
}

/** A signed token. `now` is Unix time in milliseconds; JWT counts in seconds. */
export function signToken(
  { user, expiresInMs, subscribe, publish }: TokenFacts,
  key: CryptoKey,
  now: number,
): Promise<string> {
  const claims = { ...(subscribe && { subscribe }), ...(publish && { publish }) }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: secretAlgorithm(key), typ: 'JWT' })
    .setSubject(user)
    .setJti(randomUUID())
    .setIssuedAt(Math.floor(now / 1_000))
    .setExpirationTime(Math.floor((now + expiresInMs) / 1_000))
    .sign(key)
}
