// Makes the machines of a client and puts them into the world. Where its connection is to be is said by who calls.

import type { Client, ClientOptions, Inspection } from '../api.ts'
import { LibraryClient } from '../client.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import type { HeldOwner } from '../owner/port.ts'
import { TabEngine } from '../tab/tab-engine.ts'
import { nextTerm, pageIdentity, randomId, type PageIdentity } from './identity.ts'
import type { Inspector } from './inspector.ts'
import { shown } from './page.ts'
import { loadParts, type Parts } from './parts.ts'
import { registered } from './registry.ts'
import { recallTransport, usableTransports } from './transports.ts'
import { pageUrl, resolveUrl } from './url.ts'
import { createWorld } from './world.ts'
import type { OriginLabel } from '../../protocol/frame.ts'

/** What a connection is made for. */
export interface Making {
  readonly engine: TabEngine
  /** Gives the URL to dial. Throws `bad-url`. */
  readonly url: () => string
  readonly options: ClientOptions
  readonly settings: ConnectionSettings
  readonly instance: string
  readonly parts: Parts
}

/** Gives a tab its owner: brings what makes it. Never rejects. */
export type Connecting = (making: Making) => (() => HeldOwner) | Promise<() => HeldOwner>

/** `createClient`, for who says how tabs get their owners, and whether it is amiss when they have one each. */
export function createWith(connecting: Connecting, shares: boolean, given: string, options: ClientOptions): Client {
  const page = pageUrl()
  const url = (): string => resolveUrl(given, page)
  const make = (identity: PageIdentity, only: boolean, closed: () => void): Client => {
    const world = createWorld()
    const instance = randomId()
    const transports = usableTransports(options)
    const settings = {
      ...options,
      transports,
      recalled: page === undefined ? undefined : recallTransport(url(), transports),
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      lingerMs: options.lingerMs ?? 250,
      term: nextTerm(world.clock()),
      hello: {
        origin: { ...identity, instance, label: options.label?.slice(0, 128) } as OriginLabel,
        // A second client in this page has a slot of its own: one must not replace the other.
        slot: only ? identity.tab : instance,
        sdk: 'staywire-js',
      },
    }
    const engine = new TabEngine(world, settings)
    const making = { engine, url, options, settings, instance }
    const parts = loadParts(making, page === undefined ? undefined : identity.tab)
    engine.load(async () => {
      await shown()
      return connecting({ ...making, parts: await parts })
    })
    const inspector = async (): Promise<Inspector> =>
      (await import('./inspector.ts')).inspectorOf({ tab: engine.tab, names: identity, url: url(), shares })
    const inspect = async (): Promise<Inspection> => (await inspector()).inspect()
    const client = new LibraryClient(engine, options, instance, inspect, closed)
    // Who asks is told that it could not be loaded; nobody else misses it.
    client.on('status', (status) => {
      if (status === 'connected') inspector().catch(() => {})
    })
    return client
  }
  return page === undefined
    ? make(pageIdentity(), true, () => {})
    : registered(`${url()} ${options.identity ?? ''}`, options, make)
}
