// Channels over HTTP: which have subscribers, what was published to one, and who is in it.

import type { Server } from 'staywire/server'
import { LIMITS } from 'staywire/protocol'
import { z } from 'zod'
import { ok } from '../http/answer.ts'
import type { Route, RouteRequest } from '../http/route.ts'
import { integer, queryOf } from './input.ts'

const MAX_PAGE = LIMITS.historyPage.value

const page = z.strictObject({
  limit: z.exactOptional(integer(1, MAX_PAGE)),
  before: z.exactOptional(integer(0, Number.MAX_SAFE_INTEGER)),
})

/** The routes about channels. */
export function channelRoutes(server: Server): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/channels',
      access: 'admin',
      about: 'Channels with subscribers: `{channels: [{channel, subscribers}]}`.',
      handle: () => ok({ channels: server.channels() }),
    },
    {
      method: 'GET',
      path: '/api/v1/channels/:channel/history',
      access: 'admin',
      about: `A page of history, ascending: \`{publications[], position}\`; the newest, or those before offset \`before\`; at most \`limit\` (${MAX_PAGE}).`,
      handle: async (request) => ok(await server.history(channelOf(request), queryOf(request, page))),
    },
    {
      method: 'GET',
      path: '/api/v1/channels/:channel/presence',
      access: 'admin',
      about: 'Who is in a channel: `{members[], count}`.',
      handle: async (request) => ok(await server.presence(channelOf(request))),
    },
  ]
}

function channelOf({ parameters }: RouteRequest): string {
  return parameters['channel'] ?? ''
}
