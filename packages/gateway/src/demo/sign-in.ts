// Signing in to the demo: a name is enough. Only in development and only from this machine; a product checks who somebody is.

import type { CryptoKey } from 'jose'
import { z } from 'zod'
import { bodyOf } from '../api/input.ts'
import { bodyShape, shapeOf } from '../api/shape.ts'
import { ok } from '../http/answer.ts'
import type { Route } from '../http/route.ts'
import { signToken } from '../identity/token.ts'
import { userIdProblem } from '../identity/user-id.ts'

/** Longest name, in characters as people count them. */
const NAME_MAX = 32
const TOKEN_TTL_MS = 3_600_000

const named = z.strictObject({
  name: z
    .string()
    .transform((name) => name.normalize('NFC').trim())
    .refine((name) => name !== '' && [...name].length <= NAME_MAX, `must have 1–${NAME_MAX} characters`)
    .refine((name) => userIdProblem(name) === undefined, 'cannot be used'),
})

/** The route that hands out tokens. `now` is Unix time in milliseconds. */
export function signInRoute(key: CryptoKey, now: () => number): Route {
  return {
    method: 'POST',
    path: '/demo/sign-in',
    access: 'local',
    about: 'Signs in to the demo with `{name}`; answers `{user, token}`, good for an hour.',
    shape: { body: bodyShape(named), answer: shapeOf(z.object({ user: z.string(), token: z.string() })) },
    handle: async (request) => {
      const { name } = await bodyOf(request, named)
      return ok({ user: name, token: await signToken({ user: name, expiresInMs: TOKEN_TTL_MS }, key, now()) })
    },
  }
}
