// The broker: four asynchronous ports behind which history and the exchange between nodes live. In one process the answers
// come in the same turn; with a store or a cluster they come from there, and nothing above changes.

import type { Fence, GapReason, Json } from '../../protocol/frame.ts'
import type { StoredPublication } from '../../protocol/codec.ts'
import type { ErrorCode } from '../../protocol/error-code.ts'
import type { Position } from '../../protocol/position.ts'
import type { Revocation } from '../session/revocations.ts'

/** What a channel keeps, as its rule says. `history` absent = ephemeral: no offset, nothing kept. */
export interface Retention {
  readonly durability: 'memory' | 'disk'
  readonly history?: { readonly size: number; readonly ttlMs: number }
}

/** One publication to append. */
export interface Append {
  readonly channel: string
  /** JSON text. */
  readonly data: string
  /** JSON text of an object. */
  readonly meta?: string
  /** The publishing user; absent for the server's own, which share one scope of keys. */
  readonly from?: string
  /** Idempotency key, unique per (channel, from) for the dedupe window. */
  readonly key?: string
  readonly retention: Retention
}

/** Stored (or found stored before, under the same key), or why not. Ephemeral channels answer without a position. */
export type Appended =
  | { readonly stored: true; readonly position?: Position; readonly duplicate: boolean }
  | { readonly stored: false; readonly code: ErrorCode; readonly message: string; readonly retryAfterMs?: number }

/** One page of history, ascending, with the channel's position at the time of reading. */
export interface HistoryPage {
  readonly publications: readonly StoredPublication[]
  readonly position: Position
}

/** What is there after a position: all of it, or why not. */
export type Recovery =
  | { readonly outcome: 'recovered'; readonly publications: readonly StoredPublication[]; readonly position: Position }
  | { readonly outcome: 'gap'; readonly why: GapReason; readonly position: Position }

/** Caps of one recovery: more is a gap `too-many`. */
export interface RecoveryCaps {
  readonly publications: number
  readonly bytes: number
}

/** Told about everything that is appended, by this node or another, in offset order per channel. */
export interface LogListener {
  /** A publication is stored at its durability (or ephemeral: offset 0) and may be fanned out. Must not throw. */
  deliver(channel: string, publication: StoredPublication): void
  /**
   * The channel's continuity broke (repaired log, rotated or forgotten epoch): subscribers must be told where it goes on, as `position`
   * then answers. `undefined` = it may have happened to any channel.
   */
  discontinued(channel: string | undefined): void
}

/**
 * The publications of channels. Appends of one channel are stored in the order of the calls. `append` resolves, and `deliver` is
 * called, only once the publication is stored at its durability; it never rejects: a refusal is an answer.
 */
export interface Log {
  append(entry: Append): Promise<Appended>
  /** Where the channel stands. A channel never published to has the log's base epoch and offset 0. Rejects with `storage-unavailable`. */
  position(channel: string): Promise<Position>
  /** Everything after `from`, within the caps, or why not: all or nothing. */
  recover(channel: string, from: Position, caps: RecoveryCaps): Promise<Recovery>
  /** A page: `before` and `after` are exclusive offsets; without both, the newest page. */
  history(channel: string, page: { before?: number; after?: number; limit: number }): Promise<HistoryPage>
  /** The one listener of this node: its hub. Set once, before the first append. */
  listen(listener: LogListener): void
  /**
   * How long keys are remembered, and which life of their memory this is. The life changes when keys were lost before their window
   * ended, so it is read again for each `connected`.
   */
  readonly dedupe: { readonly windowMs: number; readonly life: string }
}

/** A claim of a place that only one may hold (a session, a slot), decided by fence; or of one of a limited number of places. */
export interface Claim {
  /** What is claimed, e.g. `session:…` or `slot:user/browser/shared`. */
  readonly name: string
  /** Who claims: a connection id. */
  readonly holder: string
  readonly fence: Fence
  readonly ttlMs: number
}

/** The decision on a claim. `beaten` is the holder that lost its place to this claim, for the node that has it to close. */
export type Claimed =
  | { readonly granted: true; readonly beaten?: string }
  | { readonly granted: false; readonly winner: Fence }

/**
 * Places with fences: the higher fence wins in whatever order claims arrive; an equal fence of another holder loses. In one process a
 * place is held until it is released; over a cluster `ttlMs` also frees the places of a node that died.
 */
export interface Leases {
  claim(claim: Claim): Promise<Claimed>
  /** Lets go, if `holder` still has it; the fence is remembered until the ttl ends. */
  release(name: string, holder: string): Promise<void>
}

/** One entry of presence as stored: a session in a channel. */
export interface MemberEntry {
  readonly session: string
  readonly user: string
  readonly data?: Json
}

/** Told when the sessions in a channel change. */
export type MembersListener = (channel: string, change: 'join' | 'leave', entry: MemberEntry) => void

/** Who is in which channel, by session, over all nodes. */
export interface Members {
  put(channel: string, entry: MemberEntry): Promise<void>
  remove(channel: string, session: string): Promise<void>
  list(channel: string): Promise<readonly MemberEntry[]>
  listen(listener: MembersListener): void
}

/** A message between nodes: about one connection, about all connections of a user, or about what was revoked. */
export type SignalMessage =
  | {
      readonly type: 'close'
      readonly connection: string
      readonly code: number
      readonly reason: string
      readonly term?: number
    }
  | { readonly type: 'close-user'; readonly user: string; readonly code: number; readonly reason: string }
  | { readonly type: 'revoke'; readonly revocation: Revocation }

/** Reaches whichever node holds a connection or user. */
export interface Signal {
  send(message: SignalMessage): Promise<void>
  listen(listener: (message: SignalMessage) => void): void
}

/** What a broker must know about channels that nothing was published to yet. */
export interface BrokerRules {
  /** The durability of a channel, as its rule says: decides which log answers for it while it has no publications. */
  durabilityOf(channel: string): 'memory' | 'disk'
}

/** The four ports together. */
export interface Broker {
  readonly log: Log
  readonly leases: Leases
  readonly members: Members
  readonly signal: Signal
  /** Opens what lies behind; rejects with a `StaywireError` when it cannot be used. Called once, before anything else. */
  open(rules: BrokerRules): Promise<void>
  /** Where it keeps channels whose rule does not say. A broker without a disk says `memory`, and refuses `disk` channels. */
  readonly durability: 'memory' | 'disk'
  /** Whether publications can be stored now; readiness looks at it. */
  readonly available: boolean
  /** Lets go of what has run out, a bounded piece per call: called about once a second by whoever owns time (Unix milliseconds). */
  expire(now: number): void
  /** Lets go of everything; appends in flight are answered first. */
  close(): Promise<void>
}
