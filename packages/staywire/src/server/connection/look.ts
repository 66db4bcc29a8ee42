// What becomes of a connection when a time has come: its identity runs out, nothing is heard of it, it has nothing to do. The times
// stand on the connection; nothing is kept here.

import { CLOSE } from '../../protocol/close-code.ts'
import type { Heartbeat } from '../heartbeat/heartbeat.ts'
import { closeOutput } from './closing.ts'
import type { Connection } from './connection.ts'
import type { Output } from './output.ts'

/** Looks at one that is connected. `paused`: whether it is not read from at the moment. */
export function lookAt(connection: Connection, paused: boolean, now: number, out: Output[]): void {
  const { settings } = connection.terms
  const heartbeat = connection.heartbeat as Heartbeat
  const ending =
    (now >= connection.expiresAt && CLOSE.tokenExpired) ||
    (now >= connection.endsAt && CLOSE.moved) ||
    (now >= idleAt(connection) && CLOSE.idle)
  if (ending !== false) return connection.emit(closeOutput(ending), out)
  // Nothing is heard of a connection that is not read from.
  if (paused) heartbeat.lastSeenAt = now
  const verdict = heartbeat.look(settings.heartbeat, now)
  if (verdict === 'missed' || verdict === 'dead') {
    const { id, user, address } = connection
    const event = { type: 'ping-missed', connection: id, user, address, missed: heartbeat.missedPings } as const
    connection.emit({ type: 'report', event }, out)
  }
  if (verdict === 'dead') connection.emit(closeOutput(CLOSE.noPong), out)
  if (verdict === 'ping')
    connection.emit(connection.bare ? { type: 'ping' } : { type: 'send', frame: { type: 'ping' } }, out)
}

/** When it is to be looked at next, at the latest. `deadline`: when its first open question runs out. */
export function nextLookAt(connection: Connection, deadline: number): number {
  if (connection.phase === 'awaiting') return connection.connectBy
  if (connection.phase !== 'connected') return deadline
  const heartbeat = connection.heartbeat?.dueAt(connection.terms.settings.heartbeat) ?? Infinity
  return Math.min(deadline, heartbeat, connection.expiresAt, idleAt(connection), connection.endsAt)
}

function idleAt({ terms, subscriptionCount, activeAt }: Connection): number {
  const { idleTimeoutMs } = terms.settings.limits
  return idleTimeoutMs === 0 || subscriptionCount > 0 ? Infinity : activeAt + idleTimeoutMs
}
