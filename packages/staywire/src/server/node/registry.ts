// The connections of this node: by id, and the connected ones by user. It opens and closes none.

import type { OriginLabel } from '../../protocol/frame.ts'

/** Which connections are meant; all given fields must fit. */
export interface Filter {
  readonly user?: string
  readonly channel?: string
  readonly browser?: string
}

/** What it needs to know of a connection. */
export interface Registered {
  readonly id: string
  readonly user: string
  readonly phase: string
  readonly subscriptions: { has(channel: string): boolean } | undefined
  readonly origin: OriginLabel
}

/** Who is here. */
export class Registry<Who extends Registered> {
  readonly #byId = new Map<string, Who>()
  /** One connection stands for itself: most users have one. */
  readonly #byUser = new Map<string, Who | Set<Who>>()
  #connected = 0

  /** How many there are, connected or not yet. */
  get size(): number {
    return this.#byId.size
  }

  /** How many are connected. */
  get connected(): number {
    return this.#connected
  }

  /** How many users are connected. */
  get users(): number {
    return this.#byUser.size
  }

  get(id: string): Who | undefined {
    return this.#byId.get(id)
  }

  all(): IterableIterator<Who> {
    return this.#byId.values()
  }

  /** The connected ones that fit. */
  *matching({ user, channel, browser }: Filter): Generator<Who> {
    for (const connection of user === undefined ? this.#byId.values() : this.#of(user)) {
      if (connection.phase !== 'connected') continue
      if (channel !== undefined && connection.subscriptions?.has(channel) !== true) continue
      if (browser !== undefined && connection.origin.browser !== browser) continue
      yield connection
    }
  }

  /** Somebody came. */
  add(connection: Who): void {
    this.#byId.set(connection.id, connection)
  }

  /** Somebody who came is connected now. */
  connect(connection: Who): void {
    this.#connected++
    const { user } = connection
    const known = this.#byUser.get(user)
    if (known === undefined) this.#byUser.set(user, connection)
    else if (known instanceof Set) known.add(connection)
    else this.#byUser.set(user, new Set([known, connection]))
  }

  /** Somebody left; says whether they had been connected. */
  remove(connection: Who): boolean {
    this.#byId.delete(connection.id)
    const known = this.#byUser.get(connection.user)
    if (known === connection) this.#byUser.delete(connection.user)
    else if (!(known instanceof Set && known.delete(connection))) return false
    else if (known.size === 1) for (const last of known) this.#byUser.set(connection.user, last)
    this.#connected--
    return true
  }

  #of(user: string): Iterable<Who> {
    const known = this.#byUser.get(user)
    if (known === undefined) return []
    return known instanceof Set ? [...known] : [known]
  }
}
