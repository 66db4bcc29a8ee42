// A node in figures, gathered when asked.

import type { Counters } from '../node/counters.ts'
import type { Node } from '../node/node.ts'
import type { ServerStats } from './api.ts'

/** What `server.stats()` answers. Walks all connections for the bytes that wait. */
export function statsOf({ world, registry, sessions, hub, reporting }: Node, startedAt: number): ServerStats {
  const counters: Readonly<Record<keyof Counters, number>> = reporting.counters
  let outboxBytes = 0
  for (const { link } of registry.all()) outboxBytes += link.outbox.bytes
  return {
    node: world.node,
    startedAt,
    connections: registry.connected,
    connecting: registry.size - registry.connected,
    users: registry.users,
    sessions: sessions.size,
    channels: hub.size,
    subscriptions: hub.subscriptions,
    outboxBytes,
    limited: { ...reporting.limited },
    counters: { ...counters, deliveries: hub.deliveries },
  }
}
