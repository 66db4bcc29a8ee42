// staywire/client: `createClient`, for tabs that share their connection. Nothing happens when this is imported.

import type { Client, ClientOptions } from './api.ts'
import { createWith, type Connecting, type Making } from './io/create.ts'
import type { HeldOwner } from './owner/port.ts'
import { loaded } from './tab/loaded.ts'

/**
 * The client for a server path: in a page or worker the one of that URL and `identity`, made at the first call and returned by
 * every later one. In Node each call makes another. It connects by itself when first needed (`subscribe`, `publish`, `call`),
 * or by `connect()`.
 *
 * `url` may be relative to the page, http(s) or ws(s). One that cannot be used throws `bad-url` in a page; outside of one, where
 * a page may be rendered that never connects, `connect()` rejects.
 */
export function createClient(url: string, options: ClientOptions = {}): Client {
  const shares = 'document' in globalThis && options.share !== 'tab' && !options.WebSocket
  return createWith(shares ? shared : own, shares, url, options)
}

const own: Connecting = (making) => alone(making)

function alone(making: Making, why?: string): Promise<() => HeldOwner> {
  return loaded(making.engine, async () => {
    const { ownConnection } = await import('./io/alone.ts')
    return () => ownConnection(making, why)
  })
}

const shared: Connecting = (making) =>
  loaded(making.engine, async () => {
    const { share } = await import('./io/share.ts')
    return () =>
      share(making, (why) => {
        globalThis.console.warn(`[staywire] this tab has a connection of its own: ${why}`)
        making.engine.load(() => alone(making, why))
      })
  })

export { StaywireError } from '../protocol/error-code.ts'
export type { ErrorCode } from '../protocol/error-code.ts'
export type { Gap, GapReason, Json, Member, Outcome, PresenceMode } from '../protocol/frame.ts'
export type { Position } from '../protocol/position.ts'
export type { ChannelDefinition, ChannelName } from '../protocol/define-channel.ts'
export type * from './api.ts'
