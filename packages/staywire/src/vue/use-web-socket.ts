// The composable for pages that thought in sockets before: one switch, one flag, one stream of messages.

import { computed, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import type { ChannelName, Publication } from '../client/index.ts'
import { useConnection } from './use-connection.ts'
import { useOpenChannel } from './use-open-channel.ts'

/** What `useWebSocket` answers. */
export interface UseWebSocket<Data> {
  readonly isConnected: ComputedRef<boolean>
  /** At sign-in. Resolves when connected; concurrent calls share one attempt. */
  readonly connect: () => Promise<void>
  /** At sign-out. Ends the session too. */
  readonly disconnect: () => void
  /** Called for each publication of the channel; returns its undo. */
  readonly onMessage: (listener: (data: Data, publication: Publication<Data>) => void) => () => void
}

/** The connection as a socket that receives what is published to `channel`, e.g. `userChannel(id)` for one's own notifications. */
export function useWebSocket<Data = unknown>(
  channel: MaybeRefOrGetter<ChannelName<Data> | undefined>,
): UseWebSocket<Data> {
  const { status, connect, disconnect } = useConnection()
  const listeners = new Set<(data: Data, publication: Publication<Data>) => void>()
  useOpenChannel(channel, (client, name, labelled) => {
    if (name === undefined) return undefined
    const hand = (publication: Publication<Data>) => {
      for (const listener of listeners) listener(publication.data, publication)
    }
    const subscription = client.subscribe(name, hand, labelled)
    return () => subscription.unsubscribe()
  })
  return {
    isConnected: computed(() => status.value === 'connected'),
    connect,
    disconnect: () => disconnect({ end: true }),
    onMessage(listener) {
      const mine: typeof listener = (data, publication) => listener(data, publication)
      listeners.add(mine)
      return () => void listeners.delete(mine)
    },
  }
}
