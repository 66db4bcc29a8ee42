// The broker of one process without a disk. Nothing survives the process, and it refuses to say otherwise: publications of `disk`
// channels are not accepted.

import type { Append, Appended, Broker } from '../broker.ts'
import { MemoryLeases } from './memory-leases.ts'
import { limitsOf, type MemoryLimits } from './memory-limits.ts'
import { MemoryLog, type MemoryWorld } from './memory-log.ts'
import { MemoryMembers } from './memory-members.ts'
import { MemorySignal } from './memory-signal.ts'

/** Options of `memoryBroker`: time and randomness, and limits where the defaults do not fit. */
export interface MemoryBrokerOptions extends MemoryWorld, Partial<MemoryLimits> {}

/** What a memory broker holds now; every figure has a limit. */
export interface MemoryUsage {
  readonly channels: number
  readonly publications: number
  readonly bytes: number
  readonly keys: number
  readonly keyBytes: number
  readonly leases: { readonly held: number; readonly released: number }
  readonly members: number
}

/** A memory broker also says how much it holds. */
export interface MemoryBroker extends Broker {
  readonly usage: MemoryUsage
}

/** How many released leases one `expire` lets go of. */
const LEASES_PER_SWEEP = 20_000

/** A broker whose answers come in the same turn. Throws `bad-option` for a limit that is not a positive number. */
export function memoryBroker(options: MemoryBrokerOptions): MemoryBroker {
  const limits = limitsOf(options)
  const log = new MemoryOnlyLog(options, limits)
  const leases = new MemoryLeases(options.now, limits.leases)
  const members = new MemoryMembers()
  return {
    log,
    leases,
    members,
    signal: new MemorySignal(),
    durability: 'memory',
    available: true,
    get usage() {
      return { ...log.usage, leases: leases.usage, members: members.count }
    },
    open: () => Promise.resolve(),
    expire(now) {
      log.expire(now)
      leases.expire(now, LEASES_PER_SWEEP)
    },
    close() {
      log.close()
      return Promise.resolve()
    },
  }
}

/** A memory log that does not pretend to be a disk. */
class MemoryOnlyLog extends MemoryLog {
  override append(entry: Append): Promise<Appended> {
    if (entry.retention.durability === 'memory') return super.append(entry)
    const message = `${entry.channel} has durability "disk", and this server has no store.`
    return Promise.resolve({ stored: false, code: 'unsupported', message })
  }
}
