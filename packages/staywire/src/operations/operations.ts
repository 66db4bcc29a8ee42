// What is made of a server's events and figures: metrics, histories, who is connected, findings. Pure: time comes in, and what
// the process looks like; it opens nothing and closes nobody by itself.

import type { CloseClass } from '../protocol/close-code.ts'
import type { ClosedEvent, ConnectionFacts, Observer, ServerEvent } from '../server/observer/observer.ts'
import type { ServerStats } from '../server/observer/server-stats.ts'
import { type AlertChange, Alerts } from './alerts/alerts.ts'
import { DEFAULT_ALERT_RULES } from './alerts/default-rules.ts'
import type { AlertRule } from './alerts/rule.ts'
import { Forecasts } from './forecast/forecasts.ts'
import { Findings } from './findings/findings.ts'
import { ChannelRates } from './history/channel-rates.ts'
import { ClosedConnections } from './history/closed-connections.ts'
import { ErrorHistory } from './history/error-history.ts'
import { Handshakes } from './history/handshakes.ts'
import { Samples, type NodeLook } from './history/samples.ts'
import { Timelines } from './history/timeline.ts'
import { LiveConnections } from './live/live-connections.ts'
import { EventMetrics } from './metrics/event-metrics.ts'
import { addNodeMetrics } from './metrics/node-metrics.ts'
import { MetricRegistry } from './metrics/registry.ts'
import type { HandshakeCause } from './metrics/sets.ts'
import type { ProcessFacts, ProcessFigures } from './process-view.ts'
import type { OperatorsView } from './feed/tell-operators.ts'
import type { ServerView } from './server-view.ts'

/** What operations need of the world. */
export interface OperationsWorld {
  /** Unix time in milliseconds. */
  now(): number
  figures(): ProcessFigures
  readonly facts: ProcessFacts
}

/** How much is kept, and what counts as too much. */
export interface OperationsSettings {
  /** Closed connections that are kept. Default 10,000. */
  readonly closedConnections?: number
  /** Connections of one user above which it is a finding. Default 5. */
  readonly connectionsPerUser?: number
  /** Whether publications can be stored. Default: always. */
  readonly storeAvailable?: () => boolean
  /** The rules of the alerts. Default: `DEFAULT_ALERT_RULES`. */
  readonly alertRules?: readonly AlertRule[]
  /** Told what began and what ended, unless it was silenced. */
  readonly onAlert?: (change: AlertChange) => void
}

const CLOSED = 10_000
const PER_USER = 5
/** Figures are read once for everything that is asked in one go. */
const FRESH_MS = 200

/** All of it, for one server. */
export class OperationsCore implements Observer {
  readonly world: OperationsWorld
  readonly registry = new MetricRegistry()
  readonly live = new LiveConnections()
  readonly closed: ClosedConnections
  readonly timelines = new Timelines()
  readonly errors = new ErrorHistory()
  readonly handshakes = new Handshakes()
  readonly samples = new Samples()
  readonly rates = new ChannelRates()
  readonly forecasts = new Forecasts()
  readonly alerts: Alerts
  readonly counts: EventMetrics
  readonly findings: Findings
  readonly storeAvailable: () => boolean
  /** Most connections at once since the start or the last reset. */
  peak = 0
  /** How often something has happened to a connection or a handshake, which lists would show. */
  changes = 0
  /** Where operators are told of it, if anywhere. */
  operators: OperatorsView | undefined
  readonly #onAlert: (change: AlertChange) => void
  #server: ServerView | undefined
  #stats: ServerStats | undefined
  #statsAt = -Infinity

