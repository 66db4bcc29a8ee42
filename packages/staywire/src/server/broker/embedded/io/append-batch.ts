// Appending one batch inside a transaction: keys are looked up, offsets given, lines stored. It does not commit.

import type { Position } from '../../../../protocol/position.ts'
import { unpackBatch, type PackedGroup, type PackedRecord } from './batch-bytes.ts'
import type { DiskRow } from './channel-table.ts'
import type { StoreFiles } from './store-files.ts'
import type { Sweeper } from './sweeper.ts'

/** What became of a batch: for each group its epoch, for all records in order what `GroupResult` says. */
export interface BatchReply {
  readonly at: number
  readonly epochs: readonly string[]
  readonly offsets: Float64Array<ArrayBuffer>
  readonly duplicates: readonly Position[]
}

/** A channel as it was before a batch; `row` is absent where the batch made it. */
export interface Before {
  readonly name: string
  readonly row: DiskRow | undefined
}

/** Stores the batch in `bytes`; notes in `before` what it changes. */
export function appendBatch(files: StoreFiles, sweeper: Sweeper, bytes: Buffer, before: Before[]): BatchReply {
  const { at, groups } = unpackBatch(bytes)
  const offsets = new Float64Array(groups.reduce((count, { records }) => count + records.length, 0))
  const answer = new Answer(offsets)
  const epochs: string[] = []
  for (const group of groups) {
    const row = rowFor(files, group, at, before)
    epochs.push(row.epoch)
    const fresh = group.records.filter((record) => answer.isNew(files, row, bytes, record, at))
    answer.endGroup()
    if (fresh.length > 0) {
      const [lines, ends] = linesOf(bytes, fresh)
      files.chunks.append(row, at, lines, ends)
      sweeper.trimAfter(row)
    }
    files.channels.save(row)
  }
  files.keys.save(files.state.sequence + 1, at)
  files.state.commit()
  return { at, epochs, offsets, duplicates: answer.duplicates }
}

/** The answers to the records of a batch, as they are found. */
class Answer {
  readonly duplicates: Position[] = []
  readonly #offsets: Float64Array
  #filled = 0
  /** New ones of the group in hand. */
  #fresh = 0

  constructor(offsets: Float64Array) {
    this.#offsets = offsets
  }

  /** Answers one record: whether it is new, and if so its offset and its key are settled now. */
  isNew({ keys }: StoreFiles, row: DiskRow, bytes: Buffer, record: PackedRecord, at: number): boolean {
    const key = record.keyed ? keys.keyOf(row.name, bytes, record) : undefined
    const used = key === undefined ? undefined : keys.find(key, at)
    if (used !== undefined) {
      this.#offsets[this.#filled++] = used.samePayload ? -this.duplicates.push(used.position) : 0
      return false
    }
    const offset = row.newest + ++this.#fresh
    if (key !== undefined) keys.add(key, { epoch: row.epoch, offset })
    this.#offsets[this.#filled++] = offset
    return true
  }

  endGroup(): void {
    this.#fresh = 0
  }
}

function rowFor(
  { channels }: StoreFiles,
  { channel, size, ttlMs }: PackedGroup,
  at: number,
  before: Before[],
): DiskRow {
  const found = channels.find(channel)
  before.push({ name: channel, row: found === undefined ? undefined : { ...found } })
  return Object.assign(found ?? channels.create(channel, at), { size, ttlMs, used: at })
}

/** The lines of records one after another, and where each ends: the batch itself where all are taken, else a copy. */
function linesOf(bytes: Buffer, records: readonly PackedRecord[]): [lines: Buffer, ends: number[]] {
  const first = records[0] as PackedRecord
  const last = records.at(-1) as PackedRecord
  const ends: number[] = []
  let length = 0
  for (const { start, end } of records) ends.push((length += end - start))
  if (length === last.end - first.start) return [bytes.subarray(first.start, last.end), ends]
  return [Buffer.concat(records.map(({ start, end }) => bytes.subarray(start, end))), ends]
}
