// How far this user has read, remembered for all tabs of the browser.

import { useStored } from '@staywire/look'
import { useCallback, useEffect, useMemo } from 'react'
import { ROOMS, roomChannel, type RoomName } from './channels.ts'
import type { Room } from './room.ts'
import { countUnread, markRead, readMarks } from './unread.ts'

type PerRoom<Value> = Readonly<Record<RoomName, Value>>

/** Unread counts per room, and `read`, which marks a room as read to the end of what it holds. */
export function useReadMarks(
  user: string,
  of: PerRoom<Room>,
): { unread: PerRoom<number>; read: (name: RoomName, room: Room) => void } {
  const key = `staywire.demo.read.${user}`
  const [text, store] = useStored(key)
  const marks = useMemo(() => readMarks(text), [text])
  const read = useCallback(
    (name: RoomName, room: Room) => {
      const before = readMarks(localStorage.getItem(key)) // another tab may have read on meanwhile
      const after = markRead(before, roomChannel(name), room)
      if (after !== before) store(JSON.stringify(after))
    },
    [key, store],
  )
  useEffect(() => {
    // A room seen for the first time starts with nothing unread.
    for (const name of ROOMS) if (marks[roomChannel(name)] === undefined) read(name, of[name])
  }, [marks, of, read])
  const unread = useMemo(() => {
    const count = (name: RoomName) => [name, countUnread(marks, roomChannel(name), of[name], user)]
    return Object.fromEntries(ROOMS.map(count)) as Record<RoomName, number>
  }, [marks, of, user])
  return { unread, read }
}
