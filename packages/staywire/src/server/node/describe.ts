// A connection as others may see it: facts for observers, information for operators. No secrets, no tokens.

import type { Connection } from '../connection/connection.ts'
import type { OriginLabel } from '../../protocol/frame.ts'
import type { ConnectionFacts } from '../observer/observer.ts'

/** A live connection as an operator sees it. Times are Unix milliseconds. */
export interface ConnectionInfo {
  readonly id: string
  readonly user: string
  readonly address: string
  readonly transport: 'websocket' | 'sse' | 'poll'
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
}

/** What never changes about a connection. */
export function factsOf({ id, user, address, link, origin, connectedAt }: Connection): ConnectionFacts {
  return { connection: id, user, address, transport: link.transport, origin, connectedAt: Math.round(connectedAt) }
}

/** How it stands now. */
export function infoOf(connection: Connection): ConnectionInfo {
  const { id, user, address, link, origin, slot, session, connectedAt, heartbeat } = connection
  const { lastPingAt, lastPongAt, rttMs } = heartbeat ?? {}
  return {
    id,
    user,
    address,
    transport: link.transport,
    origin,
    ...(slot !== undefined && { slot }),
    ...(session && { session: session.id }),
    connectedAt: Math.round(connectedAt),
    subscriptions: [...(connection.subscriptions?.keys() ?? [])],
    lastSeenAt: Math.round(heartbeat?.lastSeenAt ?? connectedAt),
    ...(lastPingAt !== undefined && { lastPingAt: Math.round(lastPingAt) }),
    ...(lastPongAt !== undefined && { lastPongAt: Math.round(lastPongAt) }),
    missedPings: heartbeat?.missedPings ?? 0,
    ...(rttMs !== undefined && { rttMs: Math.round(rttMs) }),
    outboxBytes: link.outbox.bytes,
  }
}
