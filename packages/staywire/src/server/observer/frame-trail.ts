// The types of the last few frames of one direction, packed into one small integer: kept for each connection, read when it
// ends. It keeps no frames.

import type { ClientFrame, ServerFrame } from '../../protocol/frame.ts'

/** Any frame's type. */
export type FrameType = ClientFrame['type'] | ServerFrame['type']

/** A type's place is its code; 0 stands for nothing. */
const TYPES: readonly (FrameType | undefined)[] = [
  undefined,
  'connect',
  'connected',
  'subscribe',
  'subscribed',
  'unsubscribe',
  'unsubscribed',
  'publish',
  'published',
  'publication',
  'call',
  'result',
  'refresh',
  'presence',
  'history',
  'ping',
  'pong',
  'join',
  'leave',
  'disconnect',
  'error',
]
const CODES: ReadonlyMap<string | undefined, number> = new Map(TYPES.map((type, code) => [type, code]))

const BITS = 5
const MASK = (1 << BITS) - 1
/** Six codes fit into the 30 bits that every engine keeps without an object of its own. */
const ROOM = (1 << 30) - 1

/** The trail with one type more; the oldest falls out. */
export function trailed(trail: number, type: FrameType): number {
  return ((trail << BITS) | (CODES.get(type) ?? 0)) & ROOM
}

/** The types of a trail, oldest first. */
export function typesOf(trail: number): FrameType[] {
  const types: FrameType[] = []
  for (let rest = trail; rest > 0; rest >>= BITS) {
    const type = TYPES[rest & MASK]
    if (type !== undefined) types.unshift(type)
  }
  return types
}
