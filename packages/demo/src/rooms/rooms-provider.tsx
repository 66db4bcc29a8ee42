// Holds all rooms of the page and keeps each fed, whichever is looked at: that is what unread badges need.

import { useCallback, useMemo, useReducer, type ReactNode } from 'react'
import { useReadMarks } from './use-read-marks.ts'
import { ROOMS, type RoomName } from './channels.ts'
import { EMPTY_ROOM, roomReducer, type Room, type RoomAction } from './room.ts'
import { RoomFeed } from './room-feed.tsx'
import { RoomsContext, type Rooms } from './rooms-context.ts'

const EMPTY = Object.fromEntries(ROOMS.map((room) => [room, EMPTY_ROOM])) as Record<RoomName, Room>

function reduce(rooms: Record<RoomName, Room>, { room, action }: { room: RoomName; action: RoomAction }) {
  return { ...rooms, [room]: roomReducer(rooms[room], action) }
}

export function RoomsProvider({ user, children }: { user: string; children: ReactNode }) {
  const [of, send] = useReducer(reduce, EMPTY)
  const { unread, read } = useReadMarks(user, of)
  const dispatch = useCallback((room: RoomName, action: RoomAction) => send({ room, action }), [])
  const rooms = useMemo<Rooms>(() => ({ user, of, unread, read, dispatch }), [user, of, unread, read, dispatch])
  return (
    <RoomsContext value={rooms}>
      {ROOMS.map((room) => (
        <RoomFeed key={room} room={room} />
      ))}
      {children}
    </RoomsContext>
  )
}
