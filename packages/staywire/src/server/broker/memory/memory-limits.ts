// How much a memory broker holds, and what it does at each limit.

import { StaywireError } from '../../../protocol/error-code.ts'
import { LIMITS } from '../../../protocol/limits.ts'

/** The limits of a memory broker. */
export interface MemoryLimits {
  /** Channels with a position. Above it the one unused for longest is forgotten: its subscribers are told that continuity broke. */
  readonly channels: number
  /** Bytes of publications (`publicationBytes`) of one channel; above it its oldest go. */
  readonly channelBytes: number
  /** Bytes of publications of all channels; above it the oldest of the channel that was published to longest ago go. */
  readonly totalBytes: number
  /** Bytes of idempotency keys; above it the oldest go, and `dedupe.life` changes. */
  readonly keyBytes: number
  /** How long a key is remembered, in milliseconds. */
  readonly dedupeWindowMs: number
  /** Released leases whose fences are remembered; above it the oldest go. */
  readonly leases: number
}

/** The defaults. */
const MEMORY_LIMITS: MemoryLimits = {
  channels: 100_000,
  channelBytes: 16_777_216,
  totalBytes: 268_435_456,
  keyBytes: 67_108_864,
  dedupeWindowMs: LIMITS.dedupeWindowMs.value,
  leases: 100_000,
}

/** The limits as set, with the defaults behind them. Throws `bad-option` for one that is not above 0. */
export function limitsOf(options: Partial<MemoryLimits>): MemoryLimits {
  const limits: Record<string, number> = { ...MEMORY_LIMITS }
  for (const name of Object.keys(MEMORY_LIMITS)) {
    const value = options[name as keyof MemoryLimits]
    if (value === undefined) continue
    if (!(value > 0)) {
      const fix = `Leave ${name} out for the default, ${MEMORY_LIMITS[name as keyof MemoryLimits]}.`
      throw new StaywireError('bad-option', `${name} must be a number above 0, not ${value}.`, { fix })
    }
    limits[name] = value
  }
  return limits as unknown as MemoryLimits
}
