// A node in figures over the last hour, one sample every ten seconds. Bounded; reads no clock.

import type { CloseClass } from '../../protocol/close-code.ts'
import type { TransportName } from '../../server/observer/observer.ts'
import type { ServerStats } from '../../server/observer/server-stats.ts'
import { ratioOf } from '../metrics/node-metrics.ts'
import type { ProcessFigures } from '../process-view.ts'
import { Ring } from './ring.ts'

/** One look. Counts are since the sample before. */
export interface NodeSample {
  /** Unix time in milliseconds. */
  readonly at: number
  readonly connections: number
  /** Over each transport. */
  readonly websocket: number
  readonly sse: number
  readonly poll: number
  readonly users: number
  /** Users for each connection; 1 while there are none. */
  readonly ratio: number
  readonly subscriptions: number
  readonly outboxBytes: number
  readonly publications: number
  readonly deliveries: number
  readonly framesReceived: number
  readonly errors: number
  /** By what the code means for a client. */
  readonly closes: Readonly<Record<CloseClass, number>>
  /** Mean round trip of pings; 0 without any. */
  readonly rttMs: number
  readonly rssBytes: number
  readonly heapUsedBytes: number
  readonly cpuShare: number
  readonly lagP99Ms: number
}

const EVERY_MS = 10_000
/** How many samples are kept. */
export const SAMPLES_KEPT = 360

/** What a sample is made of. Counts are since the start or the last reset. */
export interface NodeLook {
  readonly stats: ServerStats
  readonly over: Readonly<Record<TransportName, number>>
  readonly closes: Readonly<Record<CloseClass, number>>
  readonly errors: number
  /** Round trips of pings so far, together and in number. */
  readonly roundTrips: { readonly sumMs: number; readonly count: number }
  readonly process: ProcessFigures
}

/** The samples. */
export class Samples {
  readonly #ring = new Ring<NodeSample>(SAMPLES_KEPT)
  #dueAt = 0
  #before: NodeLook | undefined

  /** Whether a sample is due. */
  due(now: number): boolean {
    return now >= this.#dueAt
  }

  /** Takes one. */
  take(look: NodeLook, now: number): void {
    this.#dueAt = now + EVERY_MS
    const { stats, process } = look
    // A count that went back was reset, and what it counted since is not known.
    const since = (of: (look: NodeLook) => number): number =>
      Math.max(0, of(look) - (this.#before === undefined ? 0 : of(this.#before)))
    const pings = since(({ roundTrips }) => roundTrips.count)
    this.#ring.push({
      at: now,
      connections: stats.connections,
      ...look.over,
      users: stats.users,
      ratio: ratioOf(stats),
      subscriptions: stats.subscriptions,
      outboxBytes: stats.outboxBytes,
      publications: since(({ stats: { counters } }) => counters.publications),
      deliveries: since(({ stats: { counters } }) => counters.deliveries),
      framesReceived: since(({ stats: { counters } }) => counters.framesReceived),
      errors: since(({ errors }) => errors),
      closes: mapValues(look.closes, (_, name) => since(({ closes }) => closes[name])),
      rttMs: pings === 0 ? 0 : since(({ roundTrips }) => roundTrips.sumMs) / pings,
      rssBytes: process.rssBytes,
      heapUsedBytes: process.heapUsedBytes,
      cpuShare: process.cpuShare,
      lagP99Ms: process.lagMs.p99,
    })
    this.#before = look
  }

  /** Publications in a second, as of the latest sample; 0 before the second. */
  get publicationsPerSecond(): number {
    const [last, before] = [...this.#ring.newest()].map(({ entry }) => entry)
    return last === undefined || before === undefined ? 0 : (last.publications * 1_000) / (last.at - before.at)
  }

  /** The latest `count`, oldest first. */
  list(count = SAMPLES_KEPT): NodeSample[] {
    const samples = [...this.#ring.newest()].map(({ entry }) => entry).reverse()
    return samples.slice(Math.max(0, samples.length - count))
  }
}

function mapValues<Name extends string>(
  values: Readonly<Record<Name, number>>,
  to: (value: number, name: Name) => number,
): Record<Name, number> {
  const entries = Object.entries(values) as [Name, number][]
  return Object.fromEntries(entries.map(([name, value]) => [name, to(value, name)])) as Record<Name, number>
}
