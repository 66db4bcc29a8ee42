// Users: who is here, what happened to them, and sending them away.

import type { LiveConnection } from '../live/live-connection.ts'
import type { OperationsCore } from '../operations.ts'
import { positive, text } from './field.ts'
import { given, LIST, pageOf } from './paging.ts'
import { route, type OperationsRoute } from './route.ts'
import { RouteError } from './route-error.ts'
import { COUNT, listOf, named, object, TEXT, YES_NO } from './schema.ts'
import { served } from './served.ts'

/** The routes about users. */
export function userRoutes(operations: OperationsCore): readonly OperationsRoute[] {
  return [list(operations), timeline(operations), kick(operations), ban(operations), unban(operations)]
}

function list(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'GET',
    path: '/api/v1/users',
    about: 'Users with connections, and who is banned: `{users[], total, bans[]}`.',
    query: { prefix: text('Only whose ids begin like this.'), ...LIST },
    answer: object({ users: listOf(named('User')), total: COUNT, bans: listOf(named('Ban')) }),
    handle: ({ query: { prefix = '', ...window } }) => {
      const fitting = [...operations.live.byUser()].filter(([user]) => user.startsWith(prefix))
      return {
        users: pageOf(fitting, window).map(([user, connections]) => userOf(user, [...connections])),
        total: fitting.length,
        bans: served(operations).bans(),
      }
    },
  })
}

function timeline(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'GET',
    path: '/api/v1/timeline',
    about: 'What happened to a user of late, the latest first: `{user, timeline[]}`.',
    query: { user: text('Whose.') },
    answer: object({ user: TEXT, timeline: listOf(named('TimelineEntry')) }),
    handle: ({ query: { user } }) => {
      if (user === undefined) throw new RouteError(400, 'bad-request', '"user" is missing.')
      return { user, timeline: operations.timelines.of(user) }
    },
  })
}

function kick(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'POST',
    path: '/api/v1/users/:id/kick',
    about:
      "Ends a user's connections for good (4502 kicked), on every node; answers how many it were here: `{closed}`.",
    body: { reason: text('Told in the close frame.') },
    answer: named('Closed'),
    handle: async ({ parameters: { id = '' }, body }) => ({
      closed: await served(operations).user(id).close(given(body)),
    }),
  })
}

function ban(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'POST',
    path: '/api/v1/users/:id/ban',
    about:
      "Ends a user's connections (4503 banned) and refuses new ones on this node, `{forMs?}` or until the process ends; answers `{closed}`.",
    body: { forMs: positive('How long, in milliseconds. Default: without end.') },
    answer: named('Closed'),
    handle: async ({ parameters: { id = '' }, body }) => ({
      closed: await served(operations).user(id).ban(given(body)),
    }),
  })
}

function unban(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'POST',
    path: '/api/v1/users/:id/unban',
    about: 'Lets a user in again; answers whether they were banned: `{unbanned}`.',
    answer: object({ unbanned: YES_NO }),
    handle: ({ parameters: { id = '' } }) => ({ unbanned: served(operations).user(id).unban() }),
  })
}

function userOf(user: string, connections: readonly LiveConnection[]) {
  const labelled = new Set(connections.map(({ facts }) => facts.origin.browser ?? facts.connection))
  return {
    user,
    connections: connections.length,
    browsers: labelled.size,
    subscriptions: connections.reduce((sum, { subscriptions }) => sum + subscriptions, 0),
    connectedSince: Math.min(...connections.map(({ facts }) => facts.connectedAt)),
    transports: [...new Set(connections.map(({ facts }) => facts.transport))],
  }
}
