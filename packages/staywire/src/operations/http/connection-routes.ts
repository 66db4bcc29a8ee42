// Connections: who is here, who was here and why they left, and ending them.

import { closeCode } from '../../protocol/close-code.ts'
import type { OperationsCore } from '../operations.ts'
import { CLOSE_CODES, TRANSPORTS } from '../metrics/sets.ts'
import { integer, positive, text, word } from './field.ts'
import { given, HISTORY, historyPage, historySchema, LIST, pageOf, windowOf } from './paging.ts'
import { route, type OperationsRoute } from './route.ts'
import { RouteError } from './route-error.ts'
import { COUNT, listOf, named, object } from './schema.ts'
import { served } from './served.ts'

const CLASSES = ['auth', 'connection', 'capacity', 'final', 'network'] as const
const USER = text('Only of this user.')
const BROWSER = text('Only of this browser, by its origin label.')
const ADDRESS = text('Only from this address.')
const TRANSPORT = word(TRANSPORTS, 'Only over this transport.')

/** The routes about connections. */
export function connectionRoutes(operations: OperationsCore): readonly OperationsRoute[] {
  return [list(operations), one(operations), kick(operations), closeAll(operations), closed(operations)]
}

function list(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'GET',
    path: '/api/v1/connections',
    about: 'Live connections, oldest first: `{connections[], total}`.',
    query: {
      user: USER,
      browser: BROWSER,
      channel: text('Only those subscribed to this channel.'),
      address: ADDRESS,
      transport: TRANSPORT,
      ...LIST,
    },
    answer: object({ connections: listOf(named('Connection')), total: COUNT }),
    handle: async ({ query: { user, browser, channel, address, transport, ...window } }) => {
      const all = await served(operations).connections.list(given({ user, browser, channel }))
      const fitting = all.filter(
        (connection) =>
          (address === undefined || connection.address === address) &&
          (transport === undefined || connection.transport === transport),
      )
      return { connections: pageOf(fitting, window), total: fitting.length }
    },
  })
}

function one(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'GET',
    path: '/api/v1/connections/:id',
    about: 'One connection: `{connection}` while it lives, `{closed}` with its cause afterwards.',
    answer: object({}, { connection: named('Connection'), closed: named('ClosedConnection') }),
    errors: { 404: 'There is no such connection, or it closed too long ago.' },
    handle: async ({ parameters: { id = '' } }) => {
      const connection = await served(operations).connections.get(id)
      if (connection !== undefined) return { connection }
      const [past] = operations.closed.page({ connection: id }, { limit: 1 }).entries
      if (past !== undefined) return { closed: past }
      throw noConnection()
    },
  })
}

function kick(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'DELETE',
    path: '/api/v1/connections/:id',
    about: 'Ends a connection for good (4502 kicked).',
    answer: named('Done'),
    errors: { 404: 'There is no such connection.' },
    handle: async ({ parameters: { id = '' } }) => {
      if (await served(operations).connections.close(id)) return { closed: true }
      throw noConnection()
    },
  })
}

function closeAll(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'POST',
    path: '/api/v1/connections/close-all',
    about:
      'Closes every connection so that it comes back (4107 moved), `{perSecond?}` of them in a second; answers `{closed}`.',
    body: { perSecond: positive('How many in a second. Default: all at once.') },
    answer: named('Closed'),
    handle: async ({ body }) => ({ closed: await served(operations).connections.closeAll(given(body)) }),
  })
}

function closed(operations: OperationsCore): OperationsRoute {
  const codes = CLOSE_CODES.filter((code) => closeCode(Number(code)) !== undefined).join(', ')
  return route({
    method: 'GET',
    path: '/api/v1/closed',
    about: 'Connections that are gone, and why, the latest first: `{closed[], total, before?}`.',
    query: {
      user: USER,
      browser: BROWSER,
      address: ADDRESS,
      transport: TRANSPORT,
      code: integer([1000, 4999], `Only with this close code: ${codes}, or one of RFC 6455.`),
      class: word(CLASSES, 'Only of this class of close codes.'),
      since: integer([0, Number.MAX_SAFE_INTEGER], 'Only since this Unix time in milliseconds.'),
      ...HISTORY,
    },
    answer: historySchema('closed', named('ClosedConnection')),
    handle: ({ query: { limit, before, ...filter } }) =>
      historyPage('closed', operations.closed.page(given(filter), windowOf({ limit, before }))),
  })
}

function noConnection(): RouteError {
  return new RouteError(404, 'no-connection', 'There is no such connection.')
}
