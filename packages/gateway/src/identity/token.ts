// Tokens of the gateway: JSON Web Tokens (RFC 7519) with the claims `sub`, `exp`, `subscribe` and `publish`. Signs them with
// the shared secret (HS256, RFC 7518 §3.2); checking them is `authenticate`'s work.

import { SignJWT, type CryptoKey } from 'jose'

/** The one algorithm for shared secrets. */
export const SECRET_ALGORITHM = 'HS256'

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

/** The secret as a key, imported once. */
export function secretKey(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret)
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}

/** A signed token. `now` is Unix time in milliseconds; JWT counts in seconds. */
export function signToken(
  { user, expiresInMs, subscribe, publish }: TokenFacts,
  key: CryptoKey,
  now: number,
): Promise<string> {
  const claims = { ...(subscribe && { subscribe }), ...(publish && { publish }) }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: SECRET_ALGORITHM, typ: 'JWT' })
    .setSubject(user)
    .setIssuedAt(Math.floor(now / 1_000))
    .setExpirationTime(Math.floor((now + expiresInMs) / 1_000))
    .sign(key)
}
