// Connections over HTTP: who is here, and ending them.

import type { ConnectionFilter, Server } from 'staywire/server'
import { z } from 'zod'
import { ok } from '../http/answer.ts'
import { HttpError } from '../http/http-error.ts'
import type { Route, RouteRequest } from '../http/route.ts'
import { bodyOf, integer, queryOf } from './input.ts'

/** Connections in one answer, unless more are asked for. */
const PAGE = 1_000

const listing = z.strictObject({
  user: z.exactOptional(z.string()),
  channel: z.exactOptional(z.string()),
  browser: z.exactOptional(z.string()),
  limit: integer(0, 100_000).default(PAGE),
})
const spread = z.strictObject({ perSecond: z.exactOptional(z.number().positive()) }).default({})

/** The routes about connections. */
export function connectionRoutes(server: Server): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/connections',
      access: 'admin',
      about: `Live connections, oldest first: \`{connections[], total}\`; filters \`user\`, \`channel\`, \`browser\`; at most \`limit\` (${PAGE}).`,
      handle: async (request) => {
        const { limit, ...filter } = queryOf(request, listing)
        return ok(await list(server, filter, limit))
      },
    },
    {
      method: 'DELETE',
      path: '/api/v1/connections/:id',
      access: 'admin',
      about: 'Ends a connection for good (4502 kicked).',
      handle: async (request) => {
        if (await server.connections.close(idOf(request))) return ok({ closed: true })
        throw new HttpError(404, 'no-connection', 'There is no such connection.')
      },
    },
    {
      method: 'POST',
      path: '/api/v1/connections/close-all',
      access: 'admin',
      about:
        'Closes every connection so that it comes back (4107 moved), `{perSecond?}` of them in a second; answers `{closed}`.',
      handle: async (request) => ok({ closed: await server.connections.closeAll(await bodyOf(request, spread)) }),
    },
  ]
}

async function list(server: Server, filter: ConnectionFilter, limit: number) {
  const connections = await server.connections.list(filter)
  return { connections: connections.slice(0, limit), total: connections.length }
}

function idOf({ parameters }: RouteRequest): string {
  return parameters['id'] ?? ''
}
