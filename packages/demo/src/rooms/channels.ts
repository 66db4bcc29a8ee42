// The rooms of the demo and the channels behind them.

import type { ChannelName } from 'staywire/protocol'

/** The rooms, in the order shown. */
export const ROOMS = ['general', 'random', 'help'] as const

/** A room of the demo. */
export type RoomName = (typeof ROOMS)[number]

/** What one publishes to a room. */
export interface RoomData {
  readonly text: string
}

/** The channel of a room. */
export const roomChannel = (room: RoomName): ChannelName<RoomData> => `chat:${room}`

/** The room that a URL fragment names; the first one when it names none. */
export function roomOfHash(hash: string): RoomName {
  return ROOMS.find((room) => `#${room}` === hash) ?? ROOMS[0]
}
