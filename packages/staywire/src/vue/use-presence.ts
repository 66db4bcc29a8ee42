// Who is in a channel, for components that show it.

import { shallowRef, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import type { PresenceMode, PresenceState } from '../client/index.ts'
import { useOpenChannel } from './use-open-channel.ts'

const NOBODY: PresenceState = { members: [], count: 0 }

/** The members of a channel with presence; nobody until the server has answered. `mode` `'count'` asks for the number alone; `label` as in `SubscribeOptions`. */
export function usePresence(
  channel: MaybeRefOrGetter<string | undefined>,
  mode: PresenceMode = 'members',
  label?: string,
): Readonly<ShallowRef<PresenceState>> {
  const now = shallowRef(NOBODY)
  useOpenChannel(channel, (client, name, labelled) => {
    now.value = NOBODY
    if (name === undefined) return undefined
    const subscription = client.subscribe(name, undefined, {
      presence: mode,
      ...labelled,
      ...(label === undefined ? {} : { label }),
    })
    subscription.on('presence', (state) => (now.value = state))
    now.value = subscription.presence ?? NOBODY
    return () => subscription.unsubscribe()
  })
  return now
}
