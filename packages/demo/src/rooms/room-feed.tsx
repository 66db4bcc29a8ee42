// Feeds one room from its channel: publications, gaps, and the newest page of history once subscribed. Shows nothing.

import { useEffect } from 'react'
import { useChannel } from 'staywire/react'
import { roomChannel, type RoomName } from './channels.ts'
import { useRooms } from './rooms-context.ts'
import { useHistory } from './use-history.ts'

export function RoomFeed({ room }: { room: RoomName }) {
  const { of, dispatch } = useRooms()
  const { outcome, gap } = useChannel(
    roomChannel(room),
    (publication) => dispatch(room, { type: 'publication', publication }),
    { label: 'RoomFeed' },
  )
  const { loadNewest } = useHistory(room)
  const nothingYet = of[room].history === 'none'
  useEffect(() => {
    if (gap !== undefined) dispatch(room, { type: 'gap', gap })
  }, [gap, room, dispatch])
  useEffect(() => {
    if (outcome !== undefined && nothingYet) loadNewest()
  }, [outcome, nothingYet, loadNewest])
  return null
}
