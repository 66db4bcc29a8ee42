// Sends many connections away over a span of time, so that they do not all come back at once. Needs a tick; owns no timer.

import type { Connection } from '../connection/connection.ts'

/** Somebody who is to go. */
interface Departure {
  readonly at: number
  readonly connection: Connection
}

/** Who is still to go, and when. */
export class Departures {
  readonly #close: (connection: Connection, code: number) => void
  #queue: { readonly code: number; readonly departures: readonly Departure[]; next: number }[] = []

  constructor(close: (connection: Connection, code: number) => void) {
    this.#close = close
  }

  /** Closes each with `code`, evenly spread over `overMs`; with 0 all at once, now. */
  spread(connections: readonly Connection[], code: number, overMs: number, now: number): void {
    const step = connections.length === 0 ? 0 : overMs / connections.length
    this.#queue.push({
      code,
      departures: connections.map((connection, index) => ({ at: now + step * index, connection })),
      next: 0,
    })
    this.tick(now)
  }

  /** When `tick` has somebody to close; `Infinity` when nobody. */
  get wakeAt(): number {
    return Math.min(...this.#queue.map(({ departures, next }) => departures[next]?.at ?? Infinity))
  }

  /** Closes those whose time has come. */
  tick(now: number): void {
    for (const batch of this.#queue) {
      for (
        let departure = batch.departures[batch.next];
        departure !== undefined && departure.at <= now;
        departure = batch.departures[++batch.next]
      ) {
        this.#close(departure.connection, batch.code)
      }
    }
    this.#queue = this.#queue.filter(({ departures, next }) => next < departures.length)
  }
}
