// Tokens as they should be, and as they should not: whatever a test puts together, signed or not. Checks nothing.

import { createHmac } from 'node:crypto'
import { SECRET } from '../../gateway/harness/gateway.ts'

/** What a token is made of; all that is left out is as it should be. */
export interface TokenParts {
  readonly header?: object
  readonly claims?: object
  /** What its HMAC is made with. */
  readonly secret?: string | Buffer
  readonly hash?: 'sha256' | 'sha384' | 'sha512'
  /** Instead of the signature that was made. */
  readonly signature?: string
}

/** One part as it stands in a token (RFC 7515 §2). */
export function base64url(value: object | string | Buffer): string {
  return Buffer.from(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString(
    'base64url',
  )
}

/** A token (RFC 7519) of these parts. */
export function forge({ header, claims, secret = SECRET, hash = 'sha256', signature }: TokenParts): string {
  const body = `${base64url({ alg: 'HS256', ...header })}.${base64url({ sub: 'mallory', exp: inAnHour(), ...claims })}`
  return `${body}.${signature ?? createHmac(hash, secret).update(body).digest('base64url')}`
}

/** A good token. */
export function tokenOf(user: string, claims: object = {}): string {
  return forge({ claims: { sub: user, ...claims } })
}

function inAnHour(): number {
  return Math.floor(Date.now() / 1_000) + 3_600
}
