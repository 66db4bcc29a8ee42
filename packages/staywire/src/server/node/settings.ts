// The options of a server with every default filled in and every value checked once, at the start. Durations in milliseconds.

import { LIMITS } from '../../protocol/limits.ts'
import { resolveLimits, within } from '../guard/limit-settings.ts'
import type { HeartbeatSettings } from '../heartbeat/heartbeat.ts'
import type { LimitOptions } from '../limit-options.ts'
import type { CompressionOptions, ServerOptions } from '../options.ts'

/** What is in force. */
export interface Settings {
  readonly limits: Required<LimitOptions>
  readonly heartbeat: HeartbeatSettings
  readonly compression: Required<CompressionOptions>
  readonly anonymous: boolean
  /** What becomes of who says nothing, so that nothing is left of it after `limits.connectTimeoutMs`. PROTOCOL.md, CONN-5. */
  readonly silence: Silence
  /** How exact the clock of connections is: the tick of the timing wheel. */
  readonly tickMs: number
}

/** Durations in milliseconds, within the connect timeout. */
export interface Silence {
  /** After the upgrade: it is told that its time is over. */
  readonly tellAfterMs: number
  /** After that: it may take so long to close. */
  readonly graceMs: number
}

/** Fills in and checks. Throws a `StaywireError` `bad-option` naming the first value that cannot be used. */
export function resolveSettings({
  limits = {},
  heartbeat = {},
  compression = {},
  anonymous = false,
}: ServerOptions): Settings {
  const resolved = resolveLimits(limits)
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
    compression: {
      enabled: compression.enabled ?? false,
      thresholdBytes: within(
        'compression.thresholdBytes',
        compression.thresholdBytes,
        LIMITS.compressionThresholdBytes.value,
        0,
      ),
    },
    anonymous,
    silence: silenceOf(resolved.connectTimeoutMs, tickMs),
    tickMs,
  }
}

/** A tenth of a second; finer where somebody asked for times that it would spoil (tests do). */
function tickFor(...times: number[]): number {
  return Math.max(5, Math.min(100, Math.floor(Math.min(...times) / 50)))
}

/** As much time as it may take to close is left for a busy machine, whose clock is late by two ticks in any case. */
function silenceOf(connectTimeoutMs: number, tickMs: number): Silence {
  const graceMs = Math.min(LIMITS.closeGraceMs.value, connectTimeoutMs / 20)
  const lateMs = Math.max(graceMs, 2 * tickMs)
  return { tellAfterMs: Math.max(connectTimeoutMs / 2, connectTimeoutMs - graceMs - lateMs), graceMs }
}
