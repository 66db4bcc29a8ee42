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

/** Counts events. */
export class EventMetrics {
  readonly connects
  readonly closes
  readonly closesByClass
  readonly lives
  readonly streamLives
  readonly handshakes
  readonly misses
  readonly roundTrips
  readonly recoveries
  readonly recovered
  readonly refusedFrames
  readonly failures
  readonly swept
  readonly latencies
  readonly commits

  constructor(registry: MetricRegistry) {
    const counter = <Sets extends Readonly<Record<string, readonly string[]>>>(
      name: string,
      help: string,
      sets: Sets,
    ) => registry.add(new Counter({ name: `staywire_${name}`, help }, sets))
    this.connects = counter('connects_total', 'Connections that were connected.', {
      transport: TRANSPORTS,
      resumed: ['no', 'yes'],
    })
    this.closes = counter('closes_total', 'Connections that ended, by close code.', { code: CLOSE_CODES })
    this.closesByClass = counter(
      'closes_by_class_total',
      'Connections that ended, by what the code means for a client.',
      {
        class: ['auth', 'connection', 'capacity', 'final', 'network'],
      },
    )
    this.lives = registry.add(
      new Histogram(
        { name: 'staywire_connection_duration_seconds', help: 'How long connections lasted that ended.' },
        { transport: TRANSPORTS },
        LIVES,
      ),
    )
    this.streamLives = registry.add(
      new Histogram(
        { name: 'sse_connection_duration_seconds', help: 'How long event streams lasted that ended, by how.' },
        { status: STREAM_ENDS },
        LIVES,
      ),
    )
    this.handshakes = counter('handshake_failures_total', 'Handshakes that never became connections, by cause.', {
      cause: HANDSHAKE_CAUSES,
    })
    this.misses = counter('heartbeat_misses_total', 'Pings that were not answered in time.', NONE)
    this.roundTrips = registry.add(
      new Histogram(
        { name: 'staywire_heartbeat_rtt_seconds', help: 'Round trips of pings that were answered.' },
        NONE,
        ROUND_TRIPS,
      ),
    )
    this.recoveries = counter('recoveries_total', 'Subscriptions by outcome: live, recovered or gap.', {
      outcome: ['live', 'recovered', 'gap'],
    })
    this.recovered = counter('recovered_publications_total', 'Publications that were recovered.', NONE)
    this.refusedFrames = counter('frames_refused_total', 'Frames that were answered with an error, by code.', {
      code: ERROR_CODES,
    })
    this.failures = counter('application_errors_total', "Failures of the application's own code, by place.", {
      where: APPLICATION_PLACES,
    })
    this.swept = counter('swept_total', 'What looks of the clock removed.', { what: ['connections', 'sessions'] })
    this.latencies = registry.add(
      new Histogram(
        {
          name: 'staywire_delivery_latency_seconds',
          help: 'From accepted to in the outboxes, of one publication per tick.',
        },
        NONE,
        LATENCIES,
      ),
    )
    this.commits = registry.add(
      new Histogram(
        { name: 'staywire_store_commit_seconds', help: 'How long storing took, of one publication per tick.' },
        NONE,
        COMMITS,
      ),
    )
  }

  /** A handshake failed. */
  handshakeFailed(cause: HandshakeCause): void {
    this.handshakes.add({ cause })
  }

  report(event: ServerEvent): void {
    switch (event.type) {
      case 'connected':
        return this.connects.add({ transport: event.facts.transport, resumed: event.resumed ? 'yes' : 'no' })
      case 'closed':
        return event.facts === undefined ? undefined : this.#closed(event)
      case 'ping-missed':
        return this.misses.add(NONE)
      case 'pong':
        return this.roundTrips.observe(NONE, event.rttMs / 1_000)
      case 'subscribed':
        this.recoveries.add({ outcome: event.outcome })
        return event.recovered > 0 ? this.recovered.add(NONE, event.recovered) : undefined
      case 'frame-refused':
        return this.refusedFrames.add({ code: event.code })
      case 'application-error':
        return this.failures.add({ where: placeOf(event.where) })
      case 'swept':
        this.swept.add({ what: 'connections' }, event.connections)
        return this.swept.add({ what: 'sessions' }, event.sessions)
      case 'delivered':
        return this.latencies.observe(NONE, event.latencyMs / 1_000)
      case 'published':
        return event.storedMs === undefined ? undefined : this.commits.observe(NONE, event.storedMs / 1_000)
      default:
    }
  }

  #closed(event: ClosedEvent): void {
    const { code, transport, durationMs } = event
    this.closes.add({ code: String(code) })
    this.closesByClass.add({ class: closeClass(code) })
    this.lives.observe({ transport }, durationMs / 1_000)
    if (transport === 'sse') this.streamLives.observe({ status: streamEnd(event) }, durationMs / 1_000)
  }
}
