// `embeddedStore`: a broker that keeps `disk` channels in one SQLite file of this process, and everything else in its memory.

import { StaywireError } from '../../../../protocol/error-code.ts'
import { LIMITS } from '../../../../protocol/limits.ts'
import type { Broker } from '../../broker.ts'
import { Deliveries } from '../../deliveries.ts'
import { sha256 } from '../../io/sha256.ts'
import { MemoryLeases } from '../../memory/memory-leases.ts'
import { limitsOf, type MemoryLimits } from '../../memory/memory-limits.ts'
import { MemoryLog } from '../../memory/memory-log.ts'
import { MemoryMembers } from '../../memory/memory-members.ts'
import { MemorySignal } from '../../memory/memory-signal.ts'
import { DiskLog } from '../disk-log.ts'
import { EmbeddedLog } from '../embedded-log.ts'
import type { StoreEvent } from '../store-messages.ts'
import { TailCache } from '../tail-cache.ts'
import { StoreLink } from './store-link.ts'

/** Options of `embeddedStore`. */
export interface EmbeddedStoreOptions {
  /** The data directory: made if it is missing, used by one process at a time. */
  readonly directory: string
  /** How large the database may grow, in bytes. Default 8 GiB. */
  readonly maxBytes?: number
  /** When it is as large as it may be: `trim` deletes the oldest publications, `refuse` takes no new ones. Default `trim`. */
  readonly whenFull?: 'trim' | 'refuse'
  /** Channels with a position on disk; above it little used ones are forgotten. Default 1,000,000. */
  readonly channels?: number
  /** Idempotency keys remembered; above it the oldest go early. Default 2,000,000, at about 40 bytes of memory each. */
  readonly keys?: number
  /** How long a key is remembered, in milliseconds. Default 300,000. */
  readonly dedupeWindowMs?: number
  /** Memory for the newest publications of channels on disk, in bytes. Default 128 MiB. */
  readonly cacheBytes?: number
  /** How long the disk may take for one answer, in milliseconds. Default 4,000. */
  readonly deadlineMs?: number
  /** Limits of the channels of durability `memory`. */
  readonly memory?: Partial<Omit<MemoryLimits, 'dedupeWindowMs'>>
  /** Told about damage, unavailability, and what had to be forgotten. */
  readonly report?: (event: StoreEvent) => void
  /** Unix time in milliseconds. Default `Date.now`. */
  readonly now?: () => number
}

/** An embedded store says more about itself than other brokers. */
export interface EmbeddedStore extends Broker {
  /** Publications on their way to the disk, and what is held in memory. */
  readonly usage: {
    readonly waiting: { readonly count: number; readonly bytes: number }
    readonly cache: { readonly channels: number; readonly publications: number; readonly bytes: number }
    readonly memory: MemoryLog['usage']
    readonly leases: MemoryLeases['usage']
    readonly members: number
  }
}

const DEFAULTS = {
  maxBytes: 8_589_934_592,
  channels: 1_000_000,
  keys: 2_000_000,
  cacheBytes: 134_217_728,
  deadlineMs: 4_000,
} as const
/** Smaller than this a store has no room for its own tables and log. */
const LEAST_BYTES = 1_048_576
/** Channels whose newest publications are in memory. */
const CACHED_CHANNELS = 100_000
/** How many released leases one `expire` lets go of. */
const LEASES_PER_SWEEP = 20_000

/** A broker with its store in `directory`, opened by `open`. Throws `bad-option` for options that cannot be used. */
export function embeddedStore(options: EmbeddedStoreOptions): EmbeddedStore {
  const settings = settingsOf(options)
  const now = options.now ?? Date.now
  const deliveries = new Deliveries()
  const tails = new TailCache({ channels: CACHED_CHANNELS, totalBytes: settings.cacheBytes })
  const memoryLimits = limitsOf({ ...options.memory, dedupeWindowMs: settings.dedupeWindowMs })
  const memory = new MemoryLog({ now, random: Math.random, digest: sha256 }, memoryLimits, deliveries)
  const leases = new MemoryLeases(now, memoryLimits.leases)
  const members = new MemoryMembers()
  const link: StoreLink = new StoreLink(
    { store: { ...settings, directory: options.directory }, deadlineMs: settings.deadlineMs, now },
    {
      flush: () => disk.flush(),
      replaced: () => disk.discontinued(),
      heard(event) {
        disk.heard(event)
        options.report?.(event)
      },
    },
  )
  const disk = new DiskLog({ port: link, tails, deliveries, now })
  const log = new EmbeddedLog({ disk, memory, deliveries, link })
  return {
    log,
    leases,
    members,
    signal: new MemorySignal(),
    durability: 'disk',
    get available() {
      return link.available
    },
    get usage() {
      return {
        waiting: disk.waiting,
        cache: tails.usage,
        memory: memory.usage,
        leases: leases.usage,
        members: members.count,
      }
    },
    async open(rules) {
      log.rules = rules
      await link.open()
    },
    expire(time) {
      memory.expire(time)
      tails.expire(time)
      leases.expire(time, LEASES_PER_SWEEP)
      link.tend(time)
    },
    async close() {
      memory.close()
      await disk.close()
      await link.close()
    },
  }
}

function settingsOf(options: EmbeddedStoreOptions) {
  const numbers = { ...DEFAULTS, dedupeWindowMs: LIMITS.dedupeWindowMs.value as number }
  const settings: Record<keyof typeof numbers, number> = { ...numbers }
  for (const name of Object.keys(numbers) as (keyof typeof numbers)[]) {
    const value = options[name] ?? numbers[name]
    const least = name === 'maxBytes' ? LEAST_BYTES : 1
    if (!(value >= least)) {
      const fix = `Leave ${name} out for the default, ${numbers[name]}.`
      throw new StaywireError('bad-option', `${name} must be a number of at least ${least}, not ${value}.`, { fix })
    }
    settings[name] = value
  }
  if (typeof options.directory !== 'string' || options.directory === '') {
    throw new StaywireError('bad-option', 'An embedded store needs a directory.', {
      fix: 'Set directory, e.g. "./data".',
    })
  }
  return { ...settings, whenFull: options.whenFull ?? 'trim' }
}
