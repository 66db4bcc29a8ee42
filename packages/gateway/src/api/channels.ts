// Channels over HTTP: what was published to one, and who is in it.

import type { Server } from 'staywire/server'
import { LIMITS } from 'staywire/protocol'
import { z } from 'zod'
import { ok } from '../http/answer.ts'
import type { Route, RouteRequest } from '../http/route.ts'
import { integer, queryOf } from './input.ts'
import { position, queryShape, shapeOf } from './shape.ts'

const MAX_PAGE = LIMITS.historyPage.value

const page = z.strictObject({
  limit: z.exactOptional(integer(1, MAX_PAGE)),
  before: z.exactOptional(integer(0, Number.MAX_SAFE_INTEGER)),
})

const publication = z.object({
  offset: z.int(),
  data: z.json(),
  at: z.int(),
  from: z.exactOptional(z.string()),
  key: z.exactOptional(z.string()),
  meta: z.exactOptional(z.record(z.string(), z.json())),
})
const member = z.object({ user: z.string(), data: z.exactOptional(z.json()) })

/** The routes about channels. */
export function channelRoutes(server: Server): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/channels/:channel/history',
      access: 'admin',
      about: `A page of history, ascending: \`{publications[], position}\`; the newest, or those before offset \`before\`; at most \`limit\` (${MAX_PAGE}).`,
      shape: {
        query: queryShape(page),
        answer: shapeOf(z.object({ publications: z.array(publication), position })),
        errors: { 404: 'The channel keeps no history.' },
      },
      handle: async (request) => ok(await server.history(channelOf(request), queryOf(request, page))),
    },
    {
      method: 'GET',
      path: '/api/v1/channels/:channel/presence',
      access: 'admin',
      about: 'Who is in a channel: `{members[], count}`.',
      shape: {
        answer: shapeOf(z.object({ members: z.array(member), count: z.int() })),
        errors: { 404: 'The channel keeps no presence.' },
      },
      handle: async (request) => ok(await server.presence(channelOf(request))),
    },
  ]
}

function channelOf({ parameters }: RouteRequest): string {
  return parameters['channel'] ?? ''
}
