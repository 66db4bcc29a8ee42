// Turns what happens in the server into log lines: one at connect, one at close, one for each missed ping, one for each
// refusal. Knows nothing of tokens, headers or queries, so none can get into a line.

import type { Logger } from 'pino'
import { causeOf } from 'staywire/operations'
import { closeClass } from 'staywire/protocol'
import type { ClosedEvent, Observer, ServerEvent } from 'staywire/server'
import { LineBudget } from './line-budget.ts'

/** Lines in a second about peers that never became connections: anybody can cause them, in any number. */
const STRANGER_LINES_PER_SECOND = 20

/** Lines in a second about failures of the same cause: a key server that is down fails for everybody who comes. */
const FAILURE_LINES_PER_SECOND = 5
/** Lines in a second about peers: one that is gone is asked for by all who were on it. */
const PEER_LINES_PER_SECOND = 5

/** Lines in a second about missed pings and about sweeps. */
const PING_LINES_PER_SECOND = 200
const SWEEP_LINES_PER_SECOND = 5

/** How a log tells time: Unix milliseconds. */
type Clock = () => number

/** Writes events to a log. */
export class EventLog implements Observer {
  readonly #logger: Logger
  readonly #now: Clock
  readonly #strangers = new LineBudget(STRANGER_LINES_PER_SECOND)
  readonly #failures = new LineBudget(FAILURE_LINES_PER_SECOND)
  readonly #peers = new LineBudget(PEER_LINES_PER_SECOND)
  readonly #pings = new LineBudget(PING_LINES_PER_SECOND)
  readonly #sweeps = new LineBudget(SWEEP_LINES_PER_SECOND)

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
        this.#pingMissed(event)
        break
      case 'revoked':
        this.#logger.info({ kind: event.kind, connections: event.connections }, 'revoked')
        break
      case 'swept':
        this.#swept(event)
        break
      case 'application-error':
        this.#failed(event)
        break
      case 'forwarded':
        this.#forwarded(event)
        break
      case 'frame-refused':
        this.#logger.debug({ connection: event.connection, code: event.code }, 'frame refused')
        break
      case 'delivered':
      case 'dropped':
      case 'pong':
      case 'published':
      case 'subscribed':
      case 'unsubscribed':
      case 'upgraded':
        break
    }
  }

  #closed({
    facts,
    connection,
    address,
    transport,
    code,
    reason,
    by,
    durationMs,
    bytesIn,
    bytesOut,
  }: ClosedEvent): void {
    const how = { code, class: closeClass(code), reason, by, cause: causeOf(code, by) }
    // What a limit refused was told by the limit.
    if (facts === undefined && closeClass(code) === 'capacity') return
    if (facts === undefined)
      return this.#stranger({ connection, address, transport, ...how }, 'closed before it was connected')
    const { user } = facts
    this.#logger.info({ connection, user, address, transport, durationMs, bytesIn, bytesOut, ...how }, 'closed')
  }

  /** A network that fails takes everybody's pings: the first many are told one by one, then how many more there were. */
  #pingMissed({ connection, user, address, missed }: ServerEvent & { type: 'ping-missed' }): void {
    const { allowed, suppressed } = this.#pings.take(this.#now())
    if (!allowed) return
    this.#logger.warn({ connection, user, address, missed, ...(suppressed > 0 && { suppressed }) }, 'ping missed')
  }

  #failed({ where, error }: ServerEvent & { type: 'application-error' }): void {
    const { allowed, suppressed } = this.#failures.take(this.#now())
    if (allowed) this.#logger.error({ where, err: error, ...(suppressed > 0 && { suppressed }) }, 'failed')
  }

  #forwarded({ to, outcome, cause }: ServerEvent & { type: 'forwarded' }): void {
    if (outcome === 'answered') return
    const { allowed, suppressed } = this.#peers.take(this.#now())
    if (allowed) this.#logger.warn({ to, cause, ...(suppressed > 0 && { suppressed }) }, 'peer does not answer')
  }

  /** Sessions run out all day long: a line for them alone is for who looks closely. */
  #swept({ connections, sessions }: ServerEvent & { type: 'swept' }): void {
    const level = connections > 0 ? 'info' : 'debug'
    const { allowed, suppressed } = this.#sweeps.take(this.#now())
    if (allowed) this.#logger[level]({ connections, sessions, ...(suppressed > 0 && { suppressed }) }, 'swept')
  }

  #stranger(facts: object, message: string): void {
    const { allowed, suppressed } = this.#strangers.take(this.#now())
    if (allowed) this.#logger.warn({ ...facts, ...(suppressed > 0 && { suppressed }) }, message)
  }
}
