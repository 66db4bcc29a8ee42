// The state of a node: its figures over time, its channels, what went wrong, and who never got in.

import { ERROR_CLASSES } from '../history/error-history.ts'
import type { ServerStats } from '../../server/observer/server-stats.ts'
import { SAMPLES_KEPT } from '../history/samples.ts'
import { ratioOf } from '../metrics/node-metrics.ts'
import { HANDSHAKE_CAUSES, TRANSPORTS } from '../metrics/sets.ts'
import { METRICS_TYPE } from '../metrics/registry.ts'
import type { OperationsCore } from '../operations.ts'
import { integer, text, word } from './field.ts'
import { given, HISTORY, historyPage, historySchema, LIST, pageOf, windowOf } from './paging.ts'
import { route, type OperationsRoute } from './route.ts'
import { COUNT, listOf, named, NUMBER, object, TEXT, TIME } from './schema.ts'
import { served } from './served.ts'

/** The routes about the state of the node. */
export function stateRoutes(operations: OperationsCore): readonly OperationsRoute[] {
  return [metrics(operations), overview(operations), channels(operations), errors(operations), handshakes(operations)]
}

function metrics(operations: OperationsCore): OperationsRoute {
  return {
    method: 'GET',
    path: '/metrics',
    about: 'Metrics in the Prometheus text format.',
    handle: async () => ({ text: operations.registry.text(), contentType: METRICS_TYPE }),
  }
}

/** What is told of `server.stats()` as it is. */
const OF_STATS = [
  'startedAt',
  'connections',
  'connecting',
  'maxConnections',
  'users',
  'sessions',
  'revocations',
  'channels',
  'subscriptions',
  'outboxBytes',
] as const satisfies readonly (keyof ServerStats)[]

function overview(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'GET',
    path: '/api/v1/overview',
    about: 'The node now, and a sample of each ten seconds of the last hour, oldest first.',
    query: { samples: integer([0, SAMPLES_KEPT], 'How many samples, the latest. Default: all there are.') },
    answer: object({
      ...Object.fromEntries(OF_STATS.map((name) => [name, name === 'startedAt' ? TIME : COUNT])),
      node: TEXT,
      peak: COUNT,
      ratio: NUMBER,
      byTransport: object(Object.fromEntries(TRANSPORTS.map((name) => [name, COUNT]))),
      samples: listOf(named('Sample')),
    }),
    handle: ({ query }) => {
      const server = served(operations)
      const stats = server.stats()
      const { live, peak } = operations
      return {
        ...Object.fromEntries(OF_STATS.map((name) => [name, stats[name]])),
        node: server.node,
        peak,
        ratio: ratioOf(stats),
        byTransport: Object.fromEntries(TRANSPORTS.map((name) => [name, live.over(name)])),
        samples: operations.samples.list(query.samples),
      }
    },
  })
}

function channels(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'GET',
    path: '/api/v1/channels',
    about: 'Channels with subscribers: `{channels[], total}`.',
    query: { prefix: text('Only whose names begin like this.'), ...LIST },
    answer: object({ channels: listOf(named('Channel')), total: COUNT }),
    handle: ({ query: { prefix = '', ...window } }) => {
      const fitting = served(operations)
        .channels()
        .filter(({ channel }) => channel.startsWith(prefix))
      const page = pageOf(fitting, window)
      return {
        channels: page.map(({ channel, subscribers }) => ({
          channel,
          subscribers,
          perSecond: operations.rates.of(channel),
        })),
        total: fitting.length,
      }
    },
  })
}

function errors(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'GET',
    path: '/api/v1/errors',
    about: 'What went wrong, the latest first: `{errors[], total, before?}`.',
    query: { class: word(ERROR_CLASSES, 'Only of this class.'), code: text('Only with this code.'), ...HISTORY },
    answer: historySchema('errors', named('ErrorEntry')),
    handle: ({ query: { limit, before, ...filter } }) =>
      historyPage('errors', operations.errors.page(given(filter), windowOf({ limit, before }))),
  })
}

function handshakes(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'GET',
    path: '/api/v1/handshakes',
    about: 'Handshakes that never became connections, the latest first: `{handshakes[], total, before?}`.',
    query: {
      cause: word(HANDSHAKE_CAUSES, 'Only for this cause.'),
      address: text('Only from this address.'),
      ...HISTORY,
    },
    answer: historySchema('handshakes', named('FailedHandshake')),
    handle: ({ query: { limit, before, ...filter } }) =>
      historyPage('handshakes', operations.handshakes.page(given(filter), windowOf({ limit, before }))),
  })
}
