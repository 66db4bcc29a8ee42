// What a node needs of the world, and whom it tells: the only two ways in and out besides its connections.

import type { Broker } from '../broker/broker.ts'
import type { Connection } from '../connection/connection.ts'
import type { EndedBy } from '../connection/output.ts'
import type { Mint } from '../session/admission.ts'
import type { SameSecret } from '../session/sessions.ts'

/** Everything of the world that a node needs. */
export interface World {
  /** Milliseconds of a clock that never jumps, near to Unix time. */
  now(): number
  /** Unix time in milliseconds, by the wall clock. */
  wall(): number
  /** Runs an action at the end of this turn, once everything that came in with it is done. */
  soon(action: () => void): void
  /** Runs an action in so many milliseconds. */
  after(ms: number, action: () => void): void
  /** In [0, 1). Not for secrets. */
  random(): number
  /** How much of its memory this process uses, from 0 to 1. */
  memory(): number
  readonly mint: Mint
  readonly sameSecret: SameSecret
  readonly broker: Broker
  /** The node's name. */
  readonly node: string
}

/** How a connection ended. */
export interface Close {
  readonly code: number
  readonly reason: string
  readonly by: EndedBy
}

/** Whom a node tells. Must not throw. */
export interface NodeListener {
  connected(connection: Connection): void
  /** Told while the connection still has its subscriptions. */
  disconnected(connection: Connection, close: Close): void
  /** The application's own code, or what it handed in, failed. */
  failed(error: unknown, where: string): void
}
