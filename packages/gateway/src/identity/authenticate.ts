// Who a token belongs to. Verifies signature, times, issuer and audience with the algorithms pinned; grants nothing beyond what
// the token says.

import {
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type CryptoKey,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose'
import { compilePattern } from 'staywire/protocol'
import type { AuthenticateRequest, Identity } from 'staywire/server'
import { z } from 'zod'
import { isRefusal, type KeySource } from './key-source.ts'
import { userIdProblem } from './user-id.ts'

/** What a token must be besides signed. */
export interface TokenTerms {
  /** `iss`, where one is demanded. */
  readonly issuer?: string | undefined
  /** One of these must be in `aud`; empty: whatever it says. */
  readonly audience?: readonly string[]
  /** By how much the clock of who signs may differ. Default 0. */
  readonly clockToleranceMs?: number
}

/** Longest token, in characters. */
const TOKEN_CHARS = 8_192

/** What may stand in `typ` (RFC 7519 §5.1, RFC 9068 §2.1): tokens for other purposes say so there (RFC 8725 §3.11). */
const TYPES = new Set([undefined, 'jwt', 'at+jwt'])

const patterns = z.array(z.string().refine(isPattern)).max(1_000)
const payload = z.object({
  sub: z.string().refine((user) => userIdProblem(user) === undefined),
  exp: z.exactOptional(z.number()),
  iat: z.number().default(0),
  jti: z.exactOptional(z.string().min(1).max(256)),
  subscribe: z.exactOptional(patterns),
  publish: z.exactOptional(patterns),
  presence: z.exactOptional(patterns),
  history: z.exactOptional(patterns),
})

/**
 * The `authenticate` of the gateway's server: `null` for a token that is not ours or says what no token of ours says. An
 * expired one keeps its identity and its time, so that the client is told that it is expired and not that it is wrong. Rejects when
 * no key can be had now.
 */
export function createAuthenticate(
  sources: readonly KeySource[],
  terms: TokenTerms = {},
): (request: AuthenticateRequest) => Promise<Identity | null> {
  const { issuer, audience = [], clockToleranceMs = 0 } = terms
  const options = {
    clockTolerance: clockToleranceMs / 1_000,
    ...(issuer !== undefined && { issuer }),
    ...(audience.length > 0 && { audience: [...audience] }),
  }
  return async ({ token }) => {
    if (token === undefined) return null
    const result = payload.safeParse(await verify(token, sources, options))
    if (!result.success) return null
    const { sub, exp, iat, jti, ...claims } = result.data
    return {
      user: sub,
      claims,
      // One that does not say when it was issued counts as older than every revocation.
      issuedAt: iat * 1_000,
      ...(jti !== undefined && { tokenId: jti }),
      ...(exp !== undefined && { expiresAt: exp * 1_000 + clockToleranceMs }),
    }
  }
}

/** What a token says, if one of the keys for its algorithm has signed it. */
async function verify(
  token: string,
  sources: readonly KeySource[],
  options: JWTVerifyOptions,
): Promise<JWTPayload | undefined> {
  const alg = algorithmOf(token)
  const failures: unknown[] = []
  for (const { algorithms, key } of sources) {
    if (alg === undefined || !algorithms.includes(alg)) continue
    try {
      return await verifyWith(token, key, { ...options, algorithms: [alg] })
    } catch (error) {
      if (error instanceof errors.JWTExpired) return error.payload
      if (!isRefusal(error)) failures.push(error)
    }
  }
  // A source that could not be asked might have known the key.
  if (failures.length > 0) throw new Error('No key to verify a token with can be had now.', { cause: failures[0] })
  return undefined
}

/** The algorithm that a token wants to be verified with; `undefined` for what is no token for us. */
function algorithmOf(token: string): string | undefined {
  if (token.length > TOKEN_CHARS) return undefined
  try {
    const { alg, typ } = decodeProtectedHeader(token)
    return TYPES.has(typ?.toLowerCase().replace(/^application\//, '')) ? alg : undefined
  } catch {
    return undefined
  }
}

async function verifyWith(
  token: string,
  key: CryptoKey | JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (typeof key === 'function' ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options))
      .payload
  } catch (error) {
    // A token without a key id, and several keys that it may be of: one of them is enough.
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    for await (const candidate of error) {
      const payload = await jwtVerify(token, candidate, options).catch((refused: unknown) => {
        if (refused instanceof errors.JWTExpired || !isRefusal(refused)) throw refused
      })
      if (payload !== undefined) return payload.payload
    }
    throw new errors.JWKSNoMatchingKey()
  }
}

function isPattern(text: string): boolean {
  try {
    compilePattern(text)
    return true
  } catch {
    return false
  }
}
