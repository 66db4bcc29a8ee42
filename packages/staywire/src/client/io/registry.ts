// The clients of a page: one per URL and identity, however often the code that makes it runs, is reloaded hot or is bundled twice.

import type { Client, ClientOptions } from '../api.ts'
import { pageIdentity, type PageIdentity } from './identity.ts'

/** What a page keeps. Shared by all copies and versions of the library in it: only ever add fields. */
interface Registry {
  readonly identity: PageIdentity
  readonly clients: Map<string, { readonly client: Client; readonly options: string; readonly place: number; warned: boolean }>
}

const KEY = Symbol.for('staywire.clients.v1')

/** The client of a key, made by `make` if there is none. `make` gets the names of the page and a number that no other living client of it has. */
export function registered(key: string, options: ClientOptions, make: (identity: PageIdentity, place: number, closed: () => void) => Client): Client {
  const page = globalThis as { [KEY]?: Registry }
  const { identity, clients } = (page[KEY] ??= { identity: pageIdentity(), clients: new Map() })
  const known = clients.get(key)
  const described = describe(options)
  if (known !== undefined) {
    if (known.options !== described && !known.warned) {
      known.warned = true
      globalThis.console.warn(`[staywire] createClient was called again for ${key} with other options: the first client is used, as it is.`)
    }
    return known.client
  }
  const taken = new Set([...clients.values()].map(({ place }) => place))
  let place = 0
  while (taken.has(place)) place++
  const client = make(identity, place, () => clients.delete(key))
  clients.set(key, { client, options: described, place, warned: false })
  return client
}

/** What two calls are compared by. Functions are new at each hot reload: only whether they are there counts. */
function describe(options: ClientOptions): string {
  return JSON.stringify(options, (name, value: unknown) => (name === 'channels' ? undefined : typeof value === 'function' ? 'function' : value))
}
