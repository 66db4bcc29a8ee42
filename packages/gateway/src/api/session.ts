// `/api/v1/session`: signs a browser in to the operations page with the admin key, and out again.
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { z } from 'zod'
import { isAdminKey, isOwnPage, notFound } from '../http/admin-rule.ts'
import { endedCookie, sessionCookie, sessionOf, type AdminSession } from '../http/admin-session.ts'
import { ok, type Answer } from '../http/answer.ts'
import { HttpError } from '../http/http-error.ts'
import type { Route } from '../http/route.ts'
import { bodyOf } from './input.ts'
import { bodyShape, shapeOf } from './shape.ts'

const withKey = z.strictObject({ key: z.string().max(1_024) })
const ANSWER = { answer: shapeOf(z.object({ signedIn: z.boolean() })) }

/** What signing in and out is about. */
export interface SignIn {
  /** Without one there is nothing to sign in to. */
  readonly adminKey?: string | undefined
  /** Unix time in milliseconds. */
  readonly now: () => number
  /** A browser has signed out. */
  readonly ended?: ((session: AdminSession) => void) | undefined
}

/** The routes. */
export function sessionRoutes({ adminKey, now, ended }: SignIn): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/api/v1/session',
      access: 'anyone',
      about:
        'Signs this browser in to the operations page with `{key}`, for twelve hours; answers `{signedIn}` and a cookie.',
      shape: { body: bodyShape(withKey), ...ANSWER, errors: { 403: 'This is not the key, or not the page.' } },
      handle: async (request) => {
        if (adminKey === undefined) throw notFound()
        if (!isOwnPage(request.raw.headers)) throw forbidden('Only the operations page may sign in.')
        const { key } = await bodyOf(request, withKey)
        if (!isAdminKey(key, adminKey)) throw forbidden('This is not the admin key.')
        return withCookie(true, sessionCookie(adminKey, now(), isSecure(request.raw)))
      },
    },
    {
      method: 'DELETE',
      path: '/api/v1/session',
      access: 'anyone',
      about: 'Signs this browser out, all its tabs; answers `{signedIn}`.',
      shape: ANSWER,
      handle: ({ raw }) => {
        const session = adminKey === undefined ? undefined : sessionOf(raw.headers.cookie, adminKey, now())
        if (session !== undefined) ended?.(session)
        return withCookie(false, endedCookie(isSecure(raw)))
      },
    },
  ]
}

function withCookie(signedIn: boolean, cookie: string): Answer {
  return { ...ok({ signedIn }), headers: { 'Set-Cookie': cookie } }
}

function forbidden(message: string): HttpError {
  return new HttpError(403, 'forbidden', message)
}

/** A page knows whether it came over TLS, and says so in its Origin, also through a proxy. */
function isSecure({ socket, headers }: IncomingMessage): boolean {
  return socket instanceof TLSSocket || headers.origin?.startsWith('https:') === true
}
