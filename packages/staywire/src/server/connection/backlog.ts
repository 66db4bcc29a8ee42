// The work of one connection: requests under way, and what waits for its turn because there are too many of them. While
// something waits nothing more is read, so a client can ask for no more than it is served.

import type { Refusal } from '../../protocol/codec.ts'
import type { ClientFrame } from '../../protocol/frame.ts'
import { LIMITS } from '../../protocol/limits.ts'
import { Agenda } from './agenda.ts'
import type { Answer } from './ask.ts'
import type { Connection } from './connection.ts'
import type { Output } from './output.ts'
import type { Request, Step } from './request.ts'

/** Something that waits: a frame, a frame that was refused, or a request of the server's own. */
type Waiting = Request | { readonly frame: ClientFrame } | { readonly refusal: Refusal }

export class Backlog {
  readonly #connection: Connection
  readonly #agenda = new Agenda()
  #waiting: Waiting[] = []
  #paused = false

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Whether nothing more can be taken on now. PROTOCOL.md, OUT-4. */
  get full(): boolean {
    return this.#waiting.length > 0 || this.#agenda.open >= LIMITS.pendingDecisions.value
  }

  /** Whether it can be let go of: nothing is in it, and no late answer can come that another one's tickets would take for theirs. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#agenda.open === 0 && this.#agenda.owed === 0
  }

  /** Whether reading was stopped. */
  get paused(): boolean {
    return this.#paused
  }

  /** When the first open question runs out. */
  get deadline(): number {
    return this.#agenda.deadline
  }

  /** Takes a request on. */
  begin(request: Request, now: number, out: Output[]): void {
    if (this.#agenda.take(request)) this.#step(request, request.start(this.#connection, now), now, out)
  }

  /** Lets something wait, and stops reading. A few frames sent along with `connect` stop nobody. */
  hold(item: Waiting, out: Output[]): void {
    this.#waiting.push(item)
    const few = this.#connection.phase === 'authenticating' && this.#waiting.length < LIMITS.pendingDecisions.value
    if (this.#paused || few) return
    this.#paused = true
    this.#connection.emit({ type: 'pause' }, out)
  }

  /** Lets a request of the server's own wait: nobody sent it, so nobody is stopped for it. */
  wait(request: Request): void {
    this.#waiting.push(request)
  }

  /** Puts requests before all that waits. */
  putFirst(requests: readonly Request[]): void {
    this.#waiting = [...requests, ...this.#waiting]
  }

  /** Handles what waited, as far as there is room; reads on when nothing waits any more. */
  pump(now: number, out: Output[]): void {
    const connection = this.#connection
    while (connection.phase === 'connected' && this.#agenda.open < LIMITS.pendingDecisions.value) {
      const item = this.#waiting.shift()
      if (item === undefined) break
      if ('refusal' in item) connection.refused(item.refusal, out)
      else if ('frame' in item) connection.serve(item.frame, now, out)
      else this.begin(item, now, out)
    }
    if (!this.#paused || connection.phase !== 'connected' || this.#waiting.length > 0) return
    this.#paused = false
    connection.emit({ type: 'resume' }, out)
  }

  /** An answer came. One with a dead ticket is ignored. */
  answered(ticket: number, answer: Answer, now: number, out: Output[]): void {
    const request = this.#agenda.redeem(ticket)
    if (request === undefined) return
    const connection = this.#connection
    const step =
      answer.kind === 'failed'
        ? { outputs: request.failed(answer, connection) }
        : request.answered(answer, connection, now)
    this.#step(request, step, now, out)
    this.pump(now, out)
  }

  /** Gives up questions that were not answered in time. */
  expire(now: number, out: Output[]): void {
    for (const request of this.#agenda.expire(now)) {
      const failure = { code: 'timeout', message: 'No decision came in time.' } as const
      this.#step(request, { outputs: request.failed(failure, this.#connection) }, now, out)
    }
    this.pump(now, out)
  }

  /** Does what a step says; then whatever it lets go ahead, in turn. */
  #step(request: Request, step: Step, now: number, out: Output[]): void {
    const connection = this.#connection
    for (let current: Request | undefined = request, next = step; ; next = current.start(connection, now)) {
      if (next.outputs !== undefined) for (const output of next.outputs) connection.emit(output, out)
      if (connection.phase === 'closed') return
      if (next.ask !== undefined) {
        const deadline = now + connection.terms.settings.limits.decisionTimeoutMs
        connection.wakeAt = Math.min(connection.wakeAt, deadline)
        out.push({ type: 'ask', ticket: this.#agenda.ask(current, deadline), ask: next.ask })
        if (next.free !== true) return
      }
      current = next.ask === undefined ? this.#agenda.done(current) : this.#agenda.free(current)
      if (current === undefined) return
    }
  }
}
