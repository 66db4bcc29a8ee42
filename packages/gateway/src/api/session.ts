// `/api/v1/session`: signs a browser in to the operations page with the admin key, and out again.
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { isAdminKey, isOwnPage, notFound } from '../http/admin-rule.ts'
import { endedCookie, sessionCookie } from '../http/admin-session.ts'
import { HttpError } from '../http/http-error.ts'
import type { Route } from '../http/route.ts'

/** The routes. Without an admin key there is nothing to sign in to. */
export function sessionRoutes(adminKey: string | undefined, now: () => number): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/api/v1/session',
      access: 'anyone',
      about: 'Signs this browser in to the operations page: `{key}` → a cookie for twelve hours.',
      handle: async ({ json, raw }) => {
        if (adminKey === undefined) throw notFound()
        if (!isOwnPage(raw.headers)) throw new HttpError(403, 'forbidden', 'Only the operations page may sign in.')
        const { key } = ((await json()) ?? {}) as { key?: unknown }
        if (typeof key !== 'string' || !isAdminKey(key, adminKey)) {
          throw new HttpError(403, 'forbidden', 'This is not the admin key.')
        }
        return { status: 204, headers: { 'Set-Cookie': sessionCookie(adminKey, now(), isSecure(raw)) } }
      },
    },
    {
      method: 'DELETE',
      path: '/api/v1/session',
      access: 'anyone',
      about: 'Signs this browser out.',
      handle: ({ raw }) => ({ status: 204, headers: { 'Set-Cookie': endedCookie(isSecure(raw)) } }),
    },
  ]
}

/** A page knows whether it came over TLS, and says so in its Origin, also through a proxy. */
function isSecure({ socket, headers }: IncomingMessage): boolean {
  return socket instanceof TLSSocket || headers.origin?.startsWith('https:') === true
}
