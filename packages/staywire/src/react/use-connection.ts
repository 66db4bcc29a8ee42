// The state of the connection, for components that show it or switch it.

import { useSyncExternalStore } from 'react'
import { useClientSource } from './client-source.ts'
import type { ConnectionSnapshot } from './connection-store.ts'

/** What `useConnection` answers. */
export interface UseConnection extends ConnectionSnapshot {
  /** Asks for a connection; resolves when connected. The same function at every render. */
  readonly connect: () => Promise<void>
  /** Closes and stays closed until `connect()`; `end` ends the session too. The same function at every render. */
  readonly disconnect: (options?: { end?: boolean }) => void
}

/** Status, cause and next attempt of the connection, re-rendering when they change. Does not ask for a connection. */
export function useConnection(): UseConnection {
  const { connection, atRest, connect, disconnect } = useClientSource()
  const snapshot = useSyncExternalStore(connection.subscribe, connection.snapshot, () => atRest)
  return { ...snapshot, connect, disconnect }
}
