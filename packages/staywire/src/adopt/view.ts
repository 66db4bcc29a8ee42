// An adopted server as its operator and its application see it: lists, figures, and sending connections away.

import { CLOSE } from '../protocol/close-code.ts'
import { StaywireError } from '../protocol/error-code.ts'
import type { Filter } from '../server/node/registry.ts'
import type { ConnectionInfo } from '../server/observer/connection-info.ts'
import {
  connectionStats,
  userConnection,
  type ConnectionStats,
  type UserConnection,
} from '../server/observer/connection-stats.ts'
import type { ServerStats } from '../server/observer/server-stats.ts'
import type { Ban } from '../server/session/bans.ts'
import { endingOf, type Adoption } from './adoption.ts'
import { infoOf } from './connection.ts'

/** How a connection is to be closed. Default code 4502. */
export interface Closing {
  readonly code?: number
  readonly reason?: string
}

/** An adopted server. */
export class AdoptedServer {
  readonly node: string
  readonly connections: {
    list(filter?: Filter): Promise<ConnectionInfo[]>
    get(id: string): Promise<ConnectionInfo | undefined>
    /** Whether there was such a connection. */
    close(id: string, closing?: Closing): Promise<boolean>
    /** Closes with 4107 `moved`, so that clients come back, spread by `perSecond` (default: at once). Answers how many. */
    closeAll(options?: { perSecond?: number }): Promise<number>
  }
  readonly #adoption: Adoption

  constructor(adoption: Adoption) {
    this.#adoption = adoption
    this.node = adoption.world.node
    this.connections = {
      list: async (filter) => this.#list(filter),
      get: async (id) => {
        const connection = adoption.registry.get(id)
        return connection && infoOf(connection)
      },
      close: async (id, closing) => {
        const connection = adoption.registry.get(id)
        return connection !== undefined && this.#close([connection], closing) === 1
      },
      closeAll: async (options) => this.#closeAll(options),
    }
  }

  /** One user: to be sent away, or kept out on this node. Nobody's ban outlives the process. */
  user(id: string): {
    close(closing?: Closing): Promise<number>
    ban(options?: { forMs?: number }): Promise<number>
    unban(): boolean
  } {
    const { bans, world } = this.#adoption
    return {
      close: async (closing) => this.#close(this.#adoption.matching({ user: id }), closing),
      ban: async ({ forMs } = {}) => {
        if (forMs !== undefined && !(forMs > 0))
          throw new StaywireError('bad-option', `forMs is ${forMs}; it must be a number above 0.`, {
            fix: 'Leave it out to ban without end.',
          })
        bans.add(id, forMs === undefined ? undefined : world.now() + forMs)
        return this.#close(this.#adoption.matching({ user: id }), { code: CLOSE.banned.code })
      },
      unban: () => bans.lift(id, world.now()),
    }
  }

  /** Who is banned on this node. */
  bans(): Ban[] {
    return this.#adoption.bans.list(this.#adoption.world.now())
  }

  /** Channels with connections in them, with their number. */
  channels(): { channel: string; subscribers: number }[] {
    const counts = new Map<string, number>()
    for (const { subscriptions } of this.#adoption.registry.all())
      for (const channel of subscriptions) counts.set(channel, (counts.get(channel) ?? 0) + 1)
    return Array.from(counts, ([channel, subscribers]) => ({ channel, subscribers }))
  }

  stats(): ServerStats {
    return this.#adoption.stats()
  }

  /** All connections with their heartbeats; walks all of them. */
  getConnectionStats(): ConnectionStats {
    return connectionStats(this.#list(), this.#adoption.world.now())
  }

  /** The connections of one user; `[]` for a user who has none. */
  getUserConnections(userId: string): UserConnection[] {
    return this.#list({ user: userId }).map(userConnection)
  }

  #list(filter?: Filter): ConnectionInfo[] {
    return this.#adoption.matching(filter).map(infoOf)
  }

  #close(connections: ReturnType<Adoption['matching']>, { code = CLOSE.kicked.code, reason }: Closing = {}): number {
    const ending = endingOf(code, reason)
    for (const connection of connections) this.#adoption.close(connection, ending)
    return connections.length
  }

  #closeAll({ perSecond }: { perSecond?: number } = {}): number {
    if (perSecond !== undefined && !(perSecond > 0))
      throw new StaywireError('bad-option', `perSecond is ${perSecond}; it must be a number above 0.`, {
        fix: 'Leave it out to close all at once.',
      })
    const connections = this.#adoption.matching()
    const overMs = perSecond === undefined ? 0 : (connections.length / perSecond) * 1_000
    this.#adoption.spread(connections, { code: CLOSE.moved.code }, overMs)
    return connections.length
  }
}
