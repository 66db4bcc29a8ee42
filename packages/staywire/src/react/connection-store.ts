// What `useConnection` shows of a client, as a store whose snapshot stays the same object until something changed.

import type { Cause, Client, Status } from '../client/index.ts'
import type { Store } from './store.ts'

/** Where the connection stands. */
export interface ConnectionSnapshot {
  readonly status: Status
  /** Why it is not connected, or was not before. */
  readonly cause: Cause | undefined
  /** When the next attempt is due, Unix milliseconds; only while `waiting`. */
  readonly retryAt: number | undefined
  /** The client itself; `undefined` while a server renders and, with `url`, until the provider has mounted. */
  readonly client: Client | undefined
}

/** Listens to the client of `get` while somebody looks; before that it shows `given`, or nothing. */
export function connectionStore(
  atRest: ConnectionSnapshot,
  given: Client | undefined,
  get: () => Client,
): Store<ConnectionSnapshot> {
  let last = given === undefined ? atRest : look(given)
  const refresh = (client: Client) => {
    const next = look(client)
    const same =
      last.client === client &&
      last.status === next.status &&
      last.cause === next.cause &&
      last.retryAt === next.retryAt
    if (!same) last = next
  }
  return {
    subscribe(changed) {
      const client = get()
      refresh(client)
      return client.on('status', () => {
        refresh(client)
        changed()
      })
    },
    snapshot: () => last,
  }
}

function look(client: Client): ConnectionSnapshot {
  return { status: client.status, cause: client.cause, retryAt: client.stats().retryAt, client }
}
