// All rooms of the page, for the components that show or change them.

import { createContext, useContext } from 'react'
import type { RoomName } from './channels.ts'
import type { Room, RoomAction } from './room.ts'

/** All rooms, who looks at them, and how to change them. */
export interface Rooms {
  readonly user: string
  readonly of: Readonly<Record<RoomName, Room>>
  readonly unread: Readonly<Record<RoomName, number>>
  /** The same function at every render. */
  readonly dispatch: (room: RoomName, action: RoomAction) => void
  /** Says that a room was read to its end. The same function at every render. */
  readonly read: (name: RoomName, room: Room) => void
}

/** Given by `RoomsProvider`. */
export const RoomsContext = createContext<Rooms | undefined>(undefined)

/** The rooms of the page. */
export function useRooms(): Rooms {
  const rooms = useContext(RoomsContext)
  if (rooms === undefined) throw new Error('useRooms needs <RoomsProvider> above it.')
  return rooms
}
