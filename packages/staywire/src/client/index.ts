// `createClient`: makes the machines of a client and puts them into the world. Nothing happens when this is imported.

import type { Client, ClientOptions } from './api.ts'
import { LibraryClient } from './client.ts'
import { TabEngine } from './tab/tab-engine.ts'
import { nextTerm, pageIdentity, randomId, type PageIdentity } from './io/identity.ts'
import { inspecting } from './io/inspecting.ts'
import { onLine, shown } from './io/page.ts'
import { persistence } from './io/persist.ts'
import { registered } from './io/registry.ts'
import { recallTransport, usableTransports } from './io/transports.ts'
import { pageUrl, resolveUrl } from './io/url.ts'
import { createWorld } from './io/world.ts'
import type { OriginLabel } from '../protocol/frame.ts'

/**
 * The client for a server path: in a page or worker the one of that URL and `identity`, made at the first call and returned by
 * every later one. In Node each call makes another. It connects by itself when first needed (`subscribe`, `publish`, `call`),
 * or by `connect()`.
 *
 * `url` may be relative to the page, http(s) or ws(s). One that cannot be used throws `bad-url` in a page; outside of one, where
 * a page may be rendered that never connects, `connect()` rejects.
 */
export function createClient(url: string, options: ClientOptions = {}): Client {
  const page = pageUrl()
  const dialled = (): string => resolveUrl(url, page)
  const make = (identity: PageIdentity, only: boolean, closed: () => void): Client => {
    const world = createWorld(dialled)
    const instance = randomId()
    const kept = page !== undefined && options.outbox?.persist ? persistence(options.getToken) : undefined
    const settings = {
      ...options,
      ...(kept?.getToken && { getToken: kept.getToken }),
      transports: usableTransports(options),
      recalled: page === undefined ? undefined : recallTransport(dialled()),
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      lingerMs: options.lingerMs ?? 250,
      term: nextTerm(world.clock()),
      hello: {
        origin: { ...identity, instance, label: options.label?.slice(0, 128) } as OriginLabel,
        // A second client in this page has a slot of its own: one must not replace the other.
        slot: only ? identity.tab : instance,
        sdk: 'staywire-js',
      },
      onLine: onLine(),
    }
    const engine = new TabEngine(world, settings)
    const alone = (why?: string): void =>
      engine.load(async () => {
        await shown()
        const { ownConnection } = await import('./io/alone.ts')
        return () => ownConnection(engine, dialled, options, settings, why)
      })
    if (page === undefined || !('document' in globalThis) || options.share === 'tab' || options.WebSocket) alone()
    else
      engine.load(async () => {
        await shown()
        const { share } = await import('./io/share.ts')
        return () => share(world, engine, options, { ...settings, url: dialled(), instance, alone })
      })
    kept?.start(world, engine, { holder: instance, tab: identity.tab, url: dialled(), identity: options.identity })
    const inspector = inspecting(() => ({
      tab: engine.tab,
      names: identity,
      url: dialled(),
      shares: options.share !== 'tab',
    }))
    const client = new LibraryClient(engine, options, instance, inspector.inspect, () => {
      inspector.close()
      kept?.stop()
      closed()
    })
    client.on('status', (status) => {
      if (status === 'connected') inspector.connected()
    })
    return client
  }
  return page === undefined
    ? make(pageIdentity(), true, () => {})
    : registered(`${dialled()} ${options.identity ?? ''}`, options, make)
}

export { StaywireError } from '../protocol/error-code.ts'
export type { ErrorCode } from '../protocol/error-code.ts'
export type { Gap, GapReason, Json, Member, Outcome, PresenceMode } from '../protocol/frame.ts'
export type { Position } from '../protocol/position.ts'
export type { ChannelDefinition, ChannelName } from '../protocol/define-channel.ts'
export type * from './api.ts'
