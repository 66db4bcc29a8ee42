// staywire/client/core: `createClient`, for pages that have a connection each. Nothing happens when this is imported.

import type { Client, ClientOptions } from '../api.ts'
import { createWith } from '../io/create.ts'
import { ownConnection } from '../io/alone.ts'

/**
 * The client for a server path, as that of `staywire/client` with `share: 'tab'`: one connection for each page. Everything it
 * needs to connect is in the page's own bundle. For embedded pages, for workers, and for browsers without secure contexts.
 */
export function createClient(url: string, options: Omit<ClientOptions, 'share' | 'worker'> = {}): Client {
  return createWith((making) => () => ownConnection(making), false, url, options)
}

export { StaywireError } from '../../protocol/error-code.ts'
export type { ErrorCode } from '../../protocol/error-code.ts'
export type { Gap, GapReason, Json, Member, Outcome, PresenceMode } from '../../protocol/frame.ts'
export type { Position } from '../../protocol/position.ts'
export type { ChannelDefinition, ChannelName } from '../../protocol/define-channel.ts'
export type * from '../api.ts'
