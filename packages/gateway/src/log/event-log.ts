// Turns what happens in the server into log lines: one at connect, one at close, one for each missed ping, one for each
// refusal. Knows nothing of tokens, headers or queries, so none can get into a line.

import type { Logger } from 'pino'
import { closeClass, closeCode } from 'staywire/protocol'
import type { Observer, ServerEvent } from 'staywire/server'
import { LineBudget } from './line-budget.ts'

/** Lines in a second about peers that never became connections: anybody can cause them, in any number. */
const STRANGER_LINES_PER_SECOND = 20

/** How a log tells time: Unix milliseconds. */
type Clock = () => number

/** Writes events to a log. */
export class EventLog implements Observer {
  readonly #logger: Logger
  readonly #now: Clock
  readonly #strangers = new LineBudget(STRANGER_LINES_PER_SECOND)

  constructor(logger: Logger, now: Clock) {
    this.#logger = logger
    this.#now = now
  }

  report(event: ServerEvent): void {
    switch (event.type) {
      case 'connected':
        this.#logger.info({ ...event.facts, resumed: event.resumed }, 'connected')
        break
      case 'closed':
        this.#closed(event)
        break
      case 'refused':
        this.#stranger({ status: event.status, cause: event.cause, address: event.address }, 'refused')
        break
      case 'limited':
        this.#stranger(
          {
            limit: event.limit,
            outcome: event.outcome,
            address: event.address,
            ...(event.user !== '' && { user: event.user }),
            connection: event.connection,
          },
          'limit met',
        )
        break
      case 'ping-missed':
        this.#logger.warn({ connection: event.connection, missed: event.missed }, 'ping missed')
        break
      case 'application-error':
        this.#logger.error({ where: event.where, err: event.error }, 'failed')
        break
      case 'frame-refused':
        this.#logger.debug({ connection: event.connection, code: event.code }, 'frame refused')
        break
      case 'dropped':
      case 'pong':
      case 'published':
      case 'subscribed':
      case 'unsubscribed':
        break
    }
  }

  #closed({ facts, connection, code, reason, by, at }: ServerEvent & { type: 'closed' }): void {
    const how = { code, class: closeClass(code), reason, by, cause: causeOf(code, by) }
    // What a limit refused was told by the limit.
    if (facts === undefined && closeClass(code) === 'capacity') return
    if (facts === undefined) return this.#stranger({ connection, ...how }, 'closed before it was connected')
    const { user, address, transport, connectedAt } = facts
    this.#logger.info({ connection, user, address, transport, durationMs: at - connectedAt, ...how }, 'closed')
  }

  #stranger(facts: object, message: string): void {
    const { allowed, suppressed } = this.#strangers.take(this.#now())
    if (allowed) this.#logger.warn({ ...facts, ...(suppressed > 0 && { suppressed }) }, message)
  }
}

/** Why a connection closed, in words. */
function causeOf(code: number, by: 'server' | 'client' | 'network'): string {
  const ours = closeCode(code)
  if (ours !== undefined) return ours.meaning
  if (by === 'network')
    return 'The link broke without a close: a network change, a sleeping device, a killed tab or a proxy.'
  return by === 'client'
    ? 'The client ended it: the page was closed or left, or the user signed out.'
    : 'The server ended it.'
}
