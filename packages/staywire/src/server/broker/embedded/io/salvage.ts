// Takes over what can still be read of a database that was set aside. Only whole things come along: rows whose seal is right, publications
// whose checksums are, keys likewise. What cannot be read is missing, and its clients get a gap.

import { DatabaseSync } from 'node:sqlite'
import { channelOf, type ChannelTable, type DiskRow } from './channel-table.ts'
import { checkChunk, CHUNK_COLUMNS, type Chunk } from './chunk-table.ts'
import type { Database } from './database.ts'
import { newEpoch } from './new-epoch.ts'
import type { StoreState } from './store-state.ts'

/** Where things are taken over to. */
export interface SalvageTarget {
  readonly db: Database
  readonly state: StoreState
  readonly channels: ChannelTable
}

/** What was taken over. */
export interface Salvaged {
  readonly channels: number
  readonly publications: number
}

/** Publications written in one transaction. */
const PER_TRANSACTION = 5_000

/** Copies from the database at `path` into a new one. Does not throw for anything that cannot be read. */
export function salvage(path: string, target: SalvageTarget): Salvaged {
  const salvaged = { channels: 0, publications: 0 }
  let old: DatabaseSync
  try {
    old = new DatabaseSync(path)
  } catch {
    return salvaged
  }
  try {
    let room = 0
    const life = lifeOf(old)
    for (const { row, isOfLife } of readableChannels(old, life)) {
      if (room <= 0) {
        if (target.db.inTransaction) target.db.exec('COMMIT')
        target.db.exec('BEGIN IMMEDIATE')
        room = PER_TRANSACTION
      }
      if (!isOfLife) row.epoch = newEpoch()
      const publications = takeOver(old, row, target)
      salvaged.channels++
      salvaged.publications += publications
      room -= publications + 1
    }
    if (target.db.inTransaction) {
      target.state.save()
      target.db.exec('COMMIT')
    }
  } finally {
    if (target.db.inTransaction) target.db.exec('ROLLBACK')
    old.close()
  }
  return salvaged
}

/** One channel: its newest publications up to the first that cannot be believed. Answers how many. */
function takeOver(old: DatabaseSync, row: DiskRow, { db, state, channels }: SalvageTarget): number {
  const { id: oldId, chain } = row
  const taken: DiskRow = { ...row, id: state.addChannel() }
  let next = row.newest
  let link = chain
  for (const chunk of readableChunks(old, oldId)) {
    if (chunk.last !== next || chunk.check !== link) break
    db.sql('INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT))').run(
      taken.id,
      chunk.first,
      chunk.last,
      chunk.at,
      chunk.prev,
      chunk.checks,
      chunk.records,
    )
    next = chunk.first - 1
    link = chunk.prev
  }
  if (next >= row.oldest) {
    taken.oldest = next + 1
    taken.epoch = newEpoch() // some of what it should have is missing
  }
  channels.save(taken)
  return row.newest - next
}

/** The life that rows must be of to keep their epochs; `undefined` when that cannot be read. */
function lifeOf(old: DatabaseSync): number | undefined {
  try {
    return Number(old.prepare('SELECT life FROM state').get()?.['life'])
  } catch {
    return undefined
  }
}

/** The rows that can be read: from the front up to a broken page, and then from the back. */
function* readableChannels(old: DatabaseSync, life: number | undefined): Iterable<{ row: DiskRow; isOfLife: boolean }> {
  let last = ''
  for (const order of ['ASC', 'DESC']) {
    try {
      for (const read of old.prepare(`SELECT * FROM channels WHERE name > ? ORDER BY name ${order}`).iterate(last)) {
        const channel = channelOf(read)
        if (order === 'ASC') last = channel.row.name
        if (channel.isWhole) yield { row: channel.row, isOfLife: channel.life === life }
      }
      return
    } catch {
      // A page is broken: try from the other end.
    }
  }
}

/** The chunks of a channel that can be read, newest first. */
function* readableChunks(old: DatabaseSync, id: number): Iterable<Chunk> {
  try {
    const sql = `SELECT ${CHUNK_COLUMNS} FROM chunks WHERE channel = ? ORDER BY first DESC`
    for (const read of old.prepare(sql).iterate(id)) yield checkChunk(read)
  } catch {
    // The rest is not there.
  }
}
