// The operations API of the library as routes of the gateway: for whoever has the admin key.

import { bodySchema, type OperationsRoute } from 'staywire/operations'
import type { Answer } from '../http/answer.ts'
import { ok } from '../http/answer.ts'
import type { Route, RouteShape } from '../http/route.ts'

/** The routes of the library, one for one. */
export function operationsRoutes(routes: readonly OperationsRoute[]): readonly Route[] {
  return routes.map((route) => ({
    method: route.method,
    path: route.path,
    access: 'admin',
    about: route.about,
    shape: shapeOf(route),
    async handle({ parameters, query, json }): Promise<Answer> {
      const body = route.method === 'GET' ? undefined : await json()
      const answer = await route.handle({ parameters, query: Object.fromEntries(query), body })
      if ('json' in answer) return ok(answer.json)
      const headers = { 'Content-Type': answer.contentType, 'Cache-Control': 'no-store' }
      return { status: 200, headers, bytes: Buffer.from(answer.text) }
    },
  }))
}

function shapeOf({ query, body, answer, errors }: OperationsRoute): RouteShape {
  return {
    ...(query && { query }),
    ...(body && { body: bodySchema(body) }),
    answer: answer ?? { contentType: 'text/plain' },
    ...(errors && { errors }),
  }
}
