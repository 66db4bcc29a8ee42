// The connections that are gone, and why: the last so many, newest first.

import { closeClass, closeCode, type CloseClass } from '../../protocol/close-code.ts'
import type { OriginLabel } from '../../protocol/frame.ts'
import type { FrameType } from '../../server/observer/frame-trail.ts'
import type { ClosedEvent, ConnectionFacts, TransportName } from '../../server/observer/observer.ts'
import { Ring, type Page } from './ring.ts'

/** A connection that is gone. Times are Unix milliseconds. */
export interface ClosedConnection {
  readonly connection: string
  readonly user: string
  readonly address: string
  readonly transport: TransportName
  readonly origin: OriginLabel
  readonly slot?: string
  readonly connectedAt: number
  readonly closedAt: number
  readonly durationMs: number
  readonly code: number
  readonly class: CloseClass
  readonly reason: string
  readonly by: 'server' | 'client' | 'network'
  /** Why, in words. */
  readonly cause: string
  readonly bytesIn: number
  readonly bytesOut: number
  readonly lastReceived: readonly FrameType[]
  readonly lastSent: readonly FrameType[]
}

/** Which are wanted; all given fields must fit. */
export interface ClosedFilter {
  readonly connection?: string
  readonly user?: string
  readonly address?: string
  readonly code?: number
  readonly class?: CloseClass
  readonly transport?: TransportName
  readonly browser?: string
  /** Closed at or after this time. */
  readonly since?: number
}

type Connected = ClosedEvent & { readonly facts: ConnectionFacts }

/** The history of closed connections. */
export class ClosedConnections {
  readonly #ring: Ring<Connected>

  /** `size`: how many are kept. */
  constructor(size: number) {
    this.#ring = new Ring(size)
  }

  /** How many are kept. */
  get length(): number {
    return this.#ring.length
  }

  add(event: Connected): void {
    this.#ring.push(event)
  }

  /** The latest first. */
  *latest(): Generator<Connected> {
    for (const { entry } of this.#ring.newest()) yield entry
  }

  page(filter: ClosedFilter, window: { limit: number; before?: number }): Page<ClosedConnection> {
    const { entries, ...rest } = this.#ring.page((event) => fits(event, filter), window)
    return { entries: entries.map(closedConnection), ...rest }
  }
}

/** Why a connection closed, in words. */
export function causeOf(code: number, by: ClosedEvent['by']): string {
  const ours = closeCode(code)
  if (ours !== undefined) return ours.meaning
  if (by === 'network')
    return 'The link broke without a close: a network change, a sleeping device, a killed tab or a proxy.'
  return by === 'client'
    ? 'The client ended it: the page was closed or left, or the user signed out.'
    : 'The server ended it.'
}

function closedConnection({ facts, at, code, by, ...event }: Connected): ClosedConnection {
  const { durationMs, reason, bytesIn, bytesOut, lastReceived, lastSent } = event
  return {
    ...facts,
    closedAt: at,
    durationMs,
    code,
    class: closeClass(code),
    reason,
    by,
    cause: causeOf(code, by),
    bytesIn,
    bytesOut,
    lastReceived,
    lastSent,
  }
}

function fits({ facts, at, code }: Connected, filter: ClosedFilter): boolean {
  const { connection, user, address, transport, browser, since } = filter
  return (
    (connection === undefined || facts.connection === connection) &&
    (user === undefined || facts.user === user) &&
    (address === undefined || facts.address === address) &&
    (filter.code === undefined || code === filter.code) &&
    (filter.class === undefined || closeClass(code) === filter.class) &&
    (transport === undefined || facts.transport === transport) &&
    (browser === undefined || facts.origin.browser === browser) &&
    (since === undefined || at >= since)
  )
}
