// Who may use the admin API: whoever brings the key, a browser that was signed in with it, or in development whoever sits at this
// machine and comes straight from it.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { sessionOf, type AdminSession } from './admin-session.ts'
import { HttpError } from './http-error.ts'
import { hostOf, isLoopbackAddress, isLoopbackHost } from './loopback.ts'

/** What the rule looks at. */
export interface Caller {
  /** The peer's address. */
  readonly address: string | undefined
  readonly headers: IncomingHttpHeaders
  /** What is to be done; a cookie alone is good for more than looking only from the page itself. */
  readonly method?: string | undefined
}

/** What is configured. */
export interface AdminAccess {
  readonly adminKey: string | undefined
  readonly dev: boolean
}

const FORWARDING = ['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip']

/**
 * Throws an `HttpError`: 404 where there is no admin API, 401 without a key, 403 with a wrong one. Answers the session of the
 * browser where that is what lets it in.
 */
export type AdminRule = (caller: Caller) => AdminSession | undefined

/** The rule for a configuration. `now`: Unix time in milliseconds. */
export function adminRule({ adminKey, dev }: AdminAccess, now: () => number = Date.now): AdminRule {
  return ({ address, headers, method }) => {
    if (dev && isLocal({ address, headers })) return undefined
    if (adminKey === undefined) throw notFound()
    const session = sessionOf(headers.cookie, adminKey, now())
    if (session !== undefined && (method === 'GET' || method === 'HEAD' || isOwnPage(headers))) return session
    // Node has cut the spaces at its end: an expression that does so itself could be kept busy by them.
    const key = /^Bearer +(\S.*)$/i.exec(headers.authorization ?? '')?.[1]
    if (key === undefined) {
      throw new HttpError(401, 'unauthorized', 'The admin API needs `Authorization: Bearer <admin key>`.', {
        'WWW-Authenticate': 'Bearer',
      })
    }
    if (!isAdminKey(key, adminKey)) throw new HttpError(403, 'forbidden', 'This is not the admin key.')
    return undefined
  }
}

/** Compares keys as hashes, in constant time. */
export function isAdminKey(given: string, adminKey: string): boolean {
  return timingSafeEqual(sha256(given), sha256(adminKey))
}

/** Whether a page of this very server asks: browsers say it in `Sec-Fetch-Site`, which no page can make up, else in `Origin`. */
export function isOwnPage({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (site !== undefined) return site === 'same-origin'
  return host !== undefined && origin !== undefined && URL.parse(origin)?.host === host.toLowerCase()
}

/** The same answer as for a path that does not exist: whether there is an admin API is nobody's business. */
export function notFound(): HttpError {
  return new HttpError(404, 'not-found', 'There is nothing here.')
}

/**
 * Whether a request comes from this machine itself: not through a proxy, not from a page of another site, not by a name that
 * somebody else's DNS points here.
 */
export function isLocal({ address, headers }: Caller): boolean {
  const { host, origin } = headers
  if (!isLoopbackAddress(address) || host === undefined || !isLoopbackHost(hostOf(host))) return false
  if (Object.keys(headers).some((name) => name.startsWith('x-forwarded-') || FORWARDING.includes(name))) return false
  return origin === undefined || URL.parse(origin)?.host === host.toLowerCase()
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
