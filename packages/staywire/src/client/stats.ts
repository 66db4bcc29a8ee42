// A client in figures. Types only.

import type { Cause, Status, Transport } from './status.ts'

/** The outbox on disk. */
export interface PersistenceStats {
  /** `opening`: the disk or the identity is waited for, and publishes with it · `on` · `off`: without, for `reason`. */
  readonly state: 'opening' | 'on' | 'off'
  readonly reason?: string
  /** Publishes of earlier pages that were taken over. */
  readonly adopted: number
  /** Publishes of earlier pages whose time to live was over; they were not sent. */
  readonly expired: number
}

/** A client in figures. */
export interface ClientStats {
  readonly status: Status
  readonly cause: Cause | undefined
  /** What the connection, or the attempt at one, travels over. */
  readonly transport: Transport | undefined
  /** The id of the live connection. */
  readonly connection: string | undefined
  readonly user: string | undefined
  /** When the next attempt is due, Unix milliseconds. */
  readonly retryAt: number | undefined
  /** Round trip of the last probe or ping, in milliseconds. */
  readonly rttMs: number | undefined
  /** Attempts since the last stable connection. */
  readonly attempts: number
  /** Connections after the first. */
  readonly reconnects: number
  readonly connectedAt: number | undefined
  readonly bytesSent: number
  readonly bytesReceived: number
  readonly framesSent: number
  readonly framesReceived: number
  readonly subscriptions: number
  /** Who holds the connection, and for how many. */
  readonly sharing: {
    /** Where the owner of the connection is: a worker or a tab that all tabs speak to, or this tab, for itself alone. */
    readonly placement: 'shared-worker' | 'leader-tab' | 'tab'
    /** Tabs on this connection. */
    readonly tabs: number
    /** The name of the owner's present life. Absent while there is none, and where the tab is its own. */
    readonly owner?: string | undefined
    /** With `leader-tab`: whether it is this tab. */
    readonly leads?: boolean | undefined
    /** Why it is not one connection for the whole browser, or not in the place first chosen. */
    readonly why?: string | undefined
  }
  readonly outbox: {
    readonly count: number
    readonly bytes: number
    /** Only with `outbox.persist`. */
    readonly persistence?: PersistenceStats | undefined
  }
}
