// A connection of the virtual network: an ordered stream of texts each way, as TCP under a WebSocket is, with the ways it fails.

import type { VirtualTime } from './virtual-time.ts'

/** Which side: the one that dialled, or the one that accepted. */
export type Side = 'client' | 'server'

/** What one side is told. After `closed` it is told nothing more. */
export interface LinkEnd {
  /** The other side has accepted. */
  opened?(): void
  text(text: string): void
  /** `code` is absent when the link vanished (1006 in a browser). */
  closed(code?: number, reason?: string): void
}

/** Something on its way. */
interface Transit {
  /** Its place among all that were sent in its direction. */
  readonly order: number
  readonly chars: number
  readonly arrive: () => void
}

/** One direction of a link. */
interface Lane {
  /** While the path is silent, what is sent waits (TCP retransmits it when the path comes back). */
  stalled: boolean
  /** While the reader does not read, what has arrived waits too, and is read at once afterwards. */
  unread: boolean
  waiting: Transit[]
  /** How many were sent. */
  sent: number
  waitingChars: number
  /** Told once nothing waits. */
  drained: (() => void)[]
  /** When the last one arrives: later ones never overtake it. */
  busyUntil: number
}

/** A link between two ends. Faults: `cut` (both sides learn it), `stall` (half-open: nobody learns anything), `restore`, and a side that stops reading. */
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

  /** The server has accepted: the client learns it a transit later. */
  established(): void {
    this.#transmit('server', () => {
      if (!this.#closed.client) this.#ends.client?.opened?.()
    })
  }

  /** Sends a text from a side to the other. Silently lost when either has closed, as bytes written to a dead socket are. */
  send(from: Side, text: string): void {
    if (this.#closed[from]) return
    this.#transmit(from, () => this.#ends[other(from)]?.text(text), text.length)
  }

  /** Closes from a side: it is told nothing more; the other side learns the code when that arrives. */
  close(from: Side, code?: number, reason?: string): void {
    if (this.#closed[from]) return
    this.#closed[from] = true
    this.#transmit(from, () => this.#tellClosed(other(from), code, reason))
  }

  /** The path breaks and both sides are told (a reset): what is on its way is lost. */
  cut(): void {
    for (const side of ['client', 'server'] as const) {
      this.#lanes[side].stalled = true
      this.#discard(this.#lanes[side])
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
      this.#lanes[side].stalled = false
      this.#flow(side)
    }
  }

  /** A side stops reading: what is sent to it waits. */
  pauseReading(side: Side): void {
    this.#lanes[other(side)].unread = true
  }

  /** A side reads again, from where it stopped. */
  resumeReading(side: Side): void {
    this.#lanes[other(side)].unread = false
    this.#flow(other(side), 0)
  }

  /** Characters that a side has sent and that wait, because the path is silent or nobody reads. */
  waitingChars(from: Side): number {
    return this.#lanes[from].waitingChars
  }

  /** Calls `then` once, when nothing waits that `from` sent (at once if nothing does). */
  whenDrained(from: Side, then: () => void): void {
    const lane = this.#lanes[from]
    if (lane.waiting.length === 0) then()
    else lane.drained.push(then)
  }

  #transmit(from: Side, arrive: () => void, chars = 0): void {
    const lane = this.#lanes[from]
    const transit: Transit = {
      order: lane.sent++,
      chars,
      arrive: () => (chars === 0 || !this.#closed[other(from)] ? arrive() : undefined),
    }
    if (lane.stalled || lane.unread) hold(lane, transit)
    else this.#depart(from, transit)
  }

  /** What waited goes on its way, unless there is another reason to wait. */
  #flow(from: Side, latencyMs?: number): void {
    const lane = this.#lanes[from]
    if (lane.stalled || lane.unread || lane.waiting.length === 0) return
    const { waiting } = lane
    this.#discard(lane)
    for (const transit of waiting) {
      if (latencyMs === undefined) this.#depart(from, transit)
      else this.#arriveAt(this.#time.now + latencyMs, lane, transit)
    }
    for (const then of lane.drained.splice(0)) then()
  }

  #discard(lane: Lane): void {
    lane.waiting = []
    lane.waitingChars = 0
  }

  #depart(from: Side, transit: Transit): void {
    const lane = this.#lanes[from]
    lane.busyUntil = Math.max(lane.busyUntil, this.#time.now + this.#latency(from))
    this.#arriveAt(lane.busyUntil, lane, transit)
  }

  #arriveAt(at: number, lane: Lane, transit: Transit): void {
    this.#time.schedule(at, () => {
      // A stall that began while this was on its way holds it too: it is retransmitted later, in its turn.
      if (lane.stalled || lane.unread) hold(lane, transit)
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
  return { stalled: false, unread: false, waiting: [], sent: 0, waitingChars: 0, drained: [], busyUntil: 0 }
}

/** What was on its way when the path fell silent was sent before what waits already. */
function hold(lane: Lane, transit: Transit): void {
  let index = lane.waiting.length
  while (index > 0 && (lane.waiting[index - 1]?.order ?? 0) > transit.order) index--
  lane.waiting.splice(index, 0, transit)
  lane.waitingChars += transit.chars
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}
