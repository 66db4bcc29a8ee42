// `/api/websocket/…`: health, metrics, status and errors for applications with a monitoring of their own.

import type { OperationsCore } from '../operations.ts'
import { route, type OperationsRoute } from './route.ts'
import { about, COUNT, listOf, mapOf, named, NUMBER, object, oneOf, TEXT, TIME, YES_NO, type Schema } from './schema.ts'
import { errorsOf, healthOf, metricsOf, statusOf } from './websocket-metrics.ts'

const STATUS = oneOf(['healthy', 'degraded', 'unhealthy'])
const RATE = about('Errors in a minute, over the last five.', NUMBER)

const HEALTH: Schema = object({
  status: STATUS,
  checks: mapOf(object({ status: STATUS, detail: TEXT })),
  uptime: about('In seconds.', COUNT),
})
const METRICS: Schema = object({
  connections: object({
    current: COUNT,
    peak: about('Since the start or the last reset.', COUNT),
    total: about('Connected since the start or the last reset.', COUNT),
    history: listOf(object({ at: TIME, connections: COUNT })),
  }),
  messages: object({
    sent: about('Publications handed to connections.', COUNT),
    received: about('Frames received.', COUNT),
    failed: about('Frames that were refused, and publications left out under pressure.', COUNT),
    successRate: about('From 0 to 1.', NUMBER),
  }),
  errors: object({
    total: COUNT,
    byType: mapOf(COUNT),
    rate: RATE,
    history: listOf(object({ at: TIME, errors: COUNT })),
  }),
  performance: object({
    memory: object({ rss: COUNT, heapUsed: COUNT, heapTotal: COUNT, external: COUNT }),
    averageResponseTimeMs: about('Mean round trip of pings.', NUMBER),
    cpu: about('Share of one CPU over the last ten seconds.', NUMBER),
    systemLoad: about('Averages of so many minutes.', object({ one: NUMBER, five: NUMBER, fifteen: NUMBER })),
  }),
})

/** The routes. */
export function websocketMetricsRoutes(operations: OperationsCore): readonly OperationsRoute[] {
  return [
    route({
      method: 'GET',
      path: '/api/websocket/health',
      about: 'Whether the node is well, and by which checks: `{status, checks, uptime}`.',
      answer: HEALTH,
      handle: () => healthOf(operations),
    }),
    route({
      method: 'GET',
      path: '/api/websocket/metrics',
      about: 'Connections, messages, errors and performance in figures.',
      answer: METRICS,
      handle: () => metricsOf(operations),
    }),
    route({
      method: 'GET',
      path: '/api/websocket/status',
      about: 'Health and metrics together, with what the node is and how it is set up.',
      answer: object({
        health: HEALTH,
        metrics: METRICS,
        node: object({ name: TEXT, pid: COUNT, platform: TEXT, version: TEXT, startedAt: TIME }),
        config: object({ maxConnections: COUNT }),
      }),
      handle: () => statusOf(operations),
    }),
    route({
      method: 'GET',
      path: '/api/websocket/errors',
      about: 'What went wrong: counts by class and by code, and the latest.',
      answer: object({
        total: COUNT,
        rate: RATE,
        byClass: mapOf(COUNT),
        byCode: listOf(named('ErrorCount')),
        recent: listOf(named('ErrorEntry')),
      }),
      handle: () => errorsOf(operations),
    }),
    route({
      method: 'POST',
      path: '/api/websocket/metrics/reset',
      about: 'Sets counters, histograms and peaks to 0; gauges and histories stay. Answers `{reset: true}`.',
      answer: object({ reset: YES_NO }),
      handle: () => {
        operations.reset()
        return { reset: true }
      },
    }),
  ]
}
