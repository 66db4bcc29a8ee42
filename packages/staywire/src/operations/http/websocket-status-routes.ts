// `/ws/…`: a status page's view of a node, and sending everybody away to come back. Times are Unix seconds, as such pages have them.

import type { OperationsCore } from '../operations.ts'
import { route, type OperationsRoute } from './route.ts'
import { about, COUNT, listOf, mapOf, object, TEXT, type Schema } from './schema.ts'
import { served } from './served.ts'

const SECONDS: Schema = about('Unix time in seconds.', COUNT)
/** Over how long a close-all is spread: as many in a second as come back without pushing. */
const PER_SECOND = 500

/** The routes. */
export function websocketStatusRoutes(operations: OperationsCore): readonly OperationsRoute[] {
  return [status(operations), closeAll(operations)]
}

function status(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'GET',
    path: '/ws/status',
    about: 'Who is connected and to which channels: `{success, data}`; times in Unix seconds.',
    answer: object({
      success: { type: 'boolean', const: true },
      data: object({
        total_clients: COUNT,
        active_connections: listOf(
          object({ remote_addr: TEXT, subscribed_to: mapOf({ type: 'boolean', const: true }), connected_at: SECONDS }),
        ),
        subscription_stats: mapOf(COUNT),
        last_updated: SECONDS,
      }),
    }),
    handle: async () => {
      const server = served(operations)
      const connections = await server.connections.list()
      return {
        success: true,
        data: {
          total_clients: connections.length,
          active_connections: connections.map(({ address, subscriptions, connectedAt }) => ({
            remote_addr: address,
            subscribed_to: Object.fromEntries(subscriptions.map((channel) => [channel, true])),
            connected_at: seconds(connectedAt),
          })),
          subscription_stats: Object.fromEntries(
            server.channels().map(({ channel, subscribers }) => [channel, subscribers]),
          ),
          last_updated: seconds(operations.world.now()),
        },
      }
    },
  })
}

function closeAll(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'POST',
    path: '/ws/close-all',
    about: `Closes every connection so that it comes back (4107 moved), ${PER_SECOND} in a second: \`{success, data: {closed}}\`.`,
    answer: object({ success: { type: 'boolean', const: true }, data: object({ closed: COUNT }) }),
    handle: async () => ({
      success: true,
      data: { closed: await served(operations).connections.closeAll({ perSecond: PER_SECOND }) },
    }),
  })
}

function seconds(ms: number): number {
  return Math.floor(ms / 1_000)
}
