// Sends many connections away over a span of time, so that they do not all come back at once. Needs a tick; owns no timer.

/** Somebody who is to go. */
interface Departure<Who> {
  readonly at: number
  readonly connection: Who
}

/** With what somebody is sent away. */
export interface Farewell {
  readonly code: number
  /** When to come back, where that is known. */
  readonly retryAfterMs?: number
}

/** Who is still to go, and when. */
export class Departures<Who> {
  readonly #close: (connection: Who, how: Farewell) => void
  #queue: { readonly how: Farewell; readonly departures: readonly Departure<Who>[]; next: number }[] = []

  constructor(close: (connection: Who, how: Farewell) => void) {
    this.#close = close
  }

  /** Closes each as `how` says, evenly spread over `overMs`; with 0 all at once, now. */
  spread(connections: readonly Who[], how: Farewell, overMs: number, now: number): void {
    const step = connections.length === 0 ? 0 : overMs / connections.length
    this.#queue.push({
      how,
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
        this.#close(departure.connection, batch.how)
      }
    }
    this.#queue = this.#queue.filter(({ departures, next }) => next < departures.length)
  }
}
