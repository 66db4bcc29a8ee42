// The events of a server, for the host: who listens, and that a listener that throws harms nobody but itself.

import type { Connection } from '../connection/connection.ts'
import { infoOf } from '../node/describe.ts'
import type { Close, NodeListener } from '../node/world.ts'
import type { ServerEvents } from './api.ts'

type Name = keyof ServerEvents

/** The host's listeners. */
export class Listeners implements NodeListener {
  readonly #sets: { readonly [Event in Name]: Set<ServerEvents[Event]> } = {
    connected: new Set(),
    disconnected: new Set(),
    error: new Set(),
  }

  /** How many listen. */
  get size(): number {
    return this.#sets.connected.size + this.#sets.disconnected.size + this.#sets.error.size
  }

  /** Listens; the returned function stops that. The same function twice listens twice. */
  on<Event extends Name>(event: Event, listener: ServerEvents[Event]): () => void {
    const own = ((...args: Parameters<ServerEvents[Event]>) =>
      (listener as (...args: Parameters<ServerEvents[Event]>) => void)(...args)) as ServerEvents[Event]
    this.#sets[event].add(own)
    return () => void this.#sets[event].delete(own)
  }

  connected(connection: Connection): void {
    if (this.#sets.connected.size === 0) return
    const info = infoOf(connection)
    for (const listener of this.#sets.connected) this.#guarded('connected', () => listener(info))
  }

  disconnected(connection: Connection, close: Close): void {
    if (this.#sets.disconnected.size === 0) return
    const info = infoOf(connection)
    for (const listener of this.#sets.disconnected) this.#guarded('disconnected', () => listener(info, close))
  }

  /** What a listener for errors throws is nobody's any more. */
  failed(error: unknown, where: string): void {
    for (const listener of this.#sets.error) {
      try {
        listener(error, where)
      } catch {
        continue
      }
    }
  }

  #guarded(event: Name, call: () => void): void {
    try {
      call()
    } catch (error) {
      this.failed(error, `listener of ${event}`)
    }
  }
}
