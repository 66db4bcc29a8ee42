// How far somebody has read, per room, and what is unread by that. Pure.

import type { Room } from './room.ts'

/** The last message read in each room, by channel. */
export type ReadMarks = Readonly<Record<string, { readonly epoch: string; readonly offset: number }>>

/** Reads what `writeMarks` wrote; anything else is no marks. */
export function readMarks(text: string | null): ReadMarks {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ReadMarks) : {}
  } catch {
    return {}
  }
}

/** The marks with the room read to its end; the same object when it was already. */
export function markRead(marks: ReadMarks, channel: string, { epoch, messages }: Room): ReadMarks {
  const offset = messages.at(-1)?.offset ?? 0
  const mark = marks[channel]
  if (epoch === undefined || (mark?.epoch === epoch && mark.offset >= offset)) return marks
  return { ...marks, [channel]: { epoch, offset } }
}

/** How many messages of others came after the mark. A room that was never opened has nothing unread. */
export function countUnread(marks: ReadMarks, channel: string, { epoch, messages }: Room, user: string): number {
  const mark = marks[channel]
  if (mark === undefined || epoch === undefined) return 0
  const from = mark.epoch === epoch ? mark.offset : 0
  return messages.filter((message) => message.offset > from && message.from !== user).length
}

/** As shown on a badge. */
export const badge = (unread: number): string => (unread > 99 ? '99+' : String(unread))
