/** HS256 tokens (RFC 7519, RFC 7515 appendix A.1) as any application would mint and check them, with node:crypto. */

import { createHmac, timingSafeEqual } from 'node:crypto'

const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')
const HOUR = 3_600

/** A token for `user` that lasts an hour. */
export function mintToken(user: string, secret: string): string {
  const now = Math.floor(Date.now() / 1000)
  const signed = `${HEADER}.${Buffer.from(JSON.stringify({ sub: user, iat: now, exp: now + HOUR })).toString('base64url')}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

/** The user a token names, or undefined if it is forged, malformed or expired. */
export function readToken(token: string, secret: string): string | undefined {
  const cut = token.lastIndexOf('.')
  if (cut === -1 || token.slice(0, token.indexOf('.')) !== HEADER) return undefined
  const signed = token.slice(0, cut)
  const given = Buffer.from(token.slice(cut + 1), 'base64url')
  const expected = createHmac('sha256', secret).update(signed).digest()
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  const claims = JSON.parse(Buffer.from(signed.slice(HEADER.length + 1), 'base64url').toString()) as {
    sub: string
    exp: number
  }
  return claims.exp * 1000 > Date.now() ? claims.sub : undefined
}
