// The OpenAPI document of the gateway, made from its routes: all of them, itself too.

import { openApi, type DescribedRoute } from 'staywire/operations'
import { ok } from '../http/answer.ts'
import type { Route } from '../http/route.ts'

/** Of the API, not of the program: what is at /api/v1 stays as it is. */
const VERSION = '1.0.0'

/** Adds the route that describes all routes. */
export function withOpenApi(routes: readonly Route[]): readonly Route[] {
  const all: readonly Route[] = [
    ...routes,
    {
      method: 'GET',
      path: '/api/v1/openapi.json',
      access: 'admin',
      about: 'This description of the API (OpenAPI 3.1).',
      shape: { answer: { type: 'object' } },
      handle: () => ok(document),
    },
  ]
  const document = openApi(VERSION, all.map(described))
  return all
}

function described({ method, path, access, about, shape }: Route): DescribedRoute {
  return { method, path, about, open: access === 'anyone', ...shape }
}
