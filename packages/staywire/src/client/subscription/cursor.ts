// How far one subscription has come, and what a frame means for it. Pure comparison of positions: a position belongs to one
// reader, and readers of one channel may stand at different places.

import type { Gap, Outcome, PublicationFrame, SubscribedFrame } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'

/** What a `subscribed` means for one reader: its outcome and where it goes on. */
export interface Judgement {
  readonly outcome: Outcome
  readonly position: Position | undefined
  readonly recovered: number
  readonly gap?: Gap
}

/**
 * Judges a `subscribed` for a reader at `cursor` (`undefined`: nothing yet); `undefined` = it must ask from its own position.
 * `from` is the position that was asked from, which is the reader's own or an older one's: then a gap is the older one's
 * alone. PROTOCOL.md, REC.
 */
export function judge(
  cursor: Position | undefined,
  frame: SubscribedFrame,
  from = frame.gap?.from,
): Judgement | undefined {
  const { position, outcome, gap } = frame
  if (!cursor || !position) return { outcome: 'live', position, recovered: 0 }
  const same = cursor.epoch === position.epoch
  const missed = position.offset - cursor.offset
  const asked = from?.epoch === cursor.epoch ? from.offset : Infinity
  if (same && (!missed || (missed > 0 && outcome === 'recovered' && asked <= cursor.offset))) {
    return { outcome: 'recovered', position: cursor, recovered: missed }
  }
  // Asked from here and no better answer: asking once more would bring the same.
  if (same && asked !== cursor.offset) return undefined
  const why = !same ? 'epoch' : (gap?.why ?? (missed < 0 ? 'ahead' : 'trimmed'))
  return { outcome: 'gap', position, recovered: 0, gap: { from: cursor, to: position, why } }
}

/** Where a publication stands for a reader at `cursor`. PROTOCOL.md, REC-10, CLI-4 and CLI-5. */
export function place(
  cursor: Position,
  { offset = 0, prev = offset - 1 }: PublicationFrame,
): 'next' | 'known' | 'hole' {
  if (offset <= cursor.offset) return 'known'
  return prev <= cursor.offset ? 'next' : 'hole'
}
