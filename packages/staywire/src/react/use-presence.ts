// Who is in a channel, for components that show it.

import { useMemo, useSyncExternalStore } from 'react'
import type { PresenceMode, PresenceState } from '../client/index.ts'
import { useClientSource } from './client-source.ts'
import { openedStore } from './store.ts'

const NOBODY: PresenceState = { members: [], count: 0 }

/**
 * The members of a channel with presence, re-rendering as they come and go; nobody until the server has answered.
 * Subscribes like `useChannel`, over the same subscription on the wire. `mode` `'count'` asks for the number alone.
 */
export function usePresence(channel: string | undefined, mode: PresenceMode = 'members'): PresenceState {
  const source = useClientSource()
  const store = useMemo(
    () =>
      openedStore(NOBODY, (push) => {
        if (channel === undefined) return () => {}
        const subscription = source.get().subscribe(channel, undefined, { presence: mode })
        const off = subscription.on('presence', push)
        if (subscription.presence !== undefined) push(subscription.presence)
        return () => {
          off()
          subscription.unsubscribe()
        }
      }),
    [source, channel, mode],
  )
  return useSyncExternalStore(store.subscribe, store.snapshot, () => NOBODY)
}
