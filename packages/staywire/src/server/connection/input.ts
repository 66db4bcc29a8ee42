// What a connection's machine is fed. Its answers are outputs.

import type { Answer } from './ask.ts'
import type { EndedBy } from './output.ts'

/** What happens to a connection. Byte sizes are inputs: the core does not count them. */
export type Input =
  | { readonly type: 'text'; readonly text: string; readonly bytes: number }
  /** The same, parsed already: it came in one body with others. */
  | { readonly type: 'value'; readonly value: unknown; readonly bytes: number }
  | { readonly type: 'binary' }
  /** A ping of the transport's own, answered by the transport. */
  | { readonly type: 'heard' }
  /** A pong of the transport's own. */
  | { readonly type: 'pong' }
  | { readonly type: 'answer'; readonly ticket: number; readonly answer: Answer }
  /** It is time to look. */
  | { readonly type: 'wake' }
  /** The hub could not join a subscription: too much was published meanwhile. */
  | { readonly type: 'behind'; readonly channel: string }
  /** The continuity of a channel may have broken; without a channel, of any. */
  | { readonly type: 'discontinued'; readonly channel: string | undefined }
  /** The server ends it. */
  | {
      readonly type: 'close'
      readonly code: number
      readonly reason: string
      readonly term?: number
      readonly retryAfterMs?: number
    }
  /** The transport is gone. */
  | { readonly type: 'ended'; readonly code: number; readonly reason: string; readonly by: EndedBy }
