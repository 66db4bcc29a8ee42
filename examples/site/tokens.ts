// Tokens that say who somebody is: JSON Web Tokens (RFC 7519), signed with a secret of this process. Knows no passwords.

import { randomBytes, randomUUID } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import type { Identity } from 'staywire/server'

/** Gives tokens out and reads them. */
export interface Tokens {
  /** A token for `user`. */
  issue(user: string): Promise<string>
  /** Whose token it is, for `authenticate`; `null` for one that is not good. */
  verify(token: string): Promise<Identity | null>
}

/** `secret`: at least 32 bytes; without one, one is made up, and tokens do not outlive the process. `seconds`: how long they are good for. */
export function createTokens({ secret, seconds }: { secret?: string | undefined; seconds: number }): Tokens {
  const key = new TextEncoder().encode(secret ?? randomBytes(32).toString('hex'))
  return {
    issue: (user) =>
      new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(user)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime(`${seconds} s`)
        .sign(key),
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] })
        const { sub: user = '', exp = 0, iat = 0, jti } = payload
        return { user, expiresAt: exp * 1_000, issuedAt: iat * 1_000, ...(jti !== undefined && { tokenId: jti }) }
      } catch {
        return null
      }
    },
  }
}
