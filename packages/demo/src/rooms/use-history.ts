// Loads pages of a room's history into it.

import { useCallback } from 'react'
import { useConnection } from 'staywire/react'
import { roomChannel, type RoomName } from './channels.ts'
import { useRooms } from './rooms-context.ts'

/** Messages on one page. */
const PAGE = 50

/** `loadNewest` starts over from the newest page, `loadOlder` goes on backwards from `before`. */
export function useHistory(room: RoomName): { loadNewest: () => void; loadOlder: (before: number) => void } {
  const { client } = useConnection()
  const { dispatch } = useRooms()
  const load = useCallback(
    (before?: number) => {
      if (client === undefined) return
      dispatch(room, { type: 'history-wanted' })
      client.history(roomChannel(room), { limit: PAGE, ...(before === undefined ? {} : { before }) }).then(
        ({ publications, position }) =>
          dispatch(room, {
            type: 'history',
            publications,
            epoch: position.epoch,
            newest: before === undefined,
            full: publications.length === PAGE,
          }),
        () => dispatch(room, { type: 'history-failed' }),
      )
    },
    [client, dispatch, room],
  )
  const loadNewest = useCallback(() => load(), [load])
  return { loadNewest, loadOlder: load }
}
