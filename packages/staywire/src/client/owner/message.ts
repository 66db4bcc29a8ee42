// What a tab and the owner of its connection say to each other. Plain data that can be cloned, so that the two may sit in one
// thread or on the two ends of a message port.

import type { ConnectionError } from '../api.ts'
import type { ConnectionInput, ConnectionState } from '../connection/input.ts'
import type { ErrorFrame, JoinFrame, PresenceMode, PublicationFrame, PublishedFrame, ResultFrame, SubscribedFrame } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'

/** From a tab to its owner. */
export type TabMessage =
  | Extract<ConnectionInput, { type: 'connect' | 'need' | 'disconnect' | 'close' | 'token' | 'hint' }>
  /**
   * The tab wants the channel. Said again for a channel it has: to recover from `position`, or to ask for presence. What is
   * wanted is state, kept by the owner over reconnects; it is not said again after them.
   */
  | { readonly type: 'subscribe'; readonly channel: string; readonly position?: Position | undefined; readonly presence?: PresenceMode | undefined }
  | { readonly type: 'unsubscribe'; readonly channel: string }
  /** A frame that wants one answer. `body` is its JSON text without the opening brace, for the owner to put an id before. */
  | { readonly type: 'request'; readonly ticket: number; readonly body: string }

/** What is said about one connection once it is up. */
export interface Terms {
  readonly user: string
  readonly dedupe: { readonly windowMs: number; readonly life: string }
  readonly frameBytes: number
}

/** Frames about a channel that a tab gets as they came. */
export type ChannelFrame = SubscribedFrame | PublicationFrame | JoinFrame

/** From an owner to its tabs. */
export type OwnerMessage =
  | { readonly type: 'state'; readonly state: ConnectionState }
  | { readonly type: 'ask-token'; readonly ticket: number }
  /** Requests can be made. */
  | { readonly type: 'up'; readonly terms: Terms }
  /** Requests that were not answered will not be. */
  | { readonly type: 'down' }
  /** `from`: the position that the `subscribed` frame answers to. */
  | { readonly type: 'channel'; readonly frame: ChannelFrame; readonly from?: Position | undefined }
  /** The server does not give the channel, or gives it no longer. Forgotten by the owner. */
  | { readonly type: 'refused'; readonly channel: string; readonly code: string; readonly message: string }
  | { readonly type: 'answer'; readonly ticket: number; readonly frame: PublishedFrame | ResultFrame | ErrorFrame }
  | { readonly type: 'error'; readonly error: ConnectionError }
  /** Replaces the last error: the server has told its side of it. */
  | { readonly type: 'corrected'; readonly error: ConnectionError }
