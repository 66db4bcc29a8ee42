// Gives the components below it a client. Opens nothing by itself and closes nothing when it unmounts: the client belongs
// to the page, which has one per URL and identity.

import { useInsertionEffect, useMemo, type ReactElement, type ReactNode } from 'react'
import type { Client, ClientOptions } from '../client/index.ts'
import { ClientContext, clientSource } from './client-source.ts'

/** Either a client of the app's own, or what to make one from. */
export type StaywireProviderProps = { readonly children?: ReactNode } & (
  | { readonly client: Client; readonly url?: never; readonly options?: never }
  | {
      readonly client?: never
      /** As for `createClient`, e.g. `/realtime`. */
      readonly url: string
      /** As for `createClient`; those of the first render count, but `getToken` is always the latest one. A new `identity` makes a new client. */
      readonly options?: ClientOptions
    }
)

/** Puts one client above all components that use the hooks. With `url` the client is made after the first commit, never on a server. */
export function StaywireProvider({ client, url, options, children }: StaywireProviderProps): ReactElement {
  const identity = options?.identity
  const source = useMemo(() => clientSource(client, url, identity), [client, url, identity])
  useInsertionEffect(() => source.configure(options))
  return <ClientContext.Provider value={source}>{children}</ClientContext.Provider>
}
