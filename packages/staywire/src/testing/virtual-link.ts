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

/** Something that was sent and has not been told to the other side. */
interface Transit {
  readonly chars: number
  readonly tell: () => void
  /** `held`: the path is silent, it is sent again later; `arrived`: it waits for what was sent before it, or for a reader. */
  state: 'held' | 'moving' | 'arrived' | 'lost'
}

/** One direction of a link. */
interface Lane {
  /** While the path is silent, what is sent waits (TCP retransmits it when the path comes back). */
  stalled: boolean
  /** While the reader does not read, what has arrived waits too, and is read at once afterwards. */
  unread: boolean
  /** In the order in which it was sent, which is the order in which it is told. */
  queue: Transit[]
  chars: number
  /** Told once nothing waits. */
  drained: (() => void)[]
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
      this.#lose(this.#lanes[side])
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
    this.#flow(other(side))
  }

  /** Characters that a side has sent and that wait, because the path is silent or nobody reads. */
  waitingChars(from: Side): number {
    const { stalled, unread, chars } = this.#lanes[from]
    return stalled || unread ? chars : 0
  }

  /** Calls `then` once, when nothing waits that `from` sent (at once if nothing does). */
  whenDrained(from: Side, then: () => void): void {
    if (this.waitingChars(from) === 0) then()
    else this.#lanes[from].drained.push(then)
  }

  #transmit(from: Side, arrive: () => void, chars = 0): void {
    const lane = this.#lanes[from]
    const tell = (): void => (chars === 0 || !this.#closed[other(from)] ? arrive() : undefined)
    const transit: Transit = { chars, tell, state: 'held' }
    lane.queue.push(transit)
    lane.chars += chars
    if (!lane.stalled) this.#depart(from, transit)
  }

  #depart(from: Side, transit: Transit): void {
    const lane = this.#lanes[from]
    transit.state = 'moving'
    this.#time.schedule(this.#time.now + this.#latency(from), () => {
      if (transit.state === 'lost') return
      transit.state = lane.stalled ? 'held' : 'arrived'
      this.#tell(lane)
    })
  }

  /** Nothing overtakes what was sent before it. */
  #tell(lane: Lane): void {
    while (!lane.unread && lane.queue[0]?.state === 'arrived') {
      const first = lane.queue.shift()
      lane.chars -= first?.chars ?? 0
      first?.tell()
    }
  }

  /** The path or the reader is back. */
  #flow(from: Side): void {
    const lane = this.#lanes[from]
    if (lane.stalled) return
    for (const transit of lane.queue) if (transit.state === 'held') this.#depart(from, transit)
    if (lane.unread) return
    this.#time.schedule(this.#time.now, () => this.#tell(lane))
    for (const then of lane.drained.splice(0)) then()
  }

  #lose(lane: Lane): void {
    for (const transit of lane.queue.splice(0)) transit.state = 'lost'
    lane.chars = 0
  }

  #tellClosed(side: Side, code?: number, reason?: string): void {
    if (this.#closed[side]) return
    this.#closed[side] = true
    this.#ends[side]?.closed(code, reason)
  }
}

function newLane(): Lane {
  return { stalled: false, unread: false, queue: [], chars: 0, drained: [] }
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}
