// Which algorithm a key is for. It belongs to the key and never comes from a token (RFC 8725 §3.1): a key that does not say gets the
// usual one of its kind, and no other.

import type { JWK } from 'jose'
import { Failure } from '../failure.ts'

/** Algorithms of shared secrets (RFC 7518 §3.2). */
export const SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const

/** Algorithms of public keys (RFC 7518 §3.1, RFC 8037 §3.1). */
export const PUBLIC_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

/** Any of them. */
export const ALGORITHMS = [...SECRET_ALGORITHMS, ...PUBLIC_ALGORITHMS] as const

/** The name of an algorithm. */
export type Algorithm = (typeof ALGORITHMS)[number]

const BY_CURVE: Readonly<Record<string, Algorithm>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
}

/** Shortest modulus of an RSA key, in bits (RFC 7518 §3.3). */
const RSA_BITS = 2_048

/** Members of a JWK that only a private or a secret key has (RFC 7518 §6). */
const PRIVATE = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth']

/**
 * A public key with its algorithm: its own, else `chosen` where that fits its kind, else the usual one. Throws a `Failure` for a key
 * that is not public, or that nothing here can verify with.
 */
export function pinned(jwk: JWK, chosen?: Algorithm): JWK & { readonly alg: string } {
  if (PRIVATE.some((member) => Object.hasOwn(jwk, member)))
    throw new Failure('a key to verify tokens with must be public: this one has private parts')
  const usual = jwk.kty === 'RSA' ? 'RS256' : BY_CURVE[jwk.crv ?? '']
  if (usual === undefined) throw new Failure(`keys of the kind ${kindOf(jwk)} cannot be used`)
  if (jwk.kty === 'RSA' && modulusBits(jwk) < RSA_BITS)
    throw new Failure(`an RSA key has ${modulusBits(jwk)} bits, fewer than ${RSA_BITS}`)
  const alg = jwk.alg ?? (chosen !== undefined && fits(jwk, chosen, usual) ? chosen : usual)
  if (!fits(jwk, alg, usual)) throw new Failure(`a key of the kind ${kindOf(jwk)} cannot be for ${alg}`)
  return { ...jwk, alg }
}

function fits({ kty }: JWK, alg: string, usual: Algorithm): boolean {
  if (kty === 'RSA') return /^[RP]S(256|384|512)$/.test(alg)
  return alg === usual
}

function kindOf({ kty, crv }: JWK): string {
  return [kty, crv].filter(Boolean).join(' ') || 'unknown'
}

function modulusBits({ n = '' }: JWK): number {
  return Buffer.from(n, 'base64url').length * 8
}
