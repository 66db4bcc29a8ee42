// Reading what a channel keeps: recovery (all or nothing) and pages. Pure; what counts as expired was decided by the caller.

import type { StoredPublication } from '../../protocol/codec.ts'
import type { Position } from '../../protocol/position.ts'
import type { HistoryPage, Recovery, RecoveryCaps } from '../broker/broker.ts'
import { publicationBytes } from './publication-bytes.ts'
import type { PublicationRing } from './publication-ring.ts'

/** Most bytes in one page of history: a page must fit into the outbox of the connection that asked for it. */
export const PAGE_BYTES = 524_288

/** What a page asks for: exclusive offsets. Without both, the newest page; with `after`, forwards from there. */
export interface PageRequest {
  readonly before?: number
  readonly after?: number
  readonly limit: number
}

/** What a channel keeps at one moment. */
export interface Kept {
  readonly position: Position
  /** Absent when nothing is kept. Ends at `position`. */
  readonly ring: PublicationRing | undefined
  /** How many of the oldest in the ring are too old or too many, and count as gone. */
  readonly expired: number
}

/** Everything after `from`, or why not. PROTOCOL.md REC-5, REC-6, REC-7. */
export function readRecovery(kept: Kept, from: Position, caps: RecoveryCaps): Recovery {
  const { position, ring, expired } = kept
  if (from.epoch !== position.epoch) return { outcome: 'gap', why: 'epoch', position }
  if (from.offset > position.offset) return { outcome: 'gap', why: 'ahead', position }
  const missed = position.offset - from.offset
  if (missed === 0) return { outcome: 'recovered', publications: [], position }
  if (ring === undefined || missed > ring.count - expired) return { outcome: 'gap', why: 'trimmed', position }
  if (missed > caps.publications) return { outcome: 'gap', why: 'too-many', position }
  const publications = ring.slice(ring.count - missed, ring.count)
  if (bytesOf(publications) > caps.bytes) return { outcome: 'gap', why: 'too-many', position }
  return { outcome: 'recovered', publications, position }
}

/** One page, ascending, of at most `limit` publications and `PAGE_BYTES` bytes, but always one where there is one. PROTOCOL.md HIST-2. */
export function readPage(kept: Kept, { before, after, limit }: PageRequest): HistoryPage {
  const { position, ring, expired } = kept
  if (ring === undefined) return { publications: [], position }
  const first = position.offset - ring.count + 1
  const end = before === undefined ? ring.count : clamp(before - first, 0, ring.count)
  if (after === undefined) {
    const found = ring.slice(Math.max(expired, end - limit), end)
    return { publications: cutToPage(found, {}), position }
  }
  const start = clamp(after - first + 1, expired, end)
  const found = ring.slice(start, Math.min(end, start + limit))
  return { publications: cutToPage(found, { after }), position }
}

/** As many of what was found as fit into one page: the newest, or with `after` the oldest. */
export function cutToPage(
  found: readonly StoredPublication[],
  { after }: { after?: number },
): readonly StoredPublication[] {
  if (after !== undefined) return found.slice(0, fitting(found))
  return found.slice(found.length - fitting(found.toReversed()))
}

/** How many of the first fit into one page. */
function fitting(publications: readonly StoredPublication[]): number {
  let bytes = 0
  for (const [index, publication] of publications.entries()) {
    bytes += publicationBytes(publication)
    if (bytes > PAGE_BYTES && index > 0) return index
  }
  return publications.length
}

function bytesOf(publications: readonly StoredPublication[]): number {
  return publications.reduce((bytes, publication) => bytes + publicationBytes(publication), 0)
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
