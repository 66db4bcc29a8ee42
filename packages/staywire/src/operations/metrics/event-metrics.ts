// The metrics that events make: each is counted where it happens, once.

import { closeClass } from '../../protocol/close-code.ts'
import type { ClosedEvent, ServerEvent } from '../../server/observer/observer.ts'
import { Histogram } from './histogram.ts'
import { Counter } from './metric.ts'
import type { MetricRegistry } from './registry.ts'
import {
  APPLICATION_PLACES,
  CLOSE_CODES,
  ERROR_CODES,
  HANDSHAKE_CAUSES,
  placeOf,
  STREAM_ENDS,
  streamEnd,
  TRANSPORTS,
  type HandshakeCause,
} from './sets.ts'

/** Upper ends of ranges, in seconds. */
const LIVES = [1, 10, 60, 300, 1_800, 3_600, 21_600, 86_400]
const ROUND_TRIPS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8]
const LATENCIES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
const COMMITS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

const NONE = {}

type Sets = Readonly<Record<string, readonly string[]>>

/** Counts events. */
export class EventMetrics {
  readonly connections: ReturnType<typeof connectionMetrics>
  readonly publications: ReturnType<typeof publicationMetrics>

  constructor(registry: MetricRegistry) {
    const counter = <Own extends Sets>(name: string, help: string, sets: Own): Counter<Own> =>
      registry.add(new Counter({ name: `staywire_${name}`, help }, sets))
    const histogram = <Own extends Sets>(
      name: string,
      help: string,
      { sets, bounds }: { sets: Own; bounds: readonly number[] },
    ): Histogram<Own> => registry.add(new Histogram({ name, help }, sets, bounds))
    this.connections = connectionMetrics(counter, histogram)
    this.publications = publicationMetrics(counter, histogram)
  }

  /** A handshake failed. */
  handshakeFailed(cause: HandshakeCause): void {
    this.connections.handshakes.add({ cause })
  }

  report(event: ServerEvent): void {
    switch (event.type) {
      case 'connected':
        return this.connections.connects.add({
          transport: event.facts.transport,
          resumed: event.resumed ? 'yes' : 'no',
        })
      case 'closed':
        return event.facts === undefined ? undefined : this.#closed(event)
      case 'ping-missed':
        return this.connections.misses.add(NONE)
      case 'pong':
        return this.connections.roundTrips.observe(NONE, event.rttMs / 1_000)
      case 'subscribed':
        this.publications.recoveries.add({ outcome: event.outcome })
        return event.recovered > 0 ? this.publications.recovered.add(NONE, event.recovered) : undefined
      case 'frame-refused':
        return this.publications.refusedFrames.add({ code: event.code })
      case 'forwarded':
        return this.connections.forwarded.add({ outcome: event.outcome })
      case 'application-error':
        return this.publications.failures.add({ where: placeOf(event.where) })
      case 'swept':
        this.connections.swept.add({ what: 'connections' }, event.connections)
        return this.connections.swept.add({ what: 'sessions' }, event.sessions)
      case 'delivered':
        return this.publications.latencies.observe(NONE, event.latencyMs / 1_000)
      case 'published':
        return this.publications.commits.observe(NONE, event.storedMs / 1_000)
      default:
    }
  }

  #closed(event: ClosedEvent): void {
    const { code, transport, durationMs } = event
    this.connections.closes.add({ code: String(code) })
    this.connections.closesByClass.add({ class: closeClass(code) })
    this.connections.lives.observe({ transport }, durationMs / 1_000)
    if (transport === 'sse') this.connections.streamLives.observe({ status: streamEnd(event) }, durationMs / 1_000)
  }
}

/** Makes a counter, and a histogram, of the registry. */
type MakeCounter = <Own extends Sets>(name: string, help: string, sets: Own) => Counter<Own>
type MakeHistogram = <Own extends Sets>(
  name: string,
  help: string,
  of: { sets: Own; bounds: readonly number[] },
) => Histogram<Own>

function connectionMetrics(counter: MakeCounter, histogram: MakeHistogram) {
  return {
    connects: counter('connects_total', 'Connections that were connected.', {
      transport: TRANSPORTS,
      resumed: ['no', 'yes'],
    }),
    closes: counter('closes_total', 'Connections that ended, by close code.', { code: CLOSE_CODES }),
    closesByClass: counter('closes_by_class_total', 'Connections that ended, by what the code means for a client.', {
      class: ['auth', 'connection', 'capacity', 'final', 'network'],
    }),
    lives: histogram('staywire_connection_duration_seconds', 'How long connections lasted that ended.', {
      sets: { transport: TRANSPORTS },
      bounds: LIVES,
    }),
    streamLives: histogram('sse_connection_duration_seconds', 'How long event streams lasted that ended, by how.', {
      sets: { status: STREAM_ENDS },
      bounds: LIVES,
    }),
    handshakes: counter('handshake_failures_total', 'Handshakes that never became connections, by cause.', {
      cause: HANDSHAKE_CAUSES,
    }),
    misses: counter('heartbeat_misses_total', 'Pings that were not answered in time.', NONE),
    roundTrips: histogram('staywire_heartbeat_rtt_seconds', 'Round trips of pings that were answered.', {
      sets: NONE,
      bounds: ROUND_TRIPS,
    }),
    forwarded: counter('forwarded_total', 'Requests for connections of other nodes, by what became of them.', {
      outcome: ['answered', 'failed'],
    }),
    swept: counter('swept_total', 'What looks of the clock removed.', { what: ['connections', 'sessions'] }),
  }
}

function publicationMetrics(counter: MakeCounter, histogram: MakeHistogram) {
  return {
    recoveries: counter('recoveries_total', 'Subscriptions by outcome: live, recovered or gap.', {
      outcome: ['live', 'recovered', 'gap'],
    }),
    recovered: counter('recovered_publications_total', 'Publications that were recovered.', NONE),
    refusedFrames: counter('frames_refused_total', 'Frames that were answered with an error, by code.', {
      code: ERROR_CODES,
    }),
    failures: counter('application_errors_total', "Failures of the application's own code, by place.", {
      where: APPLICATION_PLACES,
    }),
    latencies: histogram(
      'staywire_delivery_latency_seconds',
      'From accepted to in the outboxes, of one publication per tick.',
      { sets: NONE, bounds: LATENCIES },
    ),
    commits: histogram('staywire_store_commit_seconds', 'How long storing took, of one publication per tick.', {
      sets: NONE,
      bounds: COMMITS,
    }),
  }
}
