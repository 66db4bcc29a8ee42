// A node in figures over the last hour, one sample every ten seconds. Bounded; reads no clock.

import type { ServerStats } from '../../server/observer/server-stats.ts'
import { ratioOf } from '../metrics/node-metrics.ts'
import type { ProcessFigures } from '../process-view.ts'
import { Ring } from './ring.ts'

/** One look. Counts are since the sample before. */
export interface NodeSample {
  /** Unix time in milliseconds. */
  readonly at: number
  readonly connections: number
  readonly users: number
  /** Users for each connection; 1 while there are none. */
  readonly ratio: number
  readonly subscriptions: number
  readonly outboxBytes: number
  readonly publications: number
  readonly deliveries: number
  readonly framesReceived: number
  readonly errors: number
  readonly rssBytes: number
  readonly heapUsedBytes: number
  readonly cpuShare: number
  readonly lagP99Ms: number
}

const EVERY_MS = 10_000
const KEPT = 360

type Counted = Pick<ServerStats['counters'], 'publications' | 'deliveries' | 'framesReceived'> & { errors: number }

/** The samples. */
export class Samples {
  readonly #ring = new Ring<NodeSample>(KEPT)
  #dueAt = 0
  #before: Counted | undefined

  /** Whether a sample is due. */
  due(now: number): boolean {
    return now >= this.#dueAt
  }

  /** Takes one. */
  take(stats: ServerStats, errors: number, process: ProcessFigures, now: number): void {
    this.#dueAt = now + EVERY_MS
    const { publications, deliveries, framesReceived } = stats.counters
    const counted = { publications, deliveries, framesReceived, errors }
    const since = (key: keyof Counted): number => Math.max(0, counted[key] - (this.#before?.[key] ?? 0))
    this.#ring.push({
      at: now,
      connections: stats.connections,
      users: stats.users,
      ratio: ratioOf(stats),
      subscriptions: stats.subscriptions,
      outboxBytes: stats.outboxBytes,
      publications: since('publications'),
      deliveries: since('deliveries'),
      framesReceived: since('framesReceived'),
      errors: since('errors'),
      rssBytes: process.rssBytes,
      heapUsedBytes: process.heapUsedBytes,
      cpuShare: process.cpuShare,
      lagP99Ms: process.lagMs.p99,
    })
    this.#before = counted
  }

  /** Oldest first. */
  list(): NodeSample[] {
    return [...this.#ring.newest()].map(({ entry }) => entry).reverse()
  }
}
