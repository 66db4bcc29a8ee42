// The options of a server with every default filled in and every value checked once, at the start. Durations in milliseconds.

import { StaywireError } from '../../protocol/error-code.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { HeartbeatSettings } from '../heartbeat/heartbeat.ts'
import type { LimitOptions, ServerOptions } from '../options.ts'

/** Connections at once on a node, where the options do not say. */
const CONNECTIONS = 10_000

/** What is in force. */
export interface Settings {
  readonly limits: Required<LimitOptions>
  readonly heartbeat: HeartbeatSettings
  readonly anonymous: boolean
  /** How exact the clock of connections is: the tick of the timing wheel. */
  readonly tickMs: number
}

/** Fills in and checks. Throws a `StaywireError` `bad-option` naming the first value that cannot be used. */
export function resolveSettings({ limits = {}, heartbeat = {}, anonymous = false }: ServerOptions): Settings {
  const resolved = {
    frameBytes: within('limits.frameBytes', limits.frameBytes, LIMITS.frameBytes.value, 256),
    hardFrameBytes: within('limits.hardFrameBytes', limits.hardFrameBytes, LIMITS.hardFrameBytes.value, 256),
    outboxBytes: within('limits.outboxBytes', limits.outboxBytes, LIMITS.outboxBytes.value, 1_024),
    subscriptionsPerConnection: within(
      'limits.subscriptionsPerConnection',
      limits.subscriptionsPerConnection,
      LIMITS.subscriptionsPerConnection.value,
      0,
    ),
    connectTimeoutMs: within('limits.connectTimeoutMs', limits.connectTimeoutMs, LIMITS.connectTimeoutMs.value, 1),
    decisionTimeoutMs: within('limits.decisionTimeoutMs', limits.decisionTimeoutMs, LIMITS.decisionTimeoutMs.value, 1),
    sessionTtlMs: within('limits.sessionTtlMs', limits.sessionTtlMs, LIMITS.sessionTtlMs.value, 0),
    connections: within('limits.connections', limits.connections, CONNECTIONS, 1),
    idleTimeoutMs: within('limits.idleTimeoutMs', limits.idleTimeoutMs, 0, 0),
  }
  if (resolved.frameBytes > resolved.hardFrameBytes) {
    throw new StaywireError(
      'bad-option',
      `limits.frameBytes is ${resolved.frameBytes}, more than limits.hardFrameBytes, ${resolved.hardFrameBytes}.`,
      { fix: 'Raise limits.hardFrameBytes too.' },
    )
  }
  const enabled = heartbeat.enabled ?? true
  const intervalMs = within('heartbeat.intervalMs', heartbeat.intervalMs, LIMITS.heartbeatIntervalMs.value, 20)
  const timeoutMs = within('heartbeat.timeoutMs', heartbeat.timeoutMs, LIMITS.heartbeatTimeoutMs.value, 10)
  const tickMs = tickFor(intervalMs, timeoutMs, resolved.connectTimeoutMs)
  return {
    limits: resolved,
    heartbeat: {
      enabled,
      intervalMs,
      timeoutMs,
      maxMissed: within('heartbeat.maxMissed', heartbeat.maxMissed, 1, 1),
      slackMs: 2 * tickMs,
    },
    anonymous,
    tickMs,
  }
}

/** A tenth of a second; finer where somebody asked for times that it would spoil (tests do). */
function tickFor(...times: number[]): number {
  return Math.max(5, Math.min(100, Math.floor(Math.min(...times) / 50)))
}

function within(name: string, value: number | undefined, preset: number, least: number): number {
  if (value === undefined) return preset
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new StaywireError('bad-option', `${name} is ${String(value)}; it must be an integer of ${least} or more.`, {
    fix: `Leave it out for ${preset}.`,
  })
}
