// The chat's one way to its server, and what can be asked about it from the console: `wsService.getStats()`.

import {
  createClient,
  type Cause,
  type Client,
  type ClientStats,
  type ConnectionError,
  type Status,
} from 'staywire/client'
import { RECOVERY } from './recovery.ts'
import { freshToken } from './token.ts'

/** The client: one connection for all tabs. What it cannot send it keeps, also over a reload, and sends once. */
export const client: Client = createClient('/realtime', {
  getToken: () => freshToken(client.cause?.class === 'auth'),
  backoff: RECOVERY,
  outbox: { persist: true },
  label: 'robust-chat',
})

/** The state of the connection, with why it is so. */
export interface ConnectionState {
  readonly status: Status
  readonly cause: Cause | undefined
  /** Unix milliseconds. */
  readonly retryAt: number | undefined
  readonly attempts: number
}

/** For the console, and for whoever used the service that this replaces. */
export const wsService = {
  getConnectionState(): ConnectionState {
    const { status, cause, retryAt, attempts } = client.stats()
    return { status, cause, retryAt, attempts }
  },
  getStats: (): ClientStats => client.stats(),
  getErrorHistory: (): readonly ConnectionError[] => client.errors(),
}

declare global {
  interface Window {
    wsService: typeof wsService
  }
}
