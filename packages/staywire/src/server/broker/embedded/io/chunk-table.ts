// The stored publications: written as chunks, one per channel and commit, read back only after every checksum on the way was right.

import { crc32c, crc32cOfInteger } from '../crc32c.ts'
import type { DiskRow } from './channel-table.ts'
import type { Database } from './database.ts'

/** Lines of publications with consecutive offsets. */
export interface RecordRange {
  readonly first: number
  readonly lines: readonly Uint8Array[]
}

/** One row, checked. */
export interface Chunk {
  readonly first: number
  readonly last: number
  readonly at: number
  readonly prev: number
  readonly checks: Uint8Array
  readonly records: Uint8Array
  readonly lines: readonly Uint8Array[]
  /** Checksum of the last line. */
  readonly check: number
}

/** What is read at most. */
export interface RangeLimits {
  readonly publications: number
  readonly bytes: number
}

/** Something stored is not what was stored: `upTo` is the newest offset that cannot be believed. */
export class Damage extends Error {
  readonly upTo: number

  constructor(upTo: number, message: string) {
    super(message)
    this.upTo = upTo
  }
}

/** What `checkChunk` looks at. */
export const CHUNK_COLUMNS = 'first, last, at, prev, checks, CAST(records AS BLOB) AS records'
/** A chunk is closed at this size, so that reading and trimming stay fine-grained. */
const CHUNK_BYTES = 262_144
/** Rows deleted by one call: a few milliseconds. */
const DELETES = 512
const LINE_FEED = 10

