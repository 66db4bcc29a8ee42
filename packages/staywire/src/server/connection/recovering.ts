// Sends recovered publications to one connection no faster than it takes them, channel by channel, and joins each channel to
// live delivery after its last. Only the shared encodings are held, never bytes of its own.

import { LIMITS } from '../../protocol/limits.ts'
import type { StoredPublication } from '../../protocol/codec.ts'
import type { RecentFrames } from '../hub/recent-frames.ts'
import type { Outbox } from './link.ts'

/** How much may wait in an outbox before more is added: well below the limit, as what is added may be large. */
const MAX_WAITING_BYTES = LIMITS.recoveryInFlightBytes.value / 4

/** One channel on its way. */
interface Journey {
  readonly channel: string
  readonly publications: readonly StoredPublication[]
  readonly upTo: number
  sent: number
}

/** What is still to be sent to one connection. */
export class Recovering {
  readonly #outbox: Outbox
  readonly #frames: RecentFrames
  readonly #arrived: (channel: string, upTo: number) => void
  #journeys: Journey[] = []
  #waiting = false

  /** `arrived` is told when the last publication of a channel is on its way. */
  constructor(outbox: Outbox, frames: RecentFrames, arrived: (channel: string, upTo: number) => void) {
    this.#outbox = outbox
    this.#frames = frames
    this.#arrived = arrived
  }

  /** Whether nothing is left to be sent. */
  get idle(): boolean {
    return this.#journeys.length === 0
  }

  /** Adds a channel; what was left of an earlier recovery of it is dropped. */
  add(channel: string, publications: readonly StoredPublication[], upTo: number): void {
    this.drop(channel)
    this.#journeys.push({ channel, publications, upTo, sent: 0 })
    this.#go()
  }

  /** A channel is no longer wanted. */
  drop(channel: string): void {
    this.#journeys = this.#journeys.filter((journey) => journey.channel !== channel)
  }

  /** Nothing is wanted any more. */
  stop(): void {
    this.#journeys = []
  }

  #go(): void {
    if (this.#waiting) return
    for (let [journey] = this.#journeys; journey !== undefined; [journey] = this.#journeys) {
      const publication = journey.publications[journey.sent]
      if (publication === undefined) {
        this.#journeys.shift()
        this.#arrived(journey.channel, journey.upTo)
      } else if (this.#outbox.bytes >= MAX_WAITING_BYTES) {
        return this.#pause()
      } else {
        journey.sent++
        this.#outbox.sendRequested(this.#frames.get(journey.channel, publication))
      }
    }
  }

  #pause(): void {
    this.#waiting = true
    this.#outbox.whenDrained(() => {
      this.#waiting = false
      this.#go()
    })
  }
}
