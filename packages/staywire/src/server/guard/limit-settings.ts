// The limits with every default filled in and every value checked once, at the start.

import { StaywireError } from '../../protocol/error-code.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { LimitOptions, LimitPolicy } from '../limit-options.ts'

/** The limits that are numbers. */
type LimitNumber = {
  [Name in keyof LimitOptions]-?: Required<LimitOptions>[Name] extends number ? Name : never
}[keyof LimitOptions]

/** The limits that are policies. */
type LimitChoice = Exclude<keyof LimitOptions, LimitNumber>

/** The least value of each. */
const LEAST: Readonly<Record<LimitNumber, number>> = {
  frameBytes: 256,
  hardFrameBytes: 256,
  outboxBytes: 1_024,
  subscriptionsPerConnection: 0,
  connectTimeoutMs: 1,
  decisionTimeoutMs: 1,
  sessionTtlMs: 0,
  idleTimeoutMs: 0,
  connections: 1,
  connectionsPerAddress: 1,
  connectionsFromLoopback: 1,
  connectionsPerUser: 0,
  connectionsPerBrowser: 0,
  acceptPerSecond: 0,
  memoryPercent: 1,
  framesPerSecond: 0,
  bytesPerSecond: 0,
  userFramesPerSecond: 0,
  userBytesPerSecond: 0,
  burstMs: 0,
}

const POLICIES: readonly LimitPolicy[] = ['reject-new', 'evict-oldest', 'evict-idle']

const CHOICES: readonly LimitChoice[] = [
  'connectionsPolicy',
  'connectionsPerAddressPolicy',
  'connectionsPerUserPolicy',
  'connectionsPerBrowserPolicy',
]

/** Fills in and checks. Throws a `StaywireError` `bad-option` naming the first value that cannot be used. */
export function resolveLimits(limits: LimitOptions): Required<LimitOptions> {
  const numbers = Object.entries(LEAST).map(([name, least]) => {
    const limit = name as LimitNumber
    return [name, within(`limits.${name}`, limits[limit], LIMITS[limit].value, least)]
  })
  const choices = CHOICES.map((name) => [name, oneOf(name, limits[name] ?? 'reject-new')])
  const resolved = Object.fromEntries([...numbers, ...choices]) as Required<LimitOptions>
  const { frameBytes, hardFrameBytes } = resolved
  if (frameBytes <= hardFrameBytes) return resolved
  throw new StaywireError(
    'bad-option',
    `limits.frameBytes is ${frameBytes}, more than limits.hardFrameBytes, ${hardFrameBytes}.`,
    { fix: 'Raise limits.hardFrameBytes too.' },
  )
}

/** An integer of `least` or more, `preset` where there is none. Throws a `StaywireError` `bad-option` for anything else. */
export function within(name: string, value: number | undefined, preset: number, least: number): number {
  if (value === undefined) return preset
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new StaywireError('bad-option', `${name} is ${String(value)}; it must be an integer of ${least} or more.`, {
    fix: `Leave it out for ${preset}.`,
  })
}

function oneOf(name: string, value: LimitPolicy): LimitPolicy {
  if (POLICIES.includes(value)) return value
  throw new StaywireError(
    'bad-option',
    `limits.${name} is ${JSON.stringify(value)}; it must be one of ${POLICIES.join(', ')}.`,
    {
      fix: 'Leave it out for reject-new.',
    },
  )
}
