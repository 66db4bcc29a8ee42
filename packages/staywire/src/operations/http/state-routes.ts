// The state of a node: its figures over time, its channels, what went wrong, and who never got in.

import { ERROR_CLASSES } from '../history/error-history.ts'
import { HANDSHAKE_CAUSES } from '../metrics/sets.ts'
import { METRICS_TYPE } from '../metrics/registry.ts'
import type { OperationsCore } from '../operations.ts'
import { text, word } from './field.ts'
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

function overview(operations: OperationsCore): OperationsRoute {
  return route({
    method: 'GET',
    path: '/api/v1/overview',
    about: 'The node now, and a sample of each ten seconds of the last hour, oldest first.',
    answer: object({
      node: TEXT,
      startedAt: TIME,
      connections: COUNT,
      connecting: COUNT,
      peak: COUNT,
      maxConnections: COUNT,
      users: COUNT,
      ratio: NUMBER,
      sessions: COUNT,
      revocations: COUNT,
      channels: COUNT,
      subscriptions: COUNT,
      outboxBytes: COUNT,
      byTransport: object({ websocket: COUNT, sse: COUNT, poll: COUNT }),
      samples: listOf(named('Sample')),
    }),
    handle: () => {
      const { node } = served(operations)
      const stats = served(operations).stats()
      const {
        startedAt,
        connections,
        connecting,
        maxConnections,
        users,
        sessions,
        revocations,
        channels: names,
        subscriptions,
      } = stats
      const { live } = operations
      return {
        node,
        startedAt,
        connections,
        connecting,
        maxConnections,
        users,
        sessions,
        revocations,
        channels: names,
        subscriptions,
        outboxBytes: stats.outboxBytes,
        peak: operations.peak,
        ratio: connections === 0 ? 1 : users / connections,
        byTransport: { websocket: live.over('websocket'), sse: live.over('sse'), poll: live.over('poll') },
        samples: operations.samples.list(),
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
        channels: page.map((entry) => ({ ...entry, perSecond: operations.rates.of(entry.channel) })),
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
