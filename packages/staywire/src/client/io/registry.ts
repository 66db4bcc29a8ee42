// The clients of a page: one per URL and identity, however often the code that makes it runs, is reloaded hot or is bundled twice.

import type { Client, ClientOptions } from '../api.ts'
import { pageIdentity, type PageIdentity } from './identity.ts'

/** What a page keeps. Shared by all copies and versions of the library in it: only ever add fields. */
interface Registry {
  readonly identity: PageIdentity
  /** `options` is empty once a difference was warned of. */
  readonly clients: Map<string, { readonly client: Client; options: string }>
}

const KEY = Symbol.for('staywire.clients.v1')

/** The client of a key, made by `make` if there is none. `make` is told whether it is the only one, and what to call when it is closed. */
export function registered(
  key: string,
  { channels: _channels, ...options }: ClientOptions,
  make: (identity: PageIdentity, only: boolean, closed: () => void) => Client,
): Client {
  const { identity, clients } = ((globalThis as { [KEY]?: Registry })[KEY] ??= {
    identity: pageIdentity(),
    clients: new Map(),
  })
  // Functions are left out: they are new at each hot reload.
  const described = JSON.stringify(options)
  const known = clients.get(key)
  if (!known) {
    const client = make(identity, !clients.size, () => clients.delete(key))
    clients.set(key, { client, options: described })
    return client
  }
  if (known.options && known.options !== described) {
    known.options = ''
    globalThis.console.warn(`[staywire] other options for ${key} are ignored`)
  }
  return known.client
}
