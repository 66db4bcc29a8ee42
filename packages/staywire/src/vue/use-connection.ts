// The state of the connection, for components that show it or switch it.

import { computed, shallowRef, type ComputedRef } from 'vue'
import type { Cause, Client, Status } from '../client/index.ts'
import { useClientSource } from './client-source.ts'
import { whileMounted } from './while-mounted.ts'

/** What `useConnection` answers. */
export interface UseConnection {
  readonly status: ComputedRef<Status>
  /** Why it is not connected, or was not before. */
  readonly cause: ComputedRef<Cause | undefined>
  /** When the next attempt is due, Unix milliseconds; only while `waiting`. */
  readonly retryAt: ComputedRef<number | undefined>
  /** The client itself; `undefined` until the component has mounted, where the plugin was given a URL. */
  readonly client: ComputedRef<Client | undefined>
  /** Asks for a connection; resolves when connected. */
  readonly connect: () => Promise<void>
  /** Closes and stays closed until `connect()`; `end` ends the session too. */
  readonly disconnect: (options?: { end?: boolean }) => void
}

/** Status, cause and next attempt of the connection. Does not ask for a connection. */
export function useConnection(): UseConnection {
  const source = useClientSource()
  const now = shallowRef(look(source.peek()))
  whileMounted(() => {
    const client = source.get()
    now.value = look(client)
    return client.on('status', () => (now.value = look(client)))
  })
  return {
    status: computed(() => now.value.status),
    cause: computed(() => now.value.cause),
    retryAt: computed(() => now.value.retryAt),
    client: computed(() => now.value.client),
    connect: () => source.get().connect(),
    disconnect: (options) => source.get().disconnect(options),
  }
}

interface Look {
  status: Status
  cause?: Cause | undefined
  retryAt?: number | undefined
  client?: Client | undefined
}

function look(client: Client | undefined): Look {
  if (client === undefined) return { status: 'idle' }
  return { status: client.status, cause: client.cause, retryAt: client.stats().retryAt, client }
}
