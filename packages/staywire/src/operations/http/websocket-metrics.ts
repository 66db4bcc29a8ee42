// The figures of `/api/websocket/…`: how a node is, in the shapes that applications with a monitoring of their own read.

import type { ErrorCount } from '../history/error-history.ts'
import type { OperationsCore } from '../operations.ts'
import { served } from './served.ts'

/** `degraded`: it works, but something is near its limit; `unhealthy`: it should get no traffic. */
export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy'

/** One check. */
export interface HealthCheck {
  readonly status: HealthStatus
  /** What was looked at, in words with the numbers. */
  readonly detail: string
}

/** How many of the latest errors are shown. */
const RECENT = 50
const NEARLY = 0.9
const LATE_MS = 200
const VERY_LATE_MS = 1_000
/** Errors in a minute for each connection, and at least so many, that are too many. */
const ERROR_SHARE = 0.2
const FEW_ERRORS = 10

/** Health: the worst of its checks. `uptime` is in seconds. */
export function healthOf(operations: OperationsCore) {
  const { connections, maxConnections, startedAt } = served(operations).stats()
  const { lagMs } = operations.world.figures()
  const errors = operations.errors.last(1, operations.world.now())
  const tooMany = Math.max(FEW_ERRORS, connections * ERROR_SHARE)
  const checks: Readonly<Record<string, HealthCheck>> = {
    connections: {
      status:
        connections >= maxConnections ? 'unhealthy' : connections > maxConnections * NEARLY ? 'degraded' : 'healthy',
      detail: `${connections} of ${maxConnections}`,
    },
    store: operations.storeAvailable()
      ? { status: 'healthy', detail: 'publications can be stored' }
      : { status: 'unhealthy', detail: 'publications cannot be stored' },
    eventLoop: {
      status: lagMs.p99 > VERY_LATE_MS ? 'unhealthy' : lagMs.p99 > LATE_MS ? 'degraded' : 'healthy',
      detail: `${lagMs.p99.toFixed(1)} ms late (99 of 100 times less)`,
    },
    errors: { status: errors > tooMany ? 'degraded' : 'healthy', detail: `${errors} in the last minute` },
  }
  return { status: worst(Object.values(checks)), checks, uptime: uptimeOf(operations, startedAt) }
}

/** Connections, messages, errors and performance. `successRate` is a share from 0 to 1. */
export function metricsOf(operations: OperationsCore) {
  const { registry, errors, world, samples, counts } = operations
  const now = world.now()
  const figures = world.figures()
  const read = (name: string): number => registry.read(`staywire_${name}`) ?? 0
  const received = read('frames_received_total')
  const failed = counts.publications.refusedFrames.total + read('dropped_ephemeral_total')
  const sent = read('deliveries_total')
  const [one = 0, five = 0, fifteen = 0] = figures.loadAverages
  return {
    connections: {
      current: served(operations).stats().connections,
      peak: operations.peak,
      total: counts.connections.connects.total,
      history: samples.list().map(({ at, connections }) => ({ at, connections })),
    },
    messages: {
      sent,
      received,
      failed,
      successRate: sent + received === 0 ? 1 : 1 - Math.min(1, failed / (sent + received)),
    },
    errors: {
      total: errors.total,
      byType: byClass(errors.counts(now)),
      /** In a minute, over the last five. */
      rate: errors.last(5, now) / 5,
      history: samples.list().map(({ at, errors: count }) => ({ at, errors: count })),
    },
    performance: {
      memory: {
        rss: figures.rssBytes,
        heapUsed: figures.heapUsedBytes,
        heapTotal: figures.heapTotalBytes,
        external: figures.externalBytes,
      },
      averageResponseTimeMs: counts.connections.roundTrips.mean({}) * 1_000,
      cpu: figures.cpuShare,
      systemLoad: { one, five, fifteen },
    },
  }
}

/** Both together, with what the node is and how it is set up. */
export function statusOf(operations: OperationsCore) {
  const { node, stats } = { node: served(operations).node, stats: served(operations).stats() }
  const { pid, platform, node: version } = operations.world.facts
  return {
    health: healthOf(operations),
    metrics: metricsOf(operations),
    node: { name: node, pid, platform, version, startedAt: stats.startedAt },
    config: { maxConnections: stats.maxConnections },
  }
}

/** What went wrong, by class and by code, and the latest of it. */
export function errorsOf({ errors, world }: OperationsCore) {
  const now = world.now()
  const counts = errors.counts(now)
  return {
    total: errors.total,
    rate: errors.last(5, now) / 5,
    byClass: byClass(counts),
    byCode: counts,
    recent: errors.page({}, { limit: RECENT }).entries,
  }
}

function byClass(counts: readonly ErrorCount[]): Record<string, number> {
  const sums = new Map<string, number>()
  for (const { class: kind, total } of counts) sums.set(kind, (sums.get(kind) ?? 0) + total)
  return Object.fromEntries(sums)
}

function worst(checks: readonly HealthCheck[]): HealthStatus {
  const has = (status: HealthStatus): boolean => checks.some((check) => check.status === status)
  return has('unhealthy') ? 'unhealthy' : has('degraded') ? 'degraded' : 'healthy'
}

function uptimeOf({ world }: OperationsCore, startedAt: number): number {
  return Math.max(0, Math.floor((world.now() - startedAt) / 1_000))
}
