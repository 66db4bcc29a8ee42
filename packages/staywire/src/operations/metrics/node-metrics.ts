// The metrics that a node and its process keep anyway: read when somebody looks, counted nowhere twice.

import { LIMITED, type LimitedBy } from '../../server/guard/limited.ts'
import type { TransportName } from '../../server/observer/observer.ts'
import type { ServerStats } from '../../server/observer/server-stats.ts'
import type { ProcessFacts, ProcessFigures } from '../process-view.ts'
import { FINDING_KINDS, type FindingKind } from '../findings/finding.ts'
import { Reading, type MetricFacts } from './metric.ts'
import type { MetricRegistry } from './registry.ts'
import { TRANSPORTS } from './sets.ts'

/** Where the numbers come from. */
export interface NodeSources {
  /** `undefined` before there is a server. */
  stats(): ServerStats | undefined
  over(transport: TransportName): number
  /** How many findings of a kind there are. */
  findings(kind: FindingKind): number
  figures(): ProcessFigures
  readonly facts: ProcessFacts
  /** Whether publications can be stored. */
  storeAvailable(): boolean
  /** How many operators' pages are connected, to a server of their own. */
  operators(): number
}

type Counters = keyof ServerStats['counters']
type Gauges = 'connecting' | 'users' | 'sessions' | 'revocations' | 'channels' | 'subscriptions' | 'outboxBytes'

const GAUGES: readonly (readonly [name: string, key: Gauges, help: string])[] = [
  ['connecting', 'connecting', 'Accepted, but not connected yet.'],
  ['users', 'users', 'Users with at least one connection.'],
  ['sessions', 'sessions', 'Sessions, with and without a connection.'],
  ['revocations', 'revocations', 'Revocations that are remembered until they run out.'],
  ['channels', 'channels', 'Channels with subscribers.'],
  ['subscriptions', 'subscriptions', 'Subscriptions of all connections.'],
  ['outbox_bytes', 'outboxBytes', 'Bytes that wait in all outboxes.'],
]
const COUNTERS: readonly (readonly [name: string, key: Counters, help: string])[] = [
  ['accepted_total', 'accepted', 'Connections that were accepted, connected or not.'],
  ['frames_received_total', 'framesReceived', 'Frames that were received.'],
  ['bytes_received_total', 'bytesReceived', 'Bytes of frames that were received.'],
  ['bytes_sent_total', 'bytesSent', 'Bytes that were handed to transports.'],
  ['publications_total', 'publications', 'Publications that were stored.'],
  ['duplicates_total', 'duplicates', 'Publishes that were stored already.'],
  ['deliveries_total', 'deliveries', 'Publications handed to outboxes, live.'],
  ['slow_consumers_total', 'slowConsumers', 'Connections whose outbox overflowed.'],
  ['dropped_ephemeral_total', 'droppedEphemeral', 'Ephemeral publications left out under pressure.'],
  ['evictions_total', 'evicted', 'Connections that were closed to make room.'],
]

/** Adds them. */
export function addNodeMetrics(registry: MetricRegistry, sources: NodeSources): void {
  const gauge = (name: string, help: string, read: () => number) =>
    registry.add(new Reading('gauge', { name, help }, {}, read))
  const { stats } = sources
  registry.add(
    new Reading(
      'gauge',
      { name: 'staywire_connections', help: 'Live connections.' },
      { transport: TRANSPORTS },
      ({ transport }) => sources.over(transport as TransportName),
    ),
  )
  gauge('sse_active_connections', 'Live event streams.', () => sources.over('sse'))
  for (const [name, key, help] of GAUGES) gauge(`staywire_${name}`, help, () => stats()?.[key] ?? 0)
  gauge('staywire_max_connections', 'Most connections at once.', () => stats()?.maxConnections ?? 0)
  gauge('staywire_unique_users_ratio', 'Users for each connection; 1 while there are none.', () => ratioOf(stats()))
  gauge('staywire_store_available', 'Whether publications can be stored (1) or not (0).', () =>
    sources.storeAvailable() ? 1 : 0,
  )
  gauge('staywire_operators', "Operators' pages that are told what changes; they are among no other figure.", () =>
    sources.operators(),
  )
  for (const [name, key, help] of COUNTERS) {
    const facts: MetricFacts = { name: `staywire_${name}`, help }
    registry.add(new Reading('counter', facts, {}, () => stats()?.counters[key] ?? 0))
  }
  registry.add(
    new Reading(
      'counter',
      { name: 'staywire_limited_total', help: 'How often each limit was met.' },
      { limit: Object.keys(LIMITED) },
      ({ limit }) => stats()?.limited[limit as LimitedBy] ?? 0,
    ),
  )
  registry.add(
    new Reading(
      'gauge',
      { name: 'staywire_findings', help: 'Leaks that are diagnosed now, by kind.' },
      { kind: FINDING_KINDS },
      ({ kind }) => sources.findings(kind as FindingKind),
    ),
  )
  addProcessMetrics(registry, sources)
}

/** Users for each connection: below 1 somebody has several. */
export function ratioOf(stats: Pick<ServerStats, 'users' | 'connections'> | undefined): number {
  return stats === undefined || stats.connections === 0 ? 1 : stats.users / stats.connections
}

function addProcessMetrics(registry: MetricRegistry, { figures, facts }: NodeSources): void {
  const gauge = (name: string, help: string, read: (process: ProcessFigures) => number) =>
    registry.add(new Reading('gauge', { name, help }, {}, () => read(figures())))
  registry.add(
    new Reading(
      'gauge',
      {
        name: 'staywire_event_loop_lag_seconds',
        help: 'How much too late the event loop came, of the last ten seconds.',
      },
      { quantile: ['0.5', '0.99', '1'] },
      ({ quantile }) => {
        const { p50, p99, max } = figures().lagMs
        return (quantile === '0.5' ? p50 : quantile === '0.99' ? p99 : max) / 1_000
      },
    ),
  )
  gauge('process_resident_memory_bytes', 'Resident memory of the process.', ({ rssBytes }) => rssBytes)
  gauge(
    'process_memory_limit_bytes',
    'Memory that the process may have: of its container, else of the machine.',
    () => facts.memoryLimitBytes,
  )
  gauge('process_heap_bytes', 'Used heap of the process.', ({ heapUsedBytes }) => heapUsedBytes)
  gauge('process_start_time_seconds', 'When the process started, Unix time.', () => facts.startedAt / 1_000)
  const cpu = { name: 'process_cpu_seconds_total', help: 'User and system time of the process.' }
  registry.add(new Reading('counter', cpu, {}, () => figures().cpuSeconds))
}
