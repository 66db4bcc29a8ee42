// What one tab asked and the server has not answered: calls, and reads of presence and history. A call that may have been
// made is never made again; reads are.

import { failure, type Settle } from '../failure.ts'
import type { TabMessage } from '../owner/message.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import type { ErrorFrame, ResultFrame } from '../../protocol/frame.ts'

/** A request as it is put in. */
export interface Request extends Settle<ResultFrame> {
  /** The JSON text of its frame, without the opening brace. */
  readonly body: string
  /** How long it may take, the wait for a connection included. */
  readonly timeoutMs: number
  /** Whether asking twice does no more than asking once. */
  readonly repeatable: boolean
}

interface Entry extends Request {
  readonly deadline: number
  sent: boolean
}

/** Unanswered requests of a tab. */
export class Requests {
  readonly #entries = new Map<number, Entry>()
  #up = false

  /** When a `tick` is wanted. */
  get wakeAt(): number {
    let wakeAt = Infinity
    for (const { deadline } of this.#entries.values()) wakeAt = Math.min(wakeAt, deadline)
    return wakeAt
  }

  get count(): number {
    return this.#entries.size
  }

  /** Takes a request; sends it when there is a connection. */
  add(ticket: number, request: Request, now: number): TabMessage[] {
    this.#entries.set(ticket, { ...request, deadline: now + request.timeoutMs, sent: this.#up })
    return this.#up ? [{ type: 'request', ticket, body: request.body }] : []
  }

  /** An answer. */
  answer(ticket: number, frame: ResultFrame | ErrorFrame): void {
    const entry = this.#entries.get(ticket)
    if (entry === undefined) return
    this.#entries.delete(ticket)
    if (frame.type === 'result') entry.resolve(frame)
    else entry.reject(failure(frame.code, frame.message, frame.retryAfterMs))
  }

  /** The connection is up: sends what waits for it. */
  up(): TabMessage[] {
    this.#up = true
    return [...this.#entries].map(([ticket, entry]) => {
      entry.sent = true
      return { type: 'request', ticket, body: entry.body }
    })
  }

  /** The connection is gone: a call under way may have been made or not. PROTOCOL.md, CLI-7. */
  down(): void {
    this.#up = false
    for (const [ticket, entry] of this.#entries) {
      if (entry.sent && !entry.repeatable) this.#end(ticket, entry, new StaywireError('unknown', 'The connection was lost before the call was answered.'))
      entry.sent = false
    }
  }

  /** Time has come to `wakeAt`. */
  tick(now: number): void {
    for (const [ticket, entry] of this.#entries) {
      if (entry.deadline > now) continue
      const { sent, timeoutMs } = entry
      this.#end(ticket, entry, new StaywireError(sent ? 'timeout' : 'disconnected', sent ? `No answer came within ${timeoutMs} ms.` : `There was no connection within ${timeoutMs} ms.`))
    }
  }

  /** Nothing will be answered any more. */
  close(error: StaywireError): void {
    for (const [ticket, entry] of this.#entries) this.#end(ticket, entry, error)
  }

  #end(ticket: number, entry: Entry, error: StaywireError): void {
    this.#entries.delete(ticket)
    entry.reject(error)
  }
}
