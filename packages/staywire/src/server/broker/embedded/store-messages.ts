// What the two halves of an embedded store say to each other: the log in the server's thread, and the store in a thread of its own.

import type { ErrorCode } from '../../../protocol/error-code.ts'
import type { StoredPublication } from '../../../protocol/codec.ts'
import type { GapReason } from '../../../protocol/frame.ts'
import type { Position } from '../../../protocol/position.ts'
import type { Append, RecoveryCaps } from '../broker.ts'

/** Appends to one channel, in order. */
export interface AppendGroup {
  readonly channel: string
  readonly size: number
  readonly ttlMs: number
  readonly entries: readonly Append[]
}

/** What is stored in one transaction. */
export interface Batch {
  /** Unix time in milliseconds: the time of every publication in it. */
  readonly at: number
  readonly groups: readonly AppendGroup[]
}

/** What became of the appends to one channel. */
export interface GroupResult {
  /** The epoch of the channel. */
  readonly epoch: string
  /** For each append: its new offset; 0 = its key was used before with another payload; negative = look in `duplicates`. */
  readonly offsets: readonly number[] | Float64Array
  /** Where repeated ones were stored: offset −1 stands for the first of these, −2 for the second. */
  readonly duplicates: readonly Position[]
}

/** What became of a batch: all of it is on disk, or none of it. */
export type BatchResult =
  | { readonly groups: readonly GroupResult[] }
  | { readonly code: ErrorCode; readonly message: string; readonly retryAfterMs?: number }

/** What can be read of a channel. Positions and offsets as in `Log`. */
export type ReadRequest =
  | { readonly type: 'position'; readonly channel: string }
  /** The newest publications, for the memory of the log. */
  | { readonly type: 'tail'; readonly channel: string; readonly caps: RecoveryCaps; readonly now: number }
  | {
      readonly type: 'recover'
      readonly channel: string
      readonly from: Position
      readonly caps: RecoveryCaps
      readonly now: number
    }
  | {
      readonly type: 'page'
      readonly channel: string
      readonly before?: number
      readonly after?: number
      readonly limit: number
      readonly now: number
    }

/** The answer to a read. */
export interface ReadReply {
  readonly position: Position
  /** Why there are none. */
  readonly gap?: GapReason
  readonly publications: readonly StoredPublication[]
  /** What the channel keeps. */
  readonly size: number
  readonly ttlMs: number
}

/** What a store reports about itself, for logs, metrics and alerts. */
export type StoreEvent =
  /** Publications cannot be stored (`false`), or can again. */
  | { readonly type: 'availability'; readonly available: boolean; readonly why: string }
  /** Stored publications of a channel failed their check; they and older ones are gone, and the epoch was renewed. */
  | { readonly type: 'damaged'; readonly channel: string; readonly upTo: number; readonly why: string }
  /** The files are older than what was acknowledged: every epoch was renewed. */
  | { readonly type: 'rolled-back'; readonly why: string }
  /** The database could not be used any more; it was set aside under `file`, and what could be read of it was taken over. */
  | {
      readonly type: 'set-aside'
      readonly file: string
      readonly channels: number
      readonly publications: number
      readonly why: string
    }
  /** A channel was forgotten to make room. */
  | { readonly type: 'forgotten'; readonly channel: string }
  /** Keys were forgotten before their window ended. */
  | { readonly type: 'keys-lost'; readonly why: string }
