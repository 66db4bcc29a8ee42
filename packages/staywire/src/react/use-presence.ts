// Who is in a channel, for components that show it.

import { useMemo, useSyncExternalStore } from 'react'
import type { PresenceMode, PresenceState } from '../client/index.ts'
import { useClientSource } from './client-source.ts'
import { componentName } from './component-name.ts'
import { openedStore } from './store.ts'

const NOBODY: PresenceState = { members: [], count: 0 }

/**
 * The members of a channel with presence, re-rendering as they come and go; nobody until the server has answered.
 * Subscribes like `useChannel`, over the same subscription on the wire. `mode` `'count'` asks for the number alone; `label` as in
 * `SubscribeOptions`.
 */
export function usePresence(
  channel: string | undefined,
  mode: PresenceMode = 'members',
  label?: string,
): PresenceState {
  const source = useClientSource()
  const store = useMemo(() => {
    const name = label ?? componentName()
    return openedStore(NOBODY, (push) => {
      if (channel === undefined) return () => {}
      const labelled = name === undefined ? {} : { label: name }
      const subscription = source.get().subscribe(channel, undefined, { presence: mode, ...labelled })
      const off = subscription.on('presence', push)
      if (subscription.presence !== undefined) push(subscription.presence)
      return () => {
        off()
        subscription.unsubscribe()
      }
    })
  }, [source, channel, mode, label])
  return useSyncExternalStore(store.subscribe, store.snapshot, () => NOBODY)
}
