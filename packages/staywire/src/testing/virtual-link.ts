// A connection of the virtual network: an ordered stream of texts each way, as TCP under a WebSocket is, with the ways it fails.

import type { VirtualTime } from './virtual-time.ts'

/** Which side: the one that dialled, or the one that accepted. */
export type Side = 'client' | 'server'

/** What one side is told. After `closed` it is told nothing more. */
export interface LinkEnd {
  text(text: string): void
  /** `code` is absent when the link vanished (1006 in a browser). */
  closed(code?: number, reason?: string): void
}

/** Something on its way. */
interface Transit {
  readonly arrive: () => void
}

/** One direction of a link. */
interface Lane {
  /** While stalled, what is sent waits (TCP retransmits it when the path comes back). */
  stalled: boolean
  waiting: Transit[]
  /** When the last one arrives: later ones never overtake it. */
  busyUntil: number
}

/** A link between two ends. Faults: `cut` (both sides learn it), `stall` (half-open: nobody learns anything), `restore`. */
export class VirtualLink {
  readonly #time: VirtualTime
  readonly #latency: (from: Side) => number
  readonly #ends: Partial<Record<Side, LinkEnd>> = {}
  readonly #lanes: Record<Side, Lane> = { client: newLane(), server: newLane() }
  readonly #closed: Record<Side, boolean> = { client: false, server: false }

  /** `latency` gives the milliseconds of one transit from that side. */
  constructor(time: VirtualTime, latency: (from: Side) => number) {
    this.#time = time
    this.#latency = latency
  }

  /** Whether both sides have been told that it is over. */
  get over(): boolean {
    return this.#closed.client && this.#closed.server
  }

  /** Puts an end on a side; what arrives before is lost. */
  connect(side: Side, end: LinkEnd): void {
    this.#ends[side] = end
  }

  /** Sends a text from a side to the other. Silently lost when either has closed, as bytes written to a dead socket are. */
  send(from: Side, text: string): void {
    if (this.#closed[from]) return
    this.#transmit(from, () => this.#ends[other(from)]?.text(text))
  }

  /** Closes from a side: it is told nothing more; the other side learns the code when that arrives. */
  close(from: Side, code?: number, reason?: string): void {
    if (this.#closed[from]) return
    this.#closed[from] = true
    this.#transmit(from, () => this.#tellClosed(other(from), code, reason), true)
  }

  /** The path breaks and both sides are told (a reset): what is on its way is lost. */
  cut(): void {
    for (const side of ['client', 'server'] as const) {
      this.#lanes[side].waiting = []
      this.#lanes[side].stalled = true
      this.#time.schedule(this.#time.now + this.#latency(side), () => this.#tellClosed(side))
    }
  }

  /** The path goes silent in one or both directions; nobody is told anything. */
  stall(from?: Side): void {
    for (const side of from === undefined ? (['client', 'server'] as const) : [from]) this.#lanes[side].stalled = true
  }

  /** The path works again; what waited arrives in order. */
  restore(): void {
    for (const side of ['client', 'server'] as const) {
      const lane = this.#lanes[side]
      if (!lane.stalled) continue
      lane.stalled = false
      const { waiting } = lane
      lane.waiting = []
      for (const transit of waiting) this.#depart(side, transit)
    }
  }

  #transmit(from: Side, arrive: () => void, closing = false): void {
    const transit: Transit = { arrive: () => (closing || !this.#closed[other(from)] ? arrive() : undefined) }
    const lane = this.#lanes[from]
    if (lane.stalled) lane.waiting.push(transit)
    else this.#depart(from, transit)
  }

  #depart(from: Side, transit: Transit): void {
    const lane = this.#lanes[from]
    lane.busyUntil = Math.max(lane.busyUntil, this.#time.now + this.#latency(from))
    this.#time.schedule(lane.busyUntil, () => {
      // A stall that began while this was on its way holds it too: it is retransmitted later, in its turn.
      if (lane.stalled) lane.waiting.push(transit)
      else transit.arrive()
    })
  }

  #tellClosed(side: Side, code?: number, reason?: string): void {
    if (this.#closed[side]) return
    this.#closed[side] = true
    this.#ends[side]?.closed(code, reason)
  }
}

function newLane(): Lane {
  return { stalled: false, waiting: [], busyUntil: 0 }
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}
