// A live connection as an operator sees it. Shape only.

import type { OriginLabel } from '../../protocol/frame.ts'
import type { TransportName } from './observer.ts'

/** A live connection as an operator sees it. Times are Unix milliseconds. */
export interface ConnectionInfo {
  readonly id: string
  readonly user: string
  readonly address: string
  readonly transport: TransportName
  readonly origin: OriginLabel
  readonly slot?: string
  readonly session?: string
  readonly connectedAt: number
  readonly subscriptions: readonly string[]
  readonly lastSeenAt: number
  readonly lastPingAt?: number
  readonly lastPongAt?: number
  readonly missedPings: number
  /** Round trip of the last answered ping, in milliseconds. */
  readonly rttMs?: number
  readonly outboxBytes: number
  /** Bytes of frames received, and handed to the transport. */
  readonly bytesIn: number
  readonly bytesOut: number
}
