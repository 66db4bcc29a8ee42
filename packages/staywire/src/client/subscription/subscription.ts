// What an app holds of a subscription, and gets from it. Types only.

import type { StaywireError } from '../../protocol/error-code.ts'
import type { Gap, GapReason, Json, Member, Outcome, PresenceMode } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'

/** A publication as subscribers get it. `data` is what was published. */
export interface Publication<Data = unknown> {
  readonly channel: string
  /** Absent on ephemeral channels. */
  readonly offset?: number
  readonly data: Data
  /** Unix time in milliseconds at which it was stored. */
  readonly at: number
  /** The user who published it; absent for the server's own. */
  readonly from?: string
  readonly key?: string
  readonly meta?: { readonly [key: string]: Json }
}

/** A change of presence. */
export interface PresenceState {
  readonly members: readonly Member[]
  /** May be higher than `members.length`: above a limit only counts are told. */
  readonly count: number
}

/** Events of a subscription. */
export interface SubscriptionEvents<Data> {
  publication: (publication: Publication<Data>) => void
  /** After every (re)subscribe: nothing missed, a gap, or fresh. */
  outcome: (outcome: Outcome, details: { gap?: Gap; recovered: number }) => void
  /** Publications were missed and cannot be had: reload. */
  gap: (gap: { from: Position; to: Position; why: GapReason }) => void
  presence: (state: PresenceState) => void
  /** The server refused or ended the subscription. */
  error: (error: StaywireError) => void
}

/** One interest in one channel. Several subscriptions to one channel share one on the wire. */
export interface Subscription<Data = unknown> {
  readonly channel: string
  readonly state: 'pending' | 'live' | 'refused' | 'ended'
  /** How far this subscription has delivered. */
  readonly position: Position | undefined
  readonly presence: PresenceState | undefined
  on<Name extends keyof SubscriptionEvents<Data>>(event: Name, listener: SubscriptionEvents<Data>[Name]): () => void
  /** Idempotent. The wire subscription lingers shortly, so that a quick re-mount costs nothing. */
  unsubscribe(): void
}

/** Options of `subscribe`. */
export interface SubscribeOptions {
  /** Recover from here: what a page rendered by the server already shows. */
  readonly position?: Position
  /** Ask for presence. */
  readonly presence?: PresenceMode
  /** Which part of the app it is for, shown by `inspect()` and never sent. The React and Vue bindings put the component's name here. */
  readonly label?: string
}
