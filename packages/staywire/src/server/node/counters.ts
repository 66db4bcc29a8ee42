// What a node has counted since it started, fed by the events it reports anyway. Publications are counted and not reported.

import { noneLimited } from '../guard/limited.ts'
import type { Observer, ServerEvent } from '../observer/observer.ts'
import type { World } from './world.ts'

/** The counts. */
export class Counters {
  accepted = 0
  connected = 0
  closed = 0
  refused = 0
  framesReceived = 0
  bytesReceived = 0
  /** Of connections that are closed; those of live ones are with them. */
  bytesSent = 0
  publications = 0
  duplicates = 0
  recovered = 0
  gaps = 0
  slowConsumers = 0
  missedPings = 0
  droppedEphemeral = 0
  evicted = 0
}

/** The clocks of a node: one that never jumps, and Unix time. */
type Clock = Pick<World, 'now' | 'wall'>

/** Counts every event, then tells the observer of the host, which must not throw but is not trusted with that. */
export class Reporting implements Observer {
  readonly counters = new Counters()
  /** How often each limit was met. */
  readonly limited = noneLimited()
  readonly #observer: Observer | undefined
  readonly #clock: Clock
  readonly #failed: (error: unknown) => void
  /** Durations are told of the first publication of a tick: a clock is not read for each. */
  #timedStore = false
  #timedDelivery = false

  constructor(observer: Observer | undefined, clock: Clock, failed: (error: unknown) => void) {
    this.#observer = observer
    this.#clock = clock
    this.#failed = failed
    this.#timedStore = this.#timedDelivery = observer === undefined
  }

  /** A tick of the server has begun. */
  ticked(): void {
    this.#timedStore = this.#timedDelivery = this.#observer === undefined
  }

  /** A publication is about to be stored: when, if it is to be timed. */
  storing(): number | undefined {
    if (this.#timedStore) return undefined
    this.#timedStore = true
    return this.#clock.now()
  }

  /** A publication was stored, or found stored. Counted; an event is made of one that was timed. */
  published(channel: string, duplicate: boolean, since: number | undefined): void {
    if (duplicate) this.counters.duplicates++
    else this.counters.publications++
    if (since !== undefined) this.report({ type: 'published', channel, storedMs: this.#clock.now() - since })
  }

  /** Somebody is connected. Counted; the event is made for whoever looks at it. */
  connected(event: () => ServerEvent & { type: 'connected' }): void {
    if (this.#observer === undefined) this.counters.connected++
    else this.report(event())
  }

  /** A publication that was accepted at `at` (Unix milliseconds) is in the outboxes. */
  delivered(at: number): void {
    if (this.#timedDelivery) return
    this.#timedDelivery = true
    this.report({ type: 'delivered', latencyMs: Math.max(0, this.#clock.wall() - at) })
  }

  report(event: ServerEvent): void {
    this.#count(event)
    if (this.#observer === undefined) return
    try {
      this.#observer.report(event)
    } catch (error) {
      this.#failed(error)
    }
  }

  #count(event: ServerEvent): void {
    const { counters } = this
    switch (event.type) {
      case 'connected':
        counters.connected++
        break
      case 'closed':
        counters.closed++
        break
      case 'refused':
        counters.refused++
        break
      case 'subscribed':
        if (event.outcome === 'recovered') counters.recovered++
        if (event.outcome === 'gap') counters.gaps++
        break
      case 'ping-missed':
        counters.missedPings++
        break
      case 'limited':
        this.limited[event.limit]++
        if (event.outcome === 'evicted') counters.evicted++
        break
      case 'dropped':
        counters.droppedEphemeral++
        break
      case 'forwarded':
      case 'upgraded':
      case 'unsubscribed':
      case 'published':
      case 'delivered':
      case 'revoked':
      case 'swept':
      case 'frame-refused':
      case 'pong':
      case 'application-error':
        break
    }
  }
}
