// A node in figures, gathered when asked.

import type { Counters } from '../node/counters.ts'
import type { Node } from '../node/node.ts'
import type { ServerStats } from '../observer/server-stats.ts'

/** What `server.stats()` answers. Walks all connections for the bytes that wait. */
export function statsOf(
  { world, registry, sessions, revocations, hub, reporting, settings, seats }: Node,
  {
    startedAt,
    links,
    listeners,
    compression,
  }: Pick<ServerStats, 'startedAt' | 'compression'> & { links: number; listeners: number },
): ServerStats {
  const counters: Readonly<Record<keyof Counters, number>> = reporting.counters
  let outboxBytes = 0
  let { bytesSent } = counters
  for (const { link } of registry.all()) {
    outboxBytes += link.outbox.bytes
    bytesSent += link.outbox.sentBytes
  }
  return {
    node: world.node,
    startedAt,
    connections: registry.connected,
    connecting: registry.size - registry.connected,
    users: registry.users,
    sessions: sessions.size,
    revocations: revocations.size,
    channels: hub.size,
    subscriptions: hub.subscriptions,
    outboxBytes,
    limited: { ...reporting.limited },
    compression: { ...compression },
    held: { links, seats, sessions: sessions.size - sessions.dropped, listeners },
    maxConnections: settings.limits.connections,
    counters: { ...counters, bytesSent, deliveries: hub.deliveries },
  }
}
