// Signs a browser in to the operations page: a cookie that pages cannot read, other sites cannot use, and that says nothing of
// the key. It is checked without anything being kept, so it holds for twelve hours or until the key changes.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a browser stays signed in. */
export const SESSION_SECONDS = 43_200

/** What the cookie is called. */
export const SESSION_COOKIE = 'staywire-admin'

/** A browser that is signed in. */
export interface AdminSession {
  /** Its own: no other sign-in has the same. */
  readonly id: string
  /** When it runs out, Unix milliseconds. */
  readonly until: number
}

/** Enough that no two are the same. */
const ID_BYTES = 12

/** The `Set-Cookie` of somebody who gave the key. `secure`: the page came over TLS, so the cookie travels only there. */
export function sessionCookie(adminKey: string, now: number, secure: boolean): string {
  const id = `${Math.floor(now / 1_000) + SESSION_SECONDS}-${randomBytes(ID_BYTES).toString('hex')}`
  return attributes(`${id}.${signature(adminKey, id)}`, SESSION_SECONDS, secure)
}

/** The `Set-Cookie` that ends it. */
export function endedCookie(secure: boolean): string {
  return attributes('', 0, secure)
}

/** What a `Cookie` header holds that this key signed and that has not run out. */
export function sessionOf(cookies: string | undefined, adminKey: string, now: number): AdminSession | undefined {
  const cookie = cookies
    ?.split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${SESSION_COOKIE}=`))
  const [id = '', given = ''] = (cookie ?? '').slice(SESSION_COOKIE.length + 1).split('.', 2)
  const until = Number(/^(\d{1,12})-[0-9a-f]+$/.exec(id)?.[1] ?? 0) * 1_000
  if (until <= now) return undefined
  const [a, b] = [Buffer.from(given), Buffer.from(signature(adminKey, id))]
  return a.length === b.length && timingSafeEqual(a, b) ? { id, until } : undefined
}

/** RFC 6265bis, section 5.6: `SameSite=Strict` keeps it out of whatever another site makes the browser send. */
function attributes(value: string, seconds: number, secure: boolean): string {
  return `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
}

function signature(adminKey: string, id: string): string {
  return createHmac('sha256', adminKey).update(`${SESSION_COOKIE} ${id}`).digest('base64url')
}
