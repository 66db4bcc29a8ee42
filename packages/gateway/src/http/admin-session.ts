// Signs a browser in to the operations page: a cookie that pages cannot read, other sites cannot use, and that says nothing of
// the key. It is checked without anything being kept, so it holds for twelve hours or until the key changes.
import { createHmac, timingSafeEqual } from 'node:crypto'

/** How long a browser stays signed in. */
export const SESSION_SECONDS = 43_200

const NAME = 'staywire-admin'

/** The `Set-Cookie` of somebody who gave the key. `secure`: the page came over TLS, so the cookie travels only there. */
export function sessionCookie(adminKey: string, now: number, secure: boolean): string {
  const until = String(Math.floor(now / 1_000) + SESSION_SECONDS)
  return attributes(`${until}.${signature(adminKey, until)}`, SESSION_SECONDS, secure)
}

/** The `Set-Cookie` that ends it. */
export function endedCookie(secure: boolean): string {
  return attributes('', 0, secure)
}

/** Whether a `Cookie` header holds one that this key signed and that has not run out. */
export function hasSession(cookies: string | undefined, adminKey: string, now: number): boolean {
  const cookie = cookies
    ?.split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${NAME}=`))
  const [until = '', given = ''] = (cookie ?? '').slice(NAME.length + 1).split('.', 2)
  if (!/^\d{1,12}$/.test(until) || Number(until) * 1_000 <= now) return false
  const [a, b] = [Buffer.from(given), Buffer.from(signature(adminKey, until))]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** RFC 6265bis, section 5.6: `SameSite=Strict` keeps it out of whatever another site makes the browser send. */
function attributes(value: string, seconds: number, secure: boolean): string {
  return `${NAME}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
}

function signature(adminKey: string, until: string): string {
  return createHmac('sha256', adminKey).update(`${NAME} ${until}`).digest('base64url')
}
