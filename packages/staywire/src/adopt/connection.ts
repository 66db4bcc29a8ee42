// One adopted connection: who it is, and what was seen of it. The link below it is another library's; it is told what to do by
// the adoption alone.

import type { OriginLabel } from '../protocol/frame.ts'
import { addressGroup } from '../server/guard/address-group.ts'
import type { Seat } from '../server/guard/seats.ts'
import { Timed } from '../server/heartbeat/wheel.ts'
import type { ConnectionInfo } from '../server/observer/connection-info.ts'
import type { ConnectionFacts, TransportName } from '../server/observer/observer.ts'
import { Heartbeat } from './heartbeat.ts'

/** With what a connection is closed. */
export interface Ending {
  readonly code: number
  readonly reason: string
}

/** What an adoption asks of the connection of another library. Each may be called at any time, also more than once. */
export interface AdoptedLink {
  /** Asks the peer for a sign of life. */
  ask(): void
  /** Ends it in order. Whoever made the link tells the adoption of the end (`ended`). */
  close(ending: Ending): void
  /** Ends it without a word, at once: the peer does not read. */
  drop(): void
  /** Bytes that wait to be written. */
  waitingBytes(): number
}

/** Somebody who wants to be adopted. */
export interface Candidate {
  /** Unique in this process. */
  readonly id: string
  readonly user: string
  readonly address: string
  readonly transport: TransportName
  readonly origin?: OriginLabel
  /** The `User-Agent` header. */
  readonly agent?: string | undefined
  /** Which library the peer speaks, for people. */
  readonly sdk?: string
  /** Whether it continues an earlier connection. */
  readonly resumed?: boolean
  readonly link: AdoptedLink
}

/** An adopted connection. Times are Unix milliseconds. */
export class AdoptedConnection extends Timed {
  readonly id: string
  readonly user: string
  readonly address: string
  readonly origin: OriginLabel
  readonly link: AdoptedLink
  readonly connectedAt: number
  readonly phase = 'connected'
  /** Its channels. */
  readonly subscriptions = new Set<string>()
  readonly heartbeat: Heartbeat
  transport: TransportName
  /** When its peer last sent anything of its own. */
  activeAt: number
  bytesIn = 0
  bytesOut = 0
  /** Where it sits; absent once it was told to go. */
  seat: Seat | undefined
  /** With what it was told to go. */
  ending: Ending | undefined
  readonly #wake: (connection: AdoptedConnection, now: number) => void

  constructor(candidate: Candidate, now: number, wake: (connection: AdoptedConnection, now: number) => void) {
    super()
    this.id = candidate.id
    this.user = candidate.user
    this.address = candidate.address
    this.origin = candidate.origin ?? {}
    this.link = candidate.link
    this.transport = candidate.transport
    this.connectedAt = this.activeAt = now
    this.heartbeat = new Heartbeat(now)
    this.#wake = wake
  }

  override wake(now: number): void {
    this.#wake(this, now)
  }
}

/** Where a candidate would sit. */
export function seatOf({ user, address, origin }: Candidate): Seat {
  return { address: addressGroup(address), user, browser: origin?.browser }
}

/** What is told of a connection when it comes and when it goes. */
export function factsOf({ id, user, address, transport, origin, connectedAt }: AdoptedConnection): ConnectionFacts {
  return { connection: id, user, address, transport, origin, connectedAt: Math.round(connectedAt) }
}

/** How it stands now. */
export function infoOf(connection: AdoptedConnection): ConnectionInfo {
  const { id, user, address, transport, origin, connectedAt, heartbeat, subscriptions } = connection
  const { lastSeenAt, lastPingAt, lastPongAt, missedPings, rttMs } = heartbeat
  return {
    id,
    user,
    address,
    transport,
    origin,
    connectedAt: Math.round(connectedAt),
    subscriptions: [...subscriptions],
    lastSeenAt: Math.round(lastSeenAt),
    ...(lastPingAt !== undefined && { lastPingAt: Math.round(lastPingAt) }),
    ...(lastPongAt !== undefined && { lastPongAt: Math.round(lastPongAt) }),
    missedPings,
    ...(rttMs !== undefined && { rttMs: Math.round(rttMs) }),
    outboxBytes: connection.link.waitingBytes(),
    bytesIn: connection.bytesIn,
    bytesOut: connection.bytesOut,
  }
}
