// What a connection wants done: its node does it, in order, at once.

import type { ServerFrame } from '../../protocol/frame.ts'
import type { StoredPublication } from '../../protocol/codec.ts'
import type { ServerEvent } from '../observer/observer.ts'
import type { Ask } from './ask.ts'

/** Who ended a connection. */
export type EndedBy = 'server' | 'client' | 'network'

/** One thing to be done. */
export type Output =
  | { readonly type: 'send'; readonly frame: ServerFrame }
  /** A frame that is text already, asked for by the client and possibly large. */
  | { readonly type: 'send-text'; readonly text: string }
  | { readonly type: 'ask'; readonly ticket: number; readonly ask: Ask }
  /** It is connected: count it, tell about it. */
  | {
      readonly type: 'connected'
      readonly resumed: boolean
      readonly agent: string | undefined
      readonly sdk: string | undefined
    }
  /** Misses nothing of the channel from now on; delivers nothing until `join`. */
  | { readonly type: 'begin'; readonly channel: string }
  /** Live from the publication after `upTo`. */
  | { readonly type: 'join'; readonly channel: string; readonly upTo: number }
  /** Sends these, paced, then joins. */
  | {
      readonly type: 'recover'
      readonly channel: string
      readonly publications: readonly StoredPublication[]
      readonly upTo: number
    }
  /** Is a member of the channel's presence. */
  | { readonly type: 'enter'; readonly channel: string }
  /** Is told no more who comes to the channel and goes. */
  | { readonly type: 'unwatch'; readonly channel: string }
  /** Nothing of the channel any more; with `present` it was a member of its presence, which it leaves at once. */
  | { readonly type: 'leave'; readonly channel: string; readonly present?: true }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** The transport's own ping. */
  | { readonly type: 'ping' }
  | { readonly type: 'report'; readonly event: ServerEvent }
  /** It is over. `told` = a `disconnect` frame goes out first; `end` = the session ends too. Nothing comes after this. */
  | {
      readonly type: 'close'
      readonly code: number
      readonly reason: string
      readonly by: EndedBy
      readonly told: boolean
      readonly end?: boolean
      readonly term?: number
      readonly retryAfterMs?: number
    }
