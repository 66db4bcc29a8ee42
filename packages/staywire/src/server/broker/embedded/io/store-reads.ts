// Reading from the store: positions, tails, recoveries, pages. What turns out to be damaged is given up before anything is answered.

import { PAGE_BYTES } from '../../../history/reading.ts'
import type { GapReason } from '../../../../protocol/frame.ts'
import type { Position } from '../../../../protocol/position.ts'
import type { ReadRequest } from '../store-messages.ts'
import type { ChannelTable, DiskRow } from './channel-table.ts'
import { Damage, type ChunkTable, type RecordRange } from './chunk-table.ts'
import type { StoreState } from './store-state.ts'

/** What reading needs. */
export interface Readable {
  readonly state: StoreState
  readonly channels: ChannelTable
  readonly chunks: ChunkTable
}

/** The answer to a read, with publications as the lines that are stored. */
export interface PackedReply {
  readonly position: Position
  readonly gap?: GapReason
  readonly first: number
  readonly lines: Uint8Array<ArrayBuffer>
  readonly size: number
  readonly ttlMs: number
}

/** A line counts a little more in a store than its publication does elsewhere: who asked cuts to the byte. */
const GENEROUS = 1.5

/** Answers a read. Each piece of damage found on the way costs its channel an epoch, and then the read begins again. */
export function readStored(files: Readable, request: ReadRequest): PackedReply {
  const row = files.channels.find(request.channel)
  if (row === undefined) return rowless(files, request)
  for (;;) {
    try {
      return reply(row, answer(files, row, request))
    } catch (error) {
      if (!(error instanceof Damage)) throw error
      files.channels.damaged(row, Math.min(error.upTo, row.newest), error.message)
    }
  }
}

type Answer = { readonly gap: GapReason } | RecordRange

const NONE: RecordRange = { first: 1, lines: [] }

function answer({ chunks }: Readable, row: DiskRow, request: ReadRequest): Answer {
  if (request.type === 'position') return NONE
  const young = chunks.firstAfter(row, request.now - row.ttlMs)
  const floor = Math.max(row.oldest, young, row.newest - row.size + 1)
  if (request.type === 'tail') return chunks.newest(row, row.newest, floor, generous(request.caps))
  if (request.type === 'recover') return recovery(chunks, row, floor, request)
  const { before = Infinity, after, limit } = request
  const to = Math.min(before - 1, row.newest)
  const limits = generous({ publications: limit, bytes: PAGE_BYTES })
  if (after === undefined) return chunks.newest(row, to, floor, limits)
  return chunks.oldest(row, Math.max(after + 1, floor), to, limits)
}

function recovery(
  chunks: ChunkTable,
  row: DiskRow,
  floor: number,
  { from, caps }: Extract<ReadRequest, { type: 'recover' }>,
): Answer {
  if (from.epoch !== row.epoch) return { gap: 'epoch' }
  if (from.offset > row.newest) return { gap: 'ahead' }
  if (from.offset === row.newest) return NONE
  if (from.offset + 1 < floor) return { gap: 'trimmed' }
  if (row.newest - from.offset > caps.publications) return { gap: 'too-many' }
  const range = chunks.newest(row, row.newest, from.offset + 1, generous(caps))
  return range.first > from.offset + 1 ? { gap: 'too-many' } : range
}

function reply(row: DiskRow, found: Answer): PackedReply {
  const { size, ttlMs } = row
  const position = { epoch: row.epoch, offset: row.newest }
  if ('gap' in found) return { position, gap: found.gap, first: 1, lines: new Uint8Array(0), size, ttlMs }
  return { position, first: found.first, lines: joined(found.lines), size, ttlMs }
}

function rowless({ state }: Readable, request: ReadRequest): PackedReply {
  const position = { epoch: state.baseEpoch(request.channel), offset: 0 }
  const none = { position, first: 1, lines: new Uint8Array(0), size: 0, ttlMs: 0 }
  if (request.type !== 'recover') return none
  if (request.from.epoch !== position.epoch) return { ...none, gap: 'epoch' }
  return request.from.offset > 0 ? { ...none, gap: 'ahead' } : none
}

function generous({ publications, bytes }: { publications: number; bytes: number }): {
  publications: number
  bytes: number
} {
  return { publications, bytes: bytes * GENEROUS }
}

/** The lines one after another, in memory of their own. */
function joined(lines: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(lines.reduce((bytes, line) => bytes + line.length, 0))
  let length = 0
  for (const line of lines) {
    all.set(line, length)
    length += line.length
  }
  return all
}
