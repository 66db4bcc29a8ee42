// Where the hooks of one provider find their client. Making it is put off until the first effect: rendering makes nothing.

import { createContext, useContext } from 'react'
import { type Client, type ClientOptions, createClient, StaywireError } from '../client/index.ts'
import { connectionStore, type ConnectionSnapshot } from './connection-store.ts'
import type { Store } from './store.ts'

/** What a provider hands to the hooks below it. */
export interface ClientSource {
  /** The client, made at the first call. For effects and event handlers, not for rendering. */
  get(): Client
  /** Says what to make it with. `getToken` counts even after it was made. */
  configure(options: ClientOptions | undefined): void
  readonly connection: Store<ConnectionSnapshot>
  /** What a server renders, and a browser while it hydrates. */
  readonly atRest: ConnectionSnapshot
  readonly connect: () => Promise<void>
  readonly disconnect: (options?: { end?: boolean }) => void
}

/** Private to the bindings: apps use the hooks. */
export const ClientContext = createContext<ClientSource | undefined>(undefined)

/** The source of a client that is there already, or of one that is made from `url` and `identity` when it is first needed. */
export function clientSource(
  given: Client | undefined,
  url: string | undefined,
  identity: string | undefined,
): ClientSource {
  let client = given
  let latest: ClientOptions = {}
  const make = () => {
    const { getToken } = latest
    return createClient(url ?? '', {
      ...latest,
      ...(identity === undefined ? {} : { identity }),
      ...(getToken === undefined ? {} : { getToken: () => latest.getToken?.() }),
    })
  }
  const get = () => (client ??= make())
  const atRest = { status: 'idle', cause: undefined, retryAt: undefined, client: given } as const
  return {
    get,
    configure(options = {}) {
      latest = options
    },
    atRest,
    connection: connectionStore(atRest, given, get),
    connect: () => get().connect(),
    disconnect: (options) => get().disconnect(options),
  }
}

/** The source of the nearest provider; throws `bad-option` when there is none. */
export function useClientSource(): ClientSource {
  const source = useContext(ClientContext)
  if (source !== undefined) return source
  throw new StaywireError('bad-option', 'A Staywire hook was called outside of `StaywireProvider`.', {
    fix: 'Render `<StaywireProvider client={client}>` (or `url="/realtime"`) above the component that calls the hook.',
  })
}
