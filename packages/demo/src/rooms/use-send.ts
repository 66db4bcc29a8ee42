// Sends messages to a room: shown at once as drafts, acknowledged or refused later.

import { useCallback } from 'react'
import { StaywireError } from 'staywire/client'
import { usePublish } from 'staywire/react'
import { roomChannel, type RoomName } from './channels.ts'
import { useRooms } from './rooms-context.ts'

/** Sends a text; with the key of a draft it sends that one again, which the server stores only once. */
export function useSend(room: RoomName): (text: string, key?: string) => void {
  const { dispatch, user } = useRooms()
  const publish = usePublish(roomChannel(room))
  return useCallback(
    (text, key = mintKey()) => {
      dispatch(room, { type: 'drafted', draft: { key, text, at: Date.now(), state: 'pending' } })
      publish({ text }, { key }).then(
        ({ position }) => {
          if (position !== undefined) dispatch(room, { type: 'stored', key, offset: position.offset, user })
        },
        (error: unknown) => {
          const uncertain = error instanceof StaywireError && error.code === 'unknown'
          dispatch(room, { type: 'refused', key, uncertain })
        },
      )
    },
    [dispatch, publish, room, user],
  )
}

/** A key nobody else mints. `crypto.randomUUID` is missing on pages that are neither https nor localhost. */
function mintKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
