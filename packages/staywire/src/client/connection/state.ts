// Where a connection stands, as everybody is told and `stats()` shows it.

import type { Cause, Status, Transport } from '../api.ts'

/** A moment of a connection. Never changed: each change makes another. */
export interface ConnectionState {
  readonly status: Status
  readonly cause: Cause | undefined
  readonly retryAt: number | undefined
  readonly transport: Transport | undefined
  readonly connection: string | undefined
  readonly user: string | undefined
  readonly rttMs: number | undefined
  readonly attempts: number
  readonly reconnects: number
  readonly connectedAt: number | undefined
}

/** Where every connection begins. What is absent is undefined. */
export const IDLE = { status: 'idle', attempts: 0, reconnects: 0 } as ConnectionState
