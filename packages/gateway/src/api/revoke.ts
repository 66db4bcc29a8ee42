// Revocation over HTTP: what a user, a session or one token was given is taken back, on live connections too.

import type { Server } from 'staywire/server'
import { z } from 'zod'
import { ok } from '../http/answer.ts'
import type { Route } from '../http/route.ts'
import { bodyOf } from './input.ts'
import { bodyShape, shapeOf } from './shape.ts'

const id = z.string().min(1).max(1_024)
const until = z.exactOptional(
  z.number().refine((time) => time > Date.now(), 'must be a time to come, in Unix milliseconds'),
)
const revocation = z.union(
  [z.strictObject({ user: id, until }), z.strictObject({ session: id, until }), z.strictObject({ token: id, until })],
  { error: 'must have one of user, session and token, and until in Unix milliseconds, a time to come, or not' },
)

/** The route. */
export function revokeRoutes(server: Server): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/api/v1/revoke',
      access: 'admin',
      about:
        'Revokes `{user}`, `{session}` or `{token}` (its `jti`), `until?` in Unix milliseconds (30 days): closes what lives by it (4005), refuses it from now on; answers `{closed}`.',
      shape: { body: bodyShape(revocation), answer: shapeOf(z.object({ closed: z.int() })) },
      handle: async (request) => {
        const { until: end, ...what } = await bodyOf(request, revocation)
        return ok({ closed: await server.revoke(what, end === undefined ? {} : { until: end }) })
      },
    },
  ]
}
