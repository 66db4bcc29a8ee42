// What can be said when a server of another make is adopted: types only. Durations in milliseconds, sizes in bytes.

import type { LimitOptions } from '../server/limit-options.ts'

/** How dead peers are found: each connection is to be heard of at least once in every `checkEveryMs`. */
export interface AdoptionHeartbeat {
  /** Default `true`. */
  readonly enabled?: boolean
  /** How often each connection is checked. Silence for so long is a missed heartbeat. Default 30,000. */
  readonly checkEveryMs?: number
  /** How long before that a silent peer is asked for a sign of life: so long it may take to answer. Default: a third of it, 10,000. */
  readonly missedAfterMs?: number
  /** Heartbeats missed in a row after which the connection is ended (4102). Default 3: after 90 seconds of silence. */
  readonly outAfter?: number
}

/**
 * The limits that hold for adopted connections, each as in `createServer`, but addresses are not counted unless a limit is given,
 * as they never were, and `outboxBytes` is 4 MiB.
 */
export type AdoptionLimits = Pick<
  LimitOptions,
  | 'connections'
  | 'connectionsPolicy'
  | 'connectionsPerAddress'
  | 'connectionsPerAddressPolicy'
  | 'connectionsFromLoopback'
  | 'connectionsPerUser'
  | 'connectionsPerUserPolicy'
  | 'connectionsPerBrowser'
  | 'connectionsPerBrowserPolicy'
  | 'outboxBytes'
>

/** What holds for an adopted server of any make. */
export interface AdoptionOptions {
  readonly heartbeat?: AdoptionHeartbeat
  readonly limits?: AdoptionLimits
  /** The node's name. Default: random. */
  readonly node?: string
}
