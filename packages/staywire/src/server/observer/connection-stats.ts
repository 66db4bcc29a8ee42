// Snapshots of connections in the shape that notification services show on their own pages. Shapes, and how they are made.

import type { ConnectionInfo } from './connection-info.ts'

/** One connection of a user. Times are Unix milliseconds. */
export interface UserConnection {
  readonly socketId: string
  readonly userId: string
  readonly connectedAt: number
  /** When it was last pinged; `null` before the first ping. */
  readonly lastPingAt: number | null
  /** Pings in a row without an answer. */
  readonly missedPings: number
}

/** All connections of a node. */
export interface ConnectionStats {
  readonly totalConnections: number
  readonly totalUsers: number
  /** `duration` is in seconds. */
  readonly connections: readonly (UserConnection & { readonly duration: number })[]
}

/** One connection. */
export function userConnection({ id, user, connectedAt, lastPingAt, missedPings }: ConnectionInfo): UserConnection {
  return { socketId: id, userId: user, connectedAt, lastPingAt: lastPingAt ?? null, missedPings }
}

/** All of them, as of `now` in Unix milliseconds. */
export function connectionStats(infos: readonly ConnectionInfo[], now: number): ConnectionStats {
  return {
    totalConnections: infos.length,
    totalUsers: new Set(infos.map(({ user }) => user)).size,
    connections: infos.map((info) => ({
      ...userConnection(info),
      duration: Math.max(0, Math.floor((now - info.connectedAt) / 1_000)),
    })),
  }
}
