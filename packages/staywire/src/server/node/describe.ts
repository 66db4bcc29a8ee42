// A connection as others may see it: facts for observers, information for operators. No secrets, no tokens.

import type { Connection } from '../connection/connection.ts'
import type { ConnectionInfo } from '../observer/connection-info.ts'
import { typesOf } from '../observer/frame-trail.ts'
import type { ConnectionFacts, Traffic } from '../observer/observer.ts'

/** What never changes about a connection. */
export function factsOf({ id, user, address, link, origin, slot, connectedAt }: Connection): ConnectionFacts {
  const facts = { connection: id, user, address, transport: link.transport, origin }
  return { ...facts, ...(slot !== undefined && { slot }), connectedAt: Math.round(connectedAt) }
}

/** What went over it. */
export function trafficOf({ link, bytesIn, received, sent }: Connection): Traffic {
  return { bytesIn, bytesOut: link.outbox.sentBytes, lastReceived: typesOf(received), lastSent: typesOf(sent) }
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
    bytesIn: connection.bytesIn,
    bytesOut: link.outbox.sentBytes,
  }
}
