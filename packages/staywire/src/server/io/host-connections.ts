// What the host of a server may do with its connections: look at them and end them. It refuses what it cannot be told to do.

import { CLOSE, closeCode, isUsableCloseCode } from '../../protocol/close-code.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import type { Connection } from '../connection/connection.ts'
import type { Farewell } from '../node/departures.ts'
import { infoOf } from '../node/describe.ts'
import type { Node } from '../node/node.ts'
import type { ConnectionFilter, ConnectionInfo } from './api.ts'

/** The connections of a node, for its host. */
export class HostConnections {
  readonly #node: Node

  constructor(node: Node) {
    this.#node = node
  }

  /** The connected ones that fit. */
  list(filter: ConnectionFilter = {}): ConnectionInfo[] {
    return this.#matching(filter).map(infoOf)
  }

  get(id: string): ConnectionInfo | undefined {
    const connection = this.#node.registry.get(id)
    return connection?.phase === 'connected' ? infoOf(connection) : undefined
  }

  /** Closes those of a user on every node; answers how many there were on this one. */
  async closeUser(
    user: string,
    { code = CLOSE.kicked.code, reason }: { code?: number; reason?: string } = {},
  ): Promise<number> {
    refuseCode(code)
    const closed = this.#close(this.#matching({ user }), code, reason)
    const told = reason ?? closeCode(code)?.reason ?? ''
    await this.#node.broker.signal.send({ type: 'close-user', user, code, reason: told })
    return closed
  }

  /** Says whether there was such a connection. */
  close(id: string, { code = CLOSE.kicked.code, reason }: { code?: number; reason?: string } = {}): boolean {
    refuseCode(code)
    const connection = this.#node.registry.get(id)
    return connection !== undefined && this.#close([connection], code, reason) === 1
  }

  /** Sends everybody away; answers how many. */
  closeAll({
    perSecond,
    code = CLOSE.moved.code,
    retryAfterMs,
  }: { perSecond?: number; code?: number; retryAfterMs?: number } = {}): number {
    refuseCode(code)
    if (perSecond !== undefined && !(perSecond > 0))
      throw new StaywireError('bad-option', `perSecond is ${perSecond}; it must be a number above 0.`, {
        fix: 'Leave it out to close all at once.',
      })
    const connections = this.#matching({})
    const overMs = perSecond === undefined ? 0 : (connections.length / perSecond) * 1_000
    this.#node.closeOver(connections, farewell(code, retryAfterMs), overMs)
    return connections.length
  }

  #close(connections: readonly Connection[], code: number, reason: string | undefined): number {
    for (const connection of connections)
      this.#node.close(connection, { code, ...(reason !== undefined && { reason }) })
    return connections.length
  }

  /** Closes those of a user and refuses new ones, for a time or without end. */
  async ban(user: string, forMs: number | undefined): Promise<number> {
    refuseDuration(forMs)
    const { bans, world } = this.#node
    bans.add(user, forMs === undefined ? undefined : world.now() + forMs)
    return this.closeUser(user, { code: CLOSE.banned.code })
  }

  #matching(filter: ConnectionFilter): Connection[] {
    return [...this.#node.registry.matching(filter)]
  }
}

/** A close, with when to come back where that is said. */
export function farewell(code: number, retryAfterMs: number | undefined): Farewell {
  if (retryAfterMs === undefined) return { code }
  if (Number.isSafeInteger(retryAfterMs) && retryAfterMs >= 0) return { code, retryAfterMs }
  throw new StaywireError('bad-option', `retryAfterMs is ${retryAfterMs}; it must be an integer of 0 or more.`, {
    fix: 'Leave it out to leave it to the clients.',
  })
}

function refuseCode(code: number): void {
  if (isUsableCloseCode(code)) return
  throw new StaywireError('bad-option', `${code} is not a code that connections can be closed with.`, {
    fix: 'Use one of the protocol, or one of your own from 4600 to 4999.',
  })
}

function refuseDuration(forMs: number | undefined): void {
  if (forMs === undefined || forMs > 0) return
  throw new StaywireError('bad-option', `forMs is ${forMs}; it must be a number above 0.`, {
    fix: 'Leave it out to ban without end.',
  })
}
