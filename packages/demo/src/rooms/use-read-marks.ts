// How far this user has read, remembered for all tabs of the browser.

import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useStored } from '../look/stored.ts'
import { ROOMS, roomChannel, type RoomName } from './channels.ts'
import type { Room } from './room.ts'
import { countUnread, markRead, readMarks } from './unread.ts'

type PerRoom<Value> = Readonly<Record<RoomName, Value>>

/** Unread counts per room, and `read`, which marks a room as read to its end. */
export function useReadMarks(
  user: string,
  of: PerRoom<Room>,
): { unread: PerRoom<number>; read: (room: RoomName) => void } {
  const [text, store] = useStored(`staywire.demo.read.${user}`)
  const marks = useMemo(() => readMarks(text), [text])
  const latest = useRef({ marks, of })
  useEffect(() => {
    latest.current = { marks, of }
  })
  const read = useCallback(
    (room: RoomName) => {
      const before = latest.current.marks
      const after = markRead(before, roomChannel(room), latest.current.of[room])
      if (after === before) return
      latest.current.marks = after
      store(JSON.stringify(after))
    },
    [store],
  )
  useEffect(() => {
    // A room seen for the first time starts with nothing unread.
    for (const room of ROOMS) if (marks[roomChannel(room)] === undefined && of[room].epoch !== undefined) read(room)
  }, [marks, of, read])
  const unread = useMemo(() => {
    const count = (room: RoomName) => [room, countUnread(marks, roomChannel(room), of[room], user)]
    return Object.fromEntries(ROOMS.map(count)) as Record<RoomName, number>
  }, [marks, of, user])
  return { unread, read }
}