/** The chunks of an open store. */
export class ChunkTable {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /**
   * Adds lines to a channel, whose row moves on; part of a transaction. `bytes` has the lines one after another, `ends` where each ends.
   */
  append(row: DiskRow, at: number, bytes: Uint8Array, ends: readonly number[]): void {
    let from = 0
    let start = 0
    while (from < ends.length) {
      let count = 1
      while (from + count < ends.length && (ends[from + count] as number) - start <= CHUNK_BYTES) count++
      const end = ends[from + count - 1] as number
      this.#insert(
        row,
        at,
        bytes.subarray(start, end),
        ends.slice(from, from + count).map((one) => one - start),
      )
      from += count
      start = end
    }
  }

  /** The newest publications of a channel that fit into `limits`, at least `atLeast`, none below `floor`. */
  newest(row: DiskRow, to: number, floor: number, limits: RangeLimits): RecordRange {
    const lines: Uint8Array[] = []
    let next = to
    let bytes = 0
    let link: number | undefined = to === row.newest ? row.chain : undefined
    const statement = this.#db.sql(
      `SELECT ${CHUNK_COLUMNS} FROM chunks WHERE channel = ? AND first <= ? ORDER BY first DESC`,
    )
    for (const read of next < floor ? [] : statement.iterate(row.id, to)) {
      const chunk = checkChunk(read, next)
      if (link !== undefined && chunk.last === next && chunk.check !== link) {
        throw new Damage(chunk.last, 'what was stored last is not there')
      }
      for (; next >= Math.max(floor, chunk.first); next--) {
        const line = chunk.lines[next - chunk.first] as Uint8Array
        bytes += line.length
        if (lines.length === limits.publications || (bytes > limits.bytes && lines.length > 0)) break
        lines.push(line)
      }
      if (next >= Math.max(floor, chunk.first) || next < floor) break
      link = chunk.prev
    }
    const range = { first: to - lines.length + 1, lines: lines.reverse() }
    const full = lines.length === limits.publications || bytes > limits.bytes
    if (!full && range.first > floor) throw new Damage(range.first - 1, 'publications are missing')
    return range
  }

  /** Publications from `from` on up to `to` that fit into `limits`. */
  oldest(row: DiskRow, from: number, to: number, limits: RangeLimits): RecordRange {
    const lines: Uint8Array[] = []
    let next = from
    let bytes = 0
    while (next <= to) {
      const read = this.#db
        .sql(`SELECT ${CHUNK_COLUMNS} FROM chunks WHERE channel = ? AND first <= ? ORDER BY first DESC LIMIT 1`)
        .get(row.id, next)
      const chunk = read === undefined ? undefined : checkChunk(read)
      if (chunk === undefined || chunk.last < next) throw new Damage(next, 'publications are missing')
      for (; next <= Math.min(to, chunk.last); next++) {
        const line = chunk.lines[next - chunk.first] as Uint8Array
        bytes += line.length
        if (lines.length === limits.publications || (bytes > limits.bytes && lines.length > 0))
          return { first: from, lines }
        lines.push(line)
      }
    }
    return { first: from, lines }
  }

  /** Deletes chunks that lie wholly below `offset`, a bounded number per call, and notes it in the row; answers whether there were any. */
  trimBelow(row: DiskRow, offset: number): boolean {
    const reach = this.#db
      .sql('SELECT last FROM chunks WHERE channel = ? ORDER BY first LIMIT 1 OFFSET ?')
      .get(row.id, DELETES)
    const upTo = Math.min(offset - 1, reach === undefined ? Infinity : Number(reach['last']))
    const { changes } = this.#db
      .sql('DELETE FROM chunks WHERE channel = ? AND first <= ? AND last <= ?')
      .run(row.id, upTo, upTo)
    const [oldest] = this.#db.sql('SELECT first FROM chunks WHERE channel = ? ORDER BY first LIMIT 1').all(row.id)
    row.oldest = Math.max(row.oldest, oldest === undefined ? row.newest + 1 : Number(oldest['first']))
    return Number(changes) > 0
  }

  /** The first offset that was stored after `at`; all of one chunk were stored at the same time. */
  firstAfter(row: DiskRow, at: number): number {
    let low = row.oldest
    let high = row.newest + 1
    let probe = low
    while (low < high) {
      const chunk = this.#db
        .sql('SELECT first, last, at FROM chunks WHERE channel = ? AND first <= ? ORDER BY first DESC LIMIT 1')
        .get(row.id, probe)
      if (chunk === undefined) return row.oldest // damaged: found out by who reads it
      if (Number(chunk['at']) <= at) low = Math.max(low + 1, Number(chunk['last']) + 1)
      else high = Math.max(low, Math.min(probe, Number(chunk['first'])))
      probe = Math.floor((low + high) / 2)
    }
    return low
  }

  /** Deletes everything of a forgotten channel, a bounded number of rows per call; answers whether nothing is left. */
  bury(id: number): boolean {
    const reach = this.#db
      .sql('SELECT first FROM chunks WHERE channel = ? ORDER BY first LIMIT 1 OFFSET ?')
      .get(id, DELETES)
    const below = reach === undefined ? Number.MAX_SAFE_INTEGER : Number(reach['first'])
    this.#db.sql('DELETE FROM chunks WHERE channel = ? AND first < ?').run(id, below)
    return reach === undefined
  }

  #insert(row: DiskRow, at: number, bytes: Uint8Array, ends: readonly number[]): void {
    const checks = new Uint8Array(ends.length * 4)
    const view = new DataView(checks.buffer)
    const first = row.newest + 1
    const prev = row.chain
    let start = 0
    for (const [index, end] of ends.entries()) {
      row.newest++
      row.chain = crc32c(crc32cOfInteger(row.chain, row.newest), bytes, start, end)
      view.setUint32(index * 4, row.chain, true)
      start = end
    }
    this.#db
      .sql('INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT))')
      .run(row.id, first, row.newest, at, prev, checks, bytes)
  }
}

/** Reads one row and believes it only if every line has its checksum. `reaching`: it must go up to there. */
export function checkChunk(read: Record<string, unknown>, reaching?: number): Chunk {
  const [first, last, prev] = [Number(read['first']), Number(read['last']), Number(read['prev'])]
  const { records, checks } = read
  const worst = Math.max(reaching ?? 0, first, last)
  if (!(records instanceof Uint8Array) || !(checks instanceof Uint8Array))
    throw new Damage(worst, 'a chunk has no content')
  if (reaching !== undefined && last < reaching) throw new Damage(reaching, 'publications are missing')
  if (checks.length !== (last - first + 1) * 4) throw new Damage(worst, 'a chunk has the wrong number of publications')
  const view = new DataView(checks.buffer, checks.byteOffset, checks.length)
  const lines: Uint8Array[] = []
  let [start, crc] = [0, prev]
  for (let offset = first; offset <= last; offset++) {
    const end = records.indexOf(LINE_FEED, start) + 1
    crc = crc32c(crc32cOfInteger(crc, offset), records, start, end === 0 ? records.length : end)
    if (end === 0 || crc !== view.getUint32((offset - first) * 4, true)) throw new Damage(last, 'a checksum is wrong')
    lines.push(records.subarray(start, end))
    start = end
  }
  if (start !== records.length) throw new Damage(last, 'a chunk is too long')
  return { first, last, at: Number(read['at']), prev, checks, records, lines, check: crc }
}
