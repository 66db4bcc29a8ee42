// What a connection cannot decide by itself: questions that leave with a ticket, and the answers that come back with it.

import type { ErrorCode } from '../../protocol/error-code.ts'
import type { Fence, GapReason, Json, OriginLabel, PresenceMode } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'
import type { Schema } from '../../protocol/schema.ts'
import type { Append, HistoryPage } from '../broker/broker.ts'
import type { StoredPublication } from '../../protocol/codec.ts'
import type { Action } from '../guard/guard.ts'
import type { Identity } from '../options.ts'
import type { Ending } from '../session/ending.ts'
import type { Session } from '../session/session.ts'
import type { Snapshot } from '../presence/roster.ts'

/** What somebody who connects claims to continue or to fill. */
export interface Claims {
  readonly session: { readonly id: string; readonly secret: string } | undefined
  readonly fence: Fence | undefined
  readonly slot: string | undefined
  readonly browser: string | undefined
}

/** A question. */
export type Ask =
  | { readonly kind: 'authenticate'; readonly token: string | undefined; readonly origin: OriginLabel }
  | { readonly kind: 'admit'; readonly identity: Identity; readonly claims: Claims }
  | { readonly kind: 'authorize'; readonly action: Action; readonly channel: string }
  | { readonly kind: 'check'; readonly schema: Schema; readonly data: Json }
  | { readonly kind: 'append'; readonly entry: Append }
  | { readonly kind: 'position'; readonly channel: string }
  | { readonly kind: 'recover'; readonly channel: string; readonly from: Position }
  | {
      readonly kind: 'history'
      readonly channel: string
      readonly page: { before?: number; after?: number; limit: number }
    }
  /** Who is there; with `watch`, and from then on what changes. */
  | { readonly kind: 'roster'; readonly channel: string; readonly watch: PresenceMode | undefined }
  | { readonly kind: 'call'; readonly method: string; readonly data: Json | undefined }

/** An answer. `failed` can answer anything: the one asked refused, broke or took too long. */
export type Answer =
  | { readonly kind: 'identity'; readonly identity: Identity; readonly expiresInMs: number | undefined }
  /** The connection may not be: close it with this. */
  | { readonly kind: 'turned-away'; readonly code: number; readonly term?: number; readonly retryAfterMs?: number }
  | {
      readonly kind: 'admitted'
      readonly session: Session | undefined
      readonly resumed: boolean
      readonly previous: Ending | undefined
    }
  | { readonly kind: 'allowed'; readonly allowed: boolean }
  | { readonly kind: 'checked'; readonly data: string }
  | { readonly kind: 'stored'; readonly position: Position | undefined; readonly duplicate: boolean }
  | { readonly kind: 'position'; readonly position: Position }
  | { readonly kind: 'recovered'; readonly publications: readonly StoredPublication[]; readonly position: Position }
  | { readonly kind: 'gap'; readonly why: GapReason; readonly position: Position }
  | { readonly kind: 'page'; readonly page: HistoryPage }
  | { readonly kind: 'roster'; readonly snapshot: Snapshot }
  /** `data` is JSON text; absent when the handler returned nothing. */
  | { readonly kind: 'result'; readonly data: string | undefined }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string; readonly retryAfterMs?: number }
