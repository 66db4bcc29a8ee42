// Where each channel stands, as stored: looked up, made, saved and forgotten. A row that fails its check, or comes from before the store
// went back in time, is given a new epoch before anybody sees it.

import { crc32c } from '../crc32c.ts'
import type { StoreEvent } from '../store-messages.ts'
import type { Database } from './database.ts'
import { newEpoch } from './new-epoch.ts'
import type { StoreState } from './store-state.ts'

/** Where a channel stands on disk. */
export interface DiskRow {
  readonly name: string
  readonly id: number
  epoch: string
  newest: number
  /** Nothing below this offset is kept. */
  oldest: number
  /** Checksum of the newest publication. */
  chain: number
  size: number
  ttlMs: number
  /** When it was published to last: Unix time in milliseconds. */
  used: number
}

/** Rows held in memory. */
const MOST_CACHED = 16_384
/** How many rows are looked at to find one to forget: the least used of them goes. */
const SAMPLE = 64

/** The channels of an open store. */
export class ChannelTable {
  readonly #db: Database
  readonly #state: StoreState
  readonly #most: number
  readonly #report: (event: StoreEvent) => void
  readonly #cache = new Map<string, DiskRow>()
  #hand = ''

  constructor(db: Database, state: StoreState, options: { most: number; report: (event: StoreEvent) => void }) {
    this.#db = db
    this.#state = state
    this.#most = options.most
    this.#report = options.report
  }

  /** The row of a channel; `undefined` when nothing was ever published to it, or it was forgotten. */
  find(name: string): DiskRow | undefined {
    const cached = this.#cache.get(name)
    if (cached !== undefined) return cached
    const read = this.#db.sql('SELECT * FROM channels WHERE name = ?').get(name)
    if (read === undefined) return undefined
    const { row, life, isWhole } = channelOf(read)
    if (!isWhole) this.#replace(row, 'its row failed its check')
    else if (life !== this.#state.life) this.#renew(row)
    return this.#remember(row)
  }

  /** Makes the row of a channel that has none; part of the transaction of `now`, whose own channels are not forgotten for it. */
  create(name: string, now: number): DiskRow {
    if (this.#state.channels >= this.#most) this.#forgetOne(now)
    const epoch = this.#state.baseEpoch(name)
    const id = this.#state.addChannel()
    return this.#remember({ name, id, epoch, newest: 0, oldest: 1, chain: 0, size: 0, ttlMs: 0, used: now })
  }

  /** Writes a row; part of a transaction. */
  save(row: DiskRow): void {
    const { life } = this.#state
    const { name, id, epoch, newest, oldest, chain, size, ttlMs, used } = row
    this.#db
      .sql('INSERT OR REPLACE INTO channels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(name, id, epoch, newest, oldest, chain, size, ttlMs, used, life, sealOf(row, life))
  }

  /** Takes back what a batch did to a channel that was like `row` before, or was not there; part of a transaction. */
  putBack(name: string, row: DiskRow | undefined): void {
    this.#cache.delete(name)
    if (row !== undefined) {
      this.#db.sql('DELETE FROM chunks WHERE channel = ? AND first > ?').run(row.id, row.newest)
      this.save(row)
      return
    }
    const made = this.find(name)
    if (made === undefined) return
    this.#db.sql('DELETE FROM chunks WHERE channel = ?').run(made.id)
    this.#db.sql('DELETE FROM channels WHERE name = ?').run(name)
    this.#state.removeChannel(name)
    this.#cache.delete(name)
  }

  /** Publications up to `upTo` are damaged or gone: they are never served, and the channel's epoch becomes new. */
  damaged(row: DiskRow, upTo: number, why: string): void {
    this.#alone(() => {
      row.epoch = newEpoch()
      row.oldest = Math.max(row.oldest, upTo + 1)
      this.save(row)
    })
    this.#report({ type: 'damaged', channel: row.name, upTo, why })
  }

  /** Up to `count` rows after the last ones seen, in the order of their names, and from the beginning again after the end. */
  next(count: number): DiskRow[] {
    const names = this.#db.sql('SELECT name FROM channels WHERE name > ? ORDER BY name LIMIT ?').all(this.#hand, count)
    this.#hand = names.length < count ? '' : String(names.at(-1)?.['name'])
    return names.flatMap(({ name }) => this.find(String(name)) ?? [])
  }

  /** Forgets what is held in memory: after a transaction that was undone. */
  clearCache(): void {
    this.#cache.clear()
  }

  #remember(row: DiskRow): DiskRow {
    if (this.#cache.size >= MOST_CACHED) this.#cache.clear()
    this.#cache.set(row.name, row)
    return row
  }

  /** The row cannot be believed: the channel begins again, under another id and epoch. */
  #replace(row: DiskRow, why: string): void {
    const upTo = row.newest
    this.#alone(() => {
      const id = this.#state.addChannel()
      this.#state.removeChannel(row.name)
      Object.assign(row, { id, epoch: newEpoch(), newest: 0, oldest: 1, chain: 0 } satisfies Partial<DiskRow>)
      this.#state.save()
      this.save(row)
    })
    this.#report({ type: 'damaged', channel: row.name, upTo, why })
  }

  #renew(row: DiskRow): void {
    this.#alone(() => {
      row.epoch = newEpoch()
      this.save(row)
    })
  }

  #forgetOne(now: number): void {
    let least: DiskRow | undefined
    for (const row of [...this.next(SAMPLE), ...(this.#hand === '' ? this.next(SAMPLE) : [])]) {
      if (row.used < (least?.used ?? now)) least = row
    }
    if (least === undefined) return
    this.#db.sql('DELETE FROM channels WHERE name = ?').run(least.name)
    this.#db.sql('INSERT INTO graves VALUES (?)').run(least.id)
    this.#state.removeChannel(least.name)
    this.#cache.delete(least.name)
    this.#report({ type: 'forgotten', channel: least.name })
  }

  /** In a transaction of its own, or in the one that is open. */
  #alone(work: () => void): void {
    if (this.#db.inTransaction) work()
    else this.#db.transact(work)
  }
}

/** A row as it was read, the life of the store it was written in, and whether its seal is right. */
export function channelOf(read: Record<string, unknown>): { row: DiskRow; life: number; isWhole: boolean } {
  const row: DiskRow = {
    name: String(read['name']),
    id: Number(read['id']),
    epoch: String(read['epoch']),
    newest: Number(read['newest']),
    oldest: Number(read['oldest']),
    chain: Number(read['chain']),
    size: Number(read['size']),
    ttlMs: Number(read['ttl_ms']),
    used: Number(read['used']),
  }
  const life = Number(read['life'])
  return { row, life, isWhole: read['seal'] === sealOf(row, life) }
}

function sealOf({ name, id, epoch, newest, oldest, chain, size, ttlMs, used }: DiskRow, life: number): number {
  return crc32c(0, Buffer.from(`${name} ${id} ${epoch} ${newest} ${oldest} ${chain} ${size} ${ttlMs} ${used} ${life}`))
}
