// What a node has counted since it started, fed by the events it reports anyway.

import { noneLimited } from '../guard/limited.ts'
import type { Observer, ServerEvent } from '../observer/observer.ts'

/** The counts. */
export class Counters {
  accepted = 0
  connected = 0
  closed = 0
  refused = 0
  framesReceived = 0
  publications = 0
  duplicates = 0
  recovered = 0
  gaps = 0
  slowConsumers = 0
  missedPings = 0
  droppedEphemeral = 0
  evicted = 0
}

/** Counts every event, then tells the observer of the host, which must not throw but is not trusted with that. */
export class Reporting implements Observer {
  readonly counters = new Counters()
  /** How often each limit was met. */
  readonly limited = noneLimited()
  readonly #observer: Observer | undefined
  readonly #failed: (error: unknown) => void

  constructor(observer: Observer | undefined, failed: (error: unknown) => void) {
    this.#observer = observer
    this.#failed = failed
  }

  /** A publication was stored, or found stored. Often: an event is made only for who looks at it. */
  published(channel: string, duplicate: boolean, from: string | undefined): void {
    if (this.#observer !== undefined)
      return this.report({ type: 'published', channel, duplicate, ...(from !== undefined && { from }) })
    if (duplicate) this.counters.duplicates++
    else this.counters.publications++
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
      case 'published':
        if (event.duplicate) counters.duplicates++
        else counters.publications++
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
      case 'unsubscribed':
      case 'frame-refused':
      case 'pong':
      case 'application-error':
        break
    }
  }
}
