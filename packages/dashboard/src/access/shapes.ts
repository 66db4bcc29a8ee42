// What the admin API answers, as far as this page reads it. Times are Unix milliseconds.

/** Who opened a connection. */
export interface Origin {
  readonly browser?: string
  readonly tab?: string
  readonly page?: string
  readonly instance?: string
  readonly label?: string
}

export interface Connection {
  readonly id: string
  readonly user: string
  readonly address: string
  readonly transport: string
  readonly origin: Origin
  readonly connectedAt: number
  readonly subscriptions: readonly string[]
  readonly lastSeenAt: number
  readonly missedPings: number
  readonly outboxBytes: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly slot?: string
  readonly rttMs?: number
}

export interface ClosedConnection {
  readonly connection: string
  readonly slot?: string
  readonly user: string
  readonly address: string
  readonly transport: string
  readonly origin: Origin
  readonly closedAt: number
  readonly durationMs: number
  readonly code: number
  readonly class: string
  readonly reason: string
  readonly by: string
  readonly cause: string
  readonly bytesIn: number
  readonly bytesOut: number
  readonly lastReceived: readonly string[]
  readonly lastSent: readonly string[]
}

export interface FailedHandshake {
  readonly at: number
  readonly cause: string
  readonly address: string
  readonly detail: string
  readonly status?: number
  readonly code?: number
}

export interface User {
  readonly user: string
  readonly connections: number
  readonly browsers: number
  readonly subscriptions: number
  readonly connectedSince: number
  readonly transports: readonly string[]
}

export interface TimelineEntry {
  readonly at: number
  readonly what: string
  readonly connection: string
  readonly detail: string
}

export interface Channel {
  readonly channel: string
  readonly subscribers: number
  readonly perSecond: number
}

export interface HistoryPublication {
  readonly offset: number
  readonly at: number
  readonly data: unknown
  readonly from?: string
}

/** One look at the node; counts are since the one before. */
export interface Sample {
  readonly at: number
  readonly connections: number
  readonly websocket: number
  readonly sse: number
  readonly poll: number
  readonly users: number
  readonly publications: number
  readonly deliveries: number
  readonly framesReceived: number
  readonly errors: number
  readonly closes: Readonly<Record<string, number>>
  readonly rttMs: number
  readonly rssBytes: number
  readonly cpuShare: number
  readonly lagP99Ms: number
}

export interface Overview {
  readonly node: string
  readonly startedAt: number
  readonly connections: number
  readonly peak: number
  readonly maxConnections: number
  readonly users: number
  readonly ratio: number
  readonly channels: number
  readonly subscriptions: number
  readonly outboxBytes: number
  readonly samples: readonly Sample[]
}

/** What is expected of one figure, minute by minute. */
export interface Forecast {
  readonly metric: string
  /** Whether a whole day was seen. */
  readonly seasoned: boolean
  readonly points: readonly {
    readonly at: number
    readonly value: number
    readonly low: number
    readonly high: number
  }[]
}

export interface Finding {
  readonly id: string
  readonly kind: string
  readonly subject: Origin & { readonly user?: string; readonly address?: string; readonly agent?: string }
  readonly severity: string
  readonly since: number
  readonly count: number
  readonly title: string
  readonly cause: string
  readonly cure: string
  readonly examples: readonly string[]
}

export interface Alert {
  readonly rule: string
  readonly severity: string
  readonly summary: string
  readonly since: number
  readonly value: number
  readonly bound: number
  readonly endedAt?: number
  readonly silenced: boolean
}

export interface AlertRule {
  readonly name: string
  readonly severity: string
  readonly summary: string
}

export interface Health {
  readonly status: string
  readonly checks: Readonly<Record<string, { readonly status: string; readonly detail: string }>>
  readonly uptime: number
}

export interface NodeFacts {
  readonly node: {
    readonly name: string
    readonly pid: number
    readonly platform: string
    readonly version: string
    readonly startedAt: number
  }
}
