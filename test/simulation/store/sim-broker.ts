// A broker as `embeddedStore` makes it, from the same parts, with a simulated disk behind it instead of SQLite.

import {
  Deliveries,
  DiskLog,
  EmbeddedLog,
  limitsOf,
  MemoryLeases,
  MemoryLog,
  MemoryMembers,
  MemorySignal,
  TailCache,
  type Append,
  type Appended,
  type Broker,
  type VirtualTime,
} from '../product.ts'
import type { InterruptedWrite, SimDisk } from './sim-disk.ts'
import { SimStore } from './sim-store.ts'

/** What a simulated broker is made with. */
export interface SimBrokerOptions {
  readonly time: VirtualTime
  readonly disk: SimDisk
  readonly random: () => number
  /** The wall clock, Unix milliseconds. Default: `time`. */
  readonly now?: () => number
  /** Default 300,000. */
  readonly dedupeWindowMs?: number
  /** Told what became of every append to a memory channel, before anybody else. */
  readonly keptInMemory?: (entry: Append, appended: Appended) => void
}

/** A broker that can die, and says what it holds. */
export interface SimBroker extends Broker {
  readonly usage: { readonly waiting: number; readonly leases: number; readonly members: number }
  crash(write: InterruptedWrite): void
}

const LEASES_PER_SWEEP = 20_000

/** Makes one for one life of a process. */
export function simBroker(options: SimBrokerOptions): SimBroker {
  const { time, disk, random, now = () => time.now, dedupeWindowMs = 300_000 } = options
  const deliveries = new Deliveries()
  const tails = new TailCache({ channels: 1_000, totalBytes: 2 ** 24 })
  const limits = limitsOf({ dedupeWindowMs })
  const memory = new MemoryLog({ now, random }, limits, deliveries)
  const leases = new MemoryLeases(now, limits.leases)
  const members = new MemoryMembers()
  const store: SimStore = new SimStore(time, disk, dedupeWindowMs, {
    flush: () => log.flush(),
    heard: (event) => log.heard(event),
  })
  const log = new DiskLog({ port: store, tails, deliveries, now })
  const both = new EmbeddedLog({ disk: log, memory, deliveries, link: store })
  const append = memory.append.bind(memory)
  memory.append = (entry) => {
    const appending = append(entry)
    void appending.then((appended) => options.keptInMemory?.(entry, appended))
    return appending
  }
  return {
    log: both,
    leases,
    members,
    signal: new MemorySignal(),
    durability: 'disk',
    get available() {
      return store.available
    },
    get usage() {
      return { waiting: log.waiting.count + store.waiting, leases: leases.usage.held, members: members.count }
    },
    open(rules) {
      both.rules = rules
      store.open()
      return Promise.resolve()
    },
    expire(at) {
      memory.expire(at)
      tails.expire(at)
      leases.expire(at, LEASES_PER_SWEEP)
      store.tend(at)
    },
    async close() {
      memory.close()
      await log.close()
      await store.close()
    },
    crash: (write) => store.crash(write),
  }
}
