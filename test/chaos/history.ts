// What the clients of a run have seen, as lines, and what is in the log at its end. Data only: written down while it happens,
// judged afterwards by `check.ts`.

import type { GapReason, Outcome, Position, Status } from 'staywire/client'

/** What one client did or saw in one channel. */
interface InChannel {
  readonly client: string
  readonly channel: string
}

/** A publish was asked for. The key is unique in the run; its last part, after a dash, counts this publisher's publishes. */
export type Asked = InChannel & { readonly type: 'asked'; readonly key: string }

/** What became of a publish: stored, refused for certain, or not to be told. */
export type Settled = InChannel & { readonly key: string } & (
    | { readonly type: 'stored'; readonly position: Position | undefined; readonly duplicate: boolean }
    | { readonly type: 'refused' | 'unknown'; readonly code: string }
  )

/** What a subscription told its listeners. */
export type Heard = InChannel &
  (
    | { readonly type: 'outcome'; readonly outcome: Outcome; readonly recovered: number; readonly position: Position }
    | { readonly type: 'gap'; readonly from: Position; readonly to: Position; readonly why: GapReason }
    | { readonly type: 'delivered'; readonly position: Position; readonly key: string }
    /** The run is over, and this is how far it came. */
    | { readonly type: 'end'; readonly position: Position }
  )

/** A change of a client's status. Milliseconds since the start of the run. */
export interface StatusChange {
  readonly client: string
  readonly type: 'status'
  readonly status: Status
  readonly at: number
}

export type Line = Asked | Settled | Heard | StatusChange

/** A channel in the store at the end of a run, oldest first. What was trimmed is older than the first. */
export interface Log {
  readonly position: Position
  readonly publications: readonly { readonly offset: number; readonly key: string }[]
}

/** All channels, by name. */
export type Logs = ReadonlyMap<string, Log>