  constructor(world: OperationsWorld, settings: OperationsSettings) {
    const { closedConnections = CLOSED, connectionsPerUser = PER_USER } = settings
    const { storeAvailable = () => true, alertRules = DEFAULT_ALERT_RULES } = settings
    this.world = world
    this.alerts = new Alerts(alertRules)
    this.#onAlert = settings.onAlert ?? (() => {})
    this.closed = new ClosedConnections(closedConnections)
    this.storeAvailable = storeAvailable
    const { live, handshakes } = this
    this.findings = new Findings({ live, handshakes, stats: () => this.stats() }, connectionsPerUser)
    this.counts = new EventMetrics(this.registry)
    addNodeMetrics(this.registry, {
      stats: () => this.stats(),
      over: (transport) => live.over(transport),
      findings: (kind) => this.findings.count(kind),
      figures: () => world.figures(),
      facts: world.facts,
      storeAvailable,
      operators: () => this.operators?.stats().connections ?? 0,
    })
  }

  /** The server that is watched; `undefined` before there is one. */
  get server(): ServerView | undefined {
    return this.#server
  }

  /** Takes its figures and lists from this server from now on; its events come as to any observer. */
  watch(server: ServerView): void {
    this.#server = server
  }

  /** The server's figures, at most a fifth of a second old; `undefined` before there is a server. */
  stats(): ServerStats | undefined {
    const now = this.world.now()
    if (this.#server === undefined || Math.abs(now - this.#statsAt) < FRESH_MS) return this.#stats
    this.#statsAt = now
    return (this.#stats = this.#server.stats())
  }

  report(event: ServerEvent): void {
    this.counts.report(event)
    if (event.type === 'published' || event.type === 'delivered') return
    if (event.type !== 'pong') this.changes++
    const now = this.world.now()
    this.timelines.report(event, now, (connection) => this.live.get(connection)?.facts.user)
    this.errors.report(event, now)
    if (event.type === 'closed') this.#closed(event)
    if (event.type === 'refused') this.#failed(this.handshakes.refused(event, now), now, event.cause)
    this.live.report(event)
    this.findings.report(event, now)
    if (this.live.size > this.peak) this.peak = this.live.size
  }

  /** Time has passed: to be called about every second. */
  tick(): void {
    const now = this.world.now()
    if (this.#server !== undefined && this.rates.due(now)) this.rates.look(this.#server.channels(), now)
    this.findings.tick(now)
    const stats = this.samples.due(now) ? this.stats() : undefined
    if (stats === undefined) return
    const figures = this.world.figures()
    this.samples.take(this.#look(stats, figures), now)
    const { publicationsPerSecond } = this.samples
    this.forecasts.learn(
      { connections: stats.connections, publications: publicationsPerSecond, memory: figures.rssBytes },
      now,
    )
    for (const change of this.alerts.evaluate((metric) => this.registry.read(metric), now)) this.#onAlert(change)
  }

  /** Counters, histograms and peaks go back to 0; gauges and histories stay. */
  reset(): void {
    this.registry.reset()
    this.errors.reset()
    this.peak = this.live.size
  }

  #look(stats: ServerStats, process: ProcessFigures): NodeLook {
    const { live, counts, errors } = this
    const over = { websocket: live.over('websocket'), sse: live.over('sse'), poll: live.over('poll') }
    const closed = (name: CloseClass): number => counts.connections.closesByClass.get({ class: name })
    const closes = {
      auth: closed('auth'),
      connection: closed('connection'),
      capacity: closed('capacity'),
      final: closed('final'),
      network: closed('network'),
    }
    const read = (name: string): number => this.registry.read(`staywire_heartbeat_rtt_seconds_${name}`) ?? 0
    return {
      stats,
      over,
      closes,
      errors: errors.total,
      roundTrips: { sumMs: read('sum') * 1_000, count: read('count') },
      process,
    }
  }

  #closed(event: ClosedEvent): void {
    if (isConnected(event)) this.closed.add(event)
    else this.#failed(this.handshakes.closed(event), event.at, event.reason)
  }

  #failed(cause: HandshakeCause, at: number, detail: string): void {
    this.counts.handshakeFailed(cause)
    this.errors.handshakeFailed(cause, at, detail)
  }
}

function isConnected(event: ClosedEvent): event is ClosedEvent & { readonly facts: ConnectionFacts } {
  return event.facts !== undefined
}
