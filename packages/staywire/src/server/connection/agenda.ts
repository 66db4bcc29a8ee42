// The requests of one connection that are not done: in which order they may run, and which questions are open. It runs
// nothing itself. There are few of them at a time, so lists are searched: that is cheaper than maps that come and go.

import type { Request } from './request.ts'

/** A question that was asked. */
interface Ticket {
  readonly number: number
  readonly request: Request
  readonly deadline: number
}

/** The requests of one channel. */
interface Lane {
  readonly channel: string
  /** The one that goes first; nothing else runs beside it. */
  head: Request | undefined
  /** How many have gone ahead, but are not done. */
  ahead: number
  /** Those that wait; `undefined` before the first. */
  queue: Request[] | undefined
}

/** What is under way. */
export class Agenda {
  /** In the order they were asked in, which is that of their deadlines. */
  readonly #tickets: Ticket[] = []
  readonly #lanes: Lane[] = []
  #lastTicket = 0
  /** Questions that no answer came to yet, those that were given up included. */
  owed = 0
  /** Requests that were taken on and are not done. */
  open = 0

  /** Takes a request on. Says whether it may start now; if not, it comes out of `free` or `done` later. */
  take(request: Request): boolean {
    this.open++
    const { channel } = request
    if (channel === undefined) return true
    const lane = this.#lane(channel)
    if (lane === undefined) {
      this.#lanes.push({ channel, head: request, ahead: 0, queue: undefined })
      return true
    }
    if (lane.queue !== undefined || !mayStart(lane, request)) {
      lane.queue ??= []
      lane.queue.push(request)
      return false
    }
    lane.head = request
    return true
  }

  /** A request asks; answers the number of its ticket. */
  ask(request: Request, deadline: number): number {
    const number = ++this.#lastTicket
    this.owed++
    this.#tickets.push({ number, request, deadline })
    return number
  }

  /** The request that holds a ticket, which is used up; `undefined` for a dead one. */
  redeem(number: number): Request | undefined {
    this.owed--
    const index = this.#tickets.findIndex((ticket) => ticket.number === number)
    const ticket = index === 0 ? this.#tickets.shift() : index > 0 ? this.#tickets.splice(index, 1)[0] : undefined
    return ticket?.request
  }

  /** Takes out the requests whose question was not answered by now. */
  expire(now: number): Request[] {
    const first = this.#tickets.findIndex(({ deadline }) => deadline > now)
    return this.#tickets.splice(0, first < 0 ? this.#tickets.length : first).map(({ request }) => request)
  }

  /** When the first question runs out. */
  get deadline(): number {
    return this.#tickets[0]?.deadline ?? Infinity
  }

  /** A request lets others of its channel go ahead; answers the next one that may start now. */
  free(request: Request): Request | undefined {
    const lane = this.#lane(request.channel)
    if (lane === undefined || lane.head !== request) return undefined
    lane.head = undefined
    lane.ahead++
    return next(lane)
  }

  /** A request is done; answers the next one of its channel that may start now. */
  done(request: Request): Request | undefined {
    this.open--
    const lane = this.#lane(request.channel)
    if (lane === undefined) return undefined
    if (lane.head === request) lane.head = undefined
    else lane.ahead--
    const following = next(lane)
    if (lane.head === undefined && lane.ahead === 0) this.#lanes.splice(this.#lanes.indexOf(lane), 1)
    return following
  }

  #lane(channel: string | undefined): Lane | undefined {
    for (const lane of this.#lanes) if (lane.channel === channel) return lane
    return undefined
  }
}

function next(lane: Lane): Request | undefined {
  const first = lane.queue?.[0]
  if (first === undefined || !mayStart(lane, first)) return undefined
  lane.queue?.shift()
  if (lane.queue?.length === 0) lane.queue = undefined
  return (lane.head = first)
}

function mayStart(lane: Lane, request: Request): boolean {
  return lane.head === undefined && (lane.ahead === 0 || request.shares)
}
