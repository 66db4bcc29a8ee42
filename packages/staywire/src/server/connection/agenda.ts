// The requests of one connection that are not done: in which order they may run, and which questions are open. It runs
// nothing itself.

import type { Request } from './request.ts'

/** A question that was asked. */
interface Ticket {
  readonly number: number
  readonly request: Request
  readonly deadline: number
}

/** The requests of one channel. */
interface Lane {
  /** The one that goes first; nothing else runs beside it. */
  head: Request | undefined
  /** How many have gone ahead, but are not done. */
  ahead: number
  readonly queue: Request[]
}

/** What is under way. */
export class Agenda {
  readonly #tickets = new Map<number, Ticket>()
  readonly #ahead = new Set<Request>()
  readonly #lanes = new Map<string, Lane>()
  #lastTicket = 0
  /** Requests that were taken on and are not done. */
  open = 0

  /** Takes a request on. Says whether it may start now; if not, it comes out of `free` or `done` later. */
  take(request: Request): boolean {
    this.open++
    if (request.channel === undefined) return true
    let lane = this.#lanes.get(request.channel)
    if (lane === undefined) this.#lanes.set(request.channel, (lane = { head: undefined, ahead: 0, queue: [] }))
    if (lane.queue.length > 0 || !mayStart(lane, request)) {
      lane.queue.push(request)
      return false
    }
    lane.head = request
    return true
  }

  /** A request asks; answers the number of its ticket. */
  ask(request: Request, deadline: number): number {
    const number = ++this.#lastTicket
    this.#tickets.set(number, { number, request, deadline })
    return number
  }

  /** The request that holds a ticket, which is used up; `undefined` for a dead one. */
  redeem(number: number): Request | undefined {
    const ticket = this.#tickets.get(number)
    this.#tickets.delete(number)
    return ticket?.request
  }

  /** Takes out the requests whose question was not answered by now. */
  expire(now: number): Request[] {
    const late = [...this.#tickets.values()].filter(({ deadline }) => deadline <= now)
    for (const { number } of late) this.#tickets.delete(number)
    return late.map(({ request }) => request)
  }

  /** When the first question runs out. */
  get deadline(): number {
    for (const { deadline } of this.#tickets.values()) return deadline
    return Infinity
  }

  /** A request lets others of its channel go ahead; answers the next one that may start now. */
  free(request: Request): Request | undefined {
    const lane = request.channel === undefined ? undefined : this.#lanes.get(request.channel)
    if (lane === undefined || lane.head !== request) return undefined
    lane.head = undefined
    lane.ahead++
    this.#ahead.add(request)
    return this.#next(lane)
  }

  /** A request is done; answers the next one of its channel that may start now. */
  done(request: Request): Request | undefined {
    this.open--
    const { channel } = request
    const lane = channel === undefined ? undefined : this.#lanes.get(channel)
    if (lane === undefined || channel === undefined) return undefined
    if (this.#ahead.delete(request)) lane.ahead--
    else lane.head = undefined
    const next = this.#next(lane)
    if (lane.head === undefined && lane.ahead === 0) this.#lanes.delete(channel)
    return next
  }

  #next(lane: Lane): Request | undefined {
    const [first] = lane.queue
    if (first === undefined || !mayStart(lane, first)) return undefined
    lane.queue.shift()
    return (lane.head = first)
  }
}

function mayStart(lane: Lane, request: Request): boolean {
  return lane.head === undefined && (lane.ahead === 0 || request.shares)
}
