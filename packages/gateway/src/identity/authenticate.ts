// Who a token belongs to. Verifies signature and times with the algorithms pinned; grants nothing beyond what the token says.

import { errors, jwtVerify, type CryptoKey, type JWTPayload } from 'jose'
import { compilePattern } from 'staywire/protocol'
import type { AuthenticateRequest, Identity } from 'staywire/server'
import { z } from 'zod'
import { SECRET_ALGORITHM } from './token.ts'
import { userIdProblem } from './user-id.ts'

/**
 * What tokens are verified with. Algorithms belong to the key and never come from the token (RFC 8725 §3.1), so that further
 * kinds of keys come with further sources.
 */
export interface KeySource {
  readonly algorithms: readonly string[]
  readonly key: CryptoKey
}

/** The source for a shared secret. */
export function sharedSecret(key: CryptoKey): KeySource {
  return { algorithms: [SECRET_ALGORITHM], key }
}

const patterns = z.array(z.string().refine(isPattern)).max(1_000)
const payload = z.object({
  sub: z.string().refine((user) => userIdProblem(user) === undefined),
  exp: z.exactOptional(z.number()),
  subscribe: z.exactOptional(patterns),
  publish: z.exactOptional(patterns),
})

/**
 * The `authenticate` of the gateway's server: `null` for a token that is not ours or says what no token of ours says. An
 * expired one keeps its identity and its time, so that the client is told that it is expired and not that it is wrong.
 */
export function createAuthenticate(
  source: KeySource | undefined,
): (request: AuthenticateRequest) => Promise<Identity | null> {
  return async ({ token }) => {
    if (token === undefined || source === undefined) return null
    const verified = await verify(token, source)
    const result = payload.safeParse(verified)
    if (!result.success) return null
    const { sub, exp, subscribe, publish } = result.data
    return {
      user: sub,
      claims: { ...(subscribe && { subscribe }), ...(publish && { publish }) },
      ...(exp !== undefined && { expiresAt: exp * 1_000 }),
    }
  }
}

async function verify(token: string, { key, algorithms }: KeySource): Promise<JWTPayload | undefined> {
  try {
    return (await jwtVerify(token, key, { algorithms: [...algorithms] })).payload
  } catch (error) {
    // Its signature was good: jose checks that first.
    if (error instanceof errors.JWTExpired) return error.payload
    if (error instanceof errors.JOSEError) return undefined
    throw error
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
