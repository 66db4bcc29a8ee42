// Deletes what is kept no longer, in pieces: with each commit a little of what it pushed out, and in between a few milliseconds of the
// rest. Readers never see what is waiting here: they go by size and age, not by what the file still has.

import type { ChannelTable, DiskRow } from './channel-table.ts'
import type { ChunkTable } from './chunk-table.ts'
import type { Database } from './database.ts'
import type { KeyTable } from './key-table.ts'

/** What a sweeper works on. */
export interface Swept {
  readonly db: Database
  readonly channels: ChannelTable
  readonly chunks: ChunkTable
  readonly keys: KeyTable
}

/** Publications of a channel above its size that are left until they are worth a deletion. */
const SLACK = 32
/** Channels looked at in one step. */
const STEP = 64
/** How long it rests after a round, so that an idle store stays idle, in milliseconds. */
const REST_MS = 5_000
/** Deleting begins and ends at these parts of `maxBytes`. */
const PRESSURE = { above: 0.95, until: 0.85 } as const

/** The sweeper of an open store. */
export class Sweeper {
  readonly #files: Swept
  readonly #maxBytes: number
  #pressed = false
  /** When the next round over all channels begins, as the clock has it. */
  #roundAt = 0
  #pageBytes: number

  constructor(files: Swept, maxBytes: number) {
    this.#files = files
    this.#maxBytes = maxBytes
    this.#pageBytes = Number(files.db.pragma('page_size'))
  }

  /** Bytes of the database that are in use. */
  get usedBytes(): number {
    const { db } = this.#files
    return (Number(db.pragma('page_count')) - Number(db.pragma('freelist_count'))) * this.#pageBytes
  }

  /** Trims a channel that was just published to; part of the transaction. */
  trimAfter(row: DiskRow): void {
    const oldest = row.newest - row.size + 1
    if (oldest - row.oldest >= Math.max(SLACK, row.size / 8)) this.#files.chunks.trimBelow(row, oldest)
  }

  /** Whether the file was nearly as large as it may be when `measure` last looked. */
  get pressed(): boolean {
    return this.#pressed
  }

  /** Looks how large the file is. */
  measure(): void {
    this.#pressed = this.usedBytes > this.#maxBytes * (this.#pressed ? PRESSURE.until : PRESSURE.above)
  }

  /** Works for about `budgetMs`, as `clock` has it; a round over all channels takes as many calls as it needs. */
  sweep(now: number, budgetMs: number, clock: () => number): void {
    this.measure()
    const end = clock() + budgetMs
    this.#files.keys.expire(now)
    this.#bury()
    while (clock() < end && (this.#pressed || clock() >= this.#roundAt)) {
      const rows = this.#files.channels.next(STEP)
      if (rows.length < STEP) this.#roundAt = clock() + REST_MS
      this.#trim(rows, now)
      if (rows.length === 0) return
    }
  }

  #trim(rows: readonly DiskRow[], now: number): void {
    const { db, channels, chunks } = this.#files
    const due = rows.flatMap((row) => {
      const below = this.#keepFrom(row, now)
      return below > row.oldest ? [{ row, below }] : []
    })
    if (due.length === 0) return
    db.transact(() => {
      for (const { row, below } of due) {
        chunks.trimBelow(row, below)
        channels.save(row)
      }
    })
  }

  /** The offset below which everything of a channel may go. */
  #keepFrom(row: DiskRow, now: number): number {
    if (row.oldest > row.newest) return row.oldest
    const young = Math.max(this.#files.chunks.firstAfter(row, now - row.ttlMs), row.newest - row.size + 1)
    if (!this.#pressed) return young
    return Math.max(young, row.oldest + Math.ceil((row.newest - row.oldest + 1) / 8))
  }

  #bury(): void {
    const { db, chunks } = this.#files
    const grave = db.sql('SELECT id FROM graves LIMIT 1').get()
    if (grave === undefined) return
    db.transact(() => {
      const id = Number(grave['id'])
      if (chunks.bury(id)) db.sql('DELETE FROM graves WHERE id = ?').run(id)
    })
  }
}
