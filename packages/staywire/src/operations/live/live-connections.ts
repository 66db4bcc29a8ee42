// Who is connected, as events tell it: by id, by user, by transport. It asks no server; what it counts can be held against one.

import type { ServerEvent, TransportName } from '../../server/observer/observer.ts'
import type { LiveConnection } from './live-connection.ts'

/** Texts that many connections share are kept once, as long as there are not too many different ones. */
const MOST_AGENTS = 1_000

/** Everybody is subscribed to their own channel (PROTOCOL.md, CONN-12): that is no use of the connection. */
const OWN_CHANNEL = '@user:'

/** The live connections of a node. */
export class LiveConnections {
  readonly #byId = new Map<string, LiveConnection>()
  readonly #byUser = new Map<string, Set<LiveConnection>>()
  readonly #transports: Record<TransportName, number> = { websocket: 0, sse: 0, poll: 0 }
  readonly #agents = new Map<string, string>()

  /** How many there are. */
  get size(): number {
    return this.#byId.size
  }

  /** How many users they belong to. */
  get users(): number {
    return this.#byUser.size
  }

  get(connection: string): LiveConnection | undefined {
    return this.#byId.get(connection)
  }

  all(): IterableIterator<LiveConnection> {
    return this.#byId.values()
  }

  /** Users with their connections, the oldest first. */
  byUser(): IterableIterator<[user: string, connections: ReadonlySet<LiveConnection>]> {
    return this.#byUser.entries()
  }

  /** The connections of one user, the oldest first. */
  of(user: string): readonly LiveConnection[] {
    return [...(this.#byUser.get(user) ?? [])]
  }

  /** How many there are over one transport. */
  over(transport: TransportName): number {
    return this.#transports[transport]
  }

  /** Takes in what happened. */
  report(event: ServerEvent): void {
    switch (event.type) {
      case 'connected':
        return this.#add(event)
      case 'upgraded':
        return this.#upgraded(this.#byId.get(event.connection), event.transport)
      case 'closed':
        return this.#remove(event.connection)
      case 'subscribed':
        return this.#subscribed(this.#byId.get(event.connection), event)
      case 'unsubscribed': {
        const live = this.#byId.get(event.connection)
        if (live !== undefined) live.subscriptions = event.subscriptions
        return
      }
      case 'pong': {
        const live = this.#byId.get(event.connection)
        if (live === undefined) return
        live.rttMs = event.rttMs
        live.missedPings = 0
        return
      }
      case 'ping-missed': {
        const live = this.#byId.get(event.connection)
        if (live !== undefined) live.missedPings = event.missed
        return
      }
      default:
    }
  }

  #add({ facts, resumed, agent, sdk }: ServerEvent & { type: 'connected' }): void {
    const live: LiveConnection = {
      facts,
      resumed,
      agent: this.#shared(agent),
      sdk: this.#shared(sdk),
      subscriptions: 0,
      used: false,
      missedPings: 0,
      rttMs: undefined,
    }
    this.#byId.set(facts.connection, live)
    this.#transports[facts.transport]++
    const own = this.#byUser.get(facts.user)
    if (own === undefined) this.#byUser.set(facts.user, new Set([live]))
    else own.add(live)
  }

  #upgraded(live: LiveConnection | undefined, transport: TransportName): void {
    if (live === undefined) return
    this.#transports[live.facts.transport]--
    this.#transports[transport]++
    live.facts = { ...live.facts, transport }
  }

  #remove(connection: string): void {
    const live = this.#byId.get(connection)
    if (live === undefined) return
    const { user, transport } = live.facts
    this.#byId.delete(connection)
    this.#transports[transport]--
    const own = this.#byUser.get(user)
    own?.delete(live)
    if (own?.size === 0) this.#byUser.delete(user)
    if (this.#byId.size === 0) this.#agents.clear()
  }

  #subscribed(
    live: LiveConnection | undefined,
    { channel, subscriptions }: ServerEvent & { type: 'subscribed' },
  ): void {
    if (live === undefined) return
    live.subscriptions = subscriptions
    if (!channel.startsWith(OWN_CHANNEL)) live.used = true
  }

  #shared(text: string | undefined): string | undefined {
    if (text === undefined) return undefined
    const known = this.#agents.get(text)
    if (known !== undefined) return known
    if (this.#agents.size < MOST_AGENTS) this.#agents.set(text, text)
    return text
  }
}
