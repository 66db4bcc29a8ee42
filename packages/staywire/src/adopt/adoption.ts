// The connections of a server of another make, under the limits, the heartbeat and the eyes of this one. It opens nothing: what
// comes in is told to it, and what is to be done to a connection it asks of its link.

import { CLOSE, closeCode, isUsableCloseCode, type CloseCode } from '../protocol/close-code.ts'
import { StaywireError } from '../protocol/error-code.ts'
import { LIMITED, type LimitedBy } from '../server/guard/limited.ts'
import { resolveLimits } from '../server/guard/limit-settings.ts'
import { Seats } from '../server/guard/seats.ts'
import { Wheel } from '../server/heartbeat/wheel.ts'
import { Reporting, type Counters } from '../server/node/counters.ts'
import { Departures, type Farewell } from '../server/node/departures.ts'
import { Registry, type Filter } from '../server/node/registry.ts'
import type { Observer, TransportName } from '../server/observer/observer.ts'
import type { ServerStats } from '../server/observer/server-stats.ts'
import { Bans } from '../server/session/bans.ts'
import { AdoptedConnection, factsOf, seatOf, type Candidate, type Ending } from './connection.ts'
import { heartbeatSettings } from './heartbeat.ts'
import type { AdoptionHeartbeat, AdoptionLimits, AdoptionOptions } from './options.ts'

/** What it needs of the world. Both clocks count Unix milliseconds; the first never jumps. */
export interface AdoptionWorld {
  now(): number
  wall(): number
  readonly node: string
  readonly observer: Observer
  /** Connections of the adopted server that belong to nobody yet, or to nobody any more. */
  strangers(): number
}

/** Why somebody is not adopted. */
export interface Refusal {
  readonly close: CloseCode
  readonly retryAfterMs?: number
  readonly limit?: LimitedBy
}

/** How long an end in order may take. */
const GRACE_MS = 1_000
const AGENT_CHARS = 200
/** The tick of the wheel, finer where somebody asked for times that it would spoil. */
const TICK_MS = 100
/** No limit at all, where a server that is adopted had none. */
const ANY = Number.MAX_SAFE_INTEGER
/** An application that knew of no limit writes much at once, and peers that read are not to be punished for it. */
const OUTBOX_BYTES = 4_194_304

/** The adopted connections of a process. */
export class Adoption {
  readonly world: AdoptionWorld
  readonly limits: ReturnType<typeof resolveLimits>
  readonly heartbeat: Required<AdoptionHeartbeat>
  readonly tickMs: number
  readonly registry = new Registry<AdoptedConnection>()
  readonly bans = new Bans()
  readonly reporting: Reporting
  readonly startedAt: number
  readonly #seats: Seats<AdoptedConnection>
  readonly #wheel: Wheel
  readonly #departures: Departures<AdoptedConnection>
  /** For asking whether there is a seat, without taking it. */
  readonly #probe: AdoptedConnection

  constructor({ heartbeat = {}, limits = {} }: AdoptionOptions, world: AdoptionWorld) {
    this.world = world
    this.startedAt = Math.round(world.wall())
    this.limits = resolveLimits(unlimited(limits))
    this.heartbeat = heartbeatSettings(heartbeat)
    const { checkEveryMs, missedAfterMs } = this.heartbeat
    this.tickMs = Math.max(5, Math.min(TICK_MS, Math.floor(Math.min(checkEveryMs, missedAfterMs) / 10)))
    this.reporting = new Reporting(world.observer, world, () => undefined)
    this.#seats = new Seats(this.limits)
    this.#wheel = new Wheel(world.now(), this.tickMs)
    this.#departures = new Departures((connection, { code }) => this.close(connection, endingOf(code)))
    this.#probe = new AdoptedConnection(NOBODY, world.now(), () => undefined)
  }

  /** Why a candidate would not be adopted now; `undefined` where they would be. */
  refusal(candidate: Candidate): Refusal | undefined {
    const banned = this.#banned(candidate)
    if (banned !== undefined) return banned
    const taken = this.#seats.take(this.#probe, seatOf(candidate))
    if (typeof taken === 'string') return refusalOf(taken)
    this.#seats.leave(this.#probe, seatOf(candidate))
    return undefined
  }

  /** Adopts a connection, or says why not. Those that make room for it are closed (4507). */
  admit(candidate: Candidate): AdoptedConnection | Refusal {
    const refused = this.#banned(candidate)
    if (refused !== undefined) return refused
    const now = this.world.now()
    const connection = new AdoptedConnection(candidate, now, (one, at) => this.#look(one, at))
    const seat = seatOf(candidate)
    const taken = this.#seats.take(connection, seat)
    if (typeof taken === 'string') return refusalOf(taken)
    connection.seat = seat
    this.registry.add(connection)
    this.registry.connect(connection)
    const { agent, sdk, resumed = false } = candidate
    this.reporting.counters.accepted++
    this.reporting.report({
      type: 'connected',
      facts: factsOf(connection),
      resumed,
      ...(agent !== undefined && { agent: agent.slice(0, AGENT_CHARS) }),
      ...(sdk !== undefined && { sdk }),
    })
    this.#schedule(connection)
    for (const { who, limit } of taken.evicted) {
      this.#limited(who, limit, 'evicted')
      this.close(who, endingOf(CLOSE.evicted.code))
    }
    return connection
  }

  /** Somebody was turned away, for what `refusal` or `admit` said. To be told once for each of them. */
  refused({ id, user, address, transport }: Candidate, { close, limit }: Refusal): void {
    if (limit !== undefined) this.#limited({ id, user, address }, limit, 'refused')
    this.reporting.counters.accepted++
    this.reporting.report({
      type: 'closed',
      connection: id,
      address,
      transport,
      code: close.code,
      reason: close.reason,
      by: 'server',
      at: Math.round(this.world.wall()),
      durationMs: 0,
      bytesIn: 0,
      bytesOut: 0,
      lastReceived: [],
      lastSent: [],
    })
  }

  /** Something came from a peer: so many bytes, which may be an answer to a ping and nothing of its own. */
  heard(connection: AdoptedConnection, bytes: number, own = true): void {
    const now = this.world.now()
    const { counters } = this.reporting
    connection.heartbeat.lastSeenAt = now
    connection.bytesIn += bytes
    counters.bytesReceived += bytes
    if (!own) return
    connection.activeAt = now
    counters.framesReceived++
  }

  /** A ping went out, or came in. */
  pinged(connection: AdoptedConnection): void {
    connection.heartbeat.pinged(this.world.now())
  }

  /** A ping was answered. */
  ponged(connection: AdoptedConnection): void {
    const rttMs = connection.heartbeat.ponged(this.world.now())
    if (rttMs !== undefined) this.reporting.report({ type: 'pong', connection: connection.id, rttMs })
  }

  /** A connection came into a channel. */
  joined(connection: AdoptedConnection, channel: string): void {
    const { id, subscriptions } = connection
    if (subscriptions.has(channel)) return
    subscriptions.add(channel)
    const event = { type: 'subscribed', outcome: 'live', recovered: 0 } as const
    this.reporting.report({ ...event, connection: id, channel, subscriptions: subscriptions.size })
  }

  /** A connection left a channel. */
  left({ id, subscriptions }: AdoptedConnection, channel: string): void {
    if (!subscriptions.delete(channel)) return
    this.reporting.report({ type: 'unsubscribed', connection: id, channel, subscriptions: subscriptions.size })
  }

  /** A connection goes on over another transport. */
  upgraded(connection: AdoptedConnection, transport: TransportName): void {
    connection.transport = transport
    this.reporting.report({ type: 'upgraded', connection: connection.id, transport })
  }

  /**
   * So many bytes are about to be sent. Where too many wait already the connection ends: what waits for a peer is never more than
   * the limit and the one message that went beyond it.
   */
  sending(connection: AdoptedConnection, bytes: number): void {
    connection.bytesOut += bytes
    if (connection.ending !== undefined || connection.link.waitingBytes() <= this.limits.outboxBytes) return
    this.reporting.counters.slowConsumers++
    this.#drop(connection, endingOf(CLOSE.slowConsumer.code))
  }

  /** Ends a connection in order, and without a word where that takes too long. */
  close(connection: AdoptedConnection, ending: Ending): void {
    if (connection.ending !== undefined) return
    this.#end(connection, ending)
    this.#wheel.schedule(connection, this.world.now() + GRACE_MS)
    connection.link.close(ending)
  }

  /** A connection is over: as it was told to end, else as `how` says. */
  ended(connection: AdoptedConnection, how: Ending & { readonly by: 'server' | 'client' | 'network' }): void {
    if (!this.registry.remove(connection)) return
    this.#wheel.cancel(connection)
    this.#leave(connection)
    const told = connection.ending
    const { code, reason } = told ?? how
    this.reporting.counters.bytesSent += connection.bytesOut
    this.reporting.report({
      type: 'closed',
      connection: connection.id,
      facts: factsOf(connection),
      address: connection.address,
      transport: connection.transport,
      code,
      reason,
      by: told === undefined ? how.by : 'server',
      at: Math.round(this.world.wall()),
      durationMs: Math.max(0, Math.round(this.world.now() - connection.connectedAt)),
      bytesIn: connection.bytesIn,
      bytesOut: connection.bytesOut,
      lastReceived: [],
      lastSent: [],
    })
  }

  /** Those that fit. */
  matching(filter: Filter = {}): AdoptedConnection[] {
    return [...this.registry.matching(filter)]
  }

  /** Sends many away over a span of time. */
  spread(connections: readonly AdoptedConnection[], how: Farewell, overMs: number): void {
    this.#departures.spread(connections, how, overMs, this.world.now())
  }

  /** Time has passed: to be called every `tickMs`. */
  tick(): void {
    const now = this.world.now()
    this.#departures.tick(now)
    this.reporting.ticked()
    this.#wheel.advance(now)
  }

  /** In figures. Walks all connections for the bytes that wait. */
  stats(listeners = 0): ServerStats {
    const { registry, reporting, world } = this
    const counters: Readonly<Record<keyof Counters, number>> = reporting.counters
    const strangers = world.strangers()
    const channels = new Set<string>()
    let [outboxBytes, subscriptions, bytesSent] = [0, 0, reporting.counters.bytesSent]
    for (const connection of registry.all()) {
      outboxBytes += connection.link.waitingBytes()
      bytesSent += connection.bytesOut
      subscriptions += connection.subscriptions.size
      for (const channel of connection.subscriptions) channels.add(channel)
    }
    return {
      node: world.node,
      startedAt: this.startedAt,
      connections: registry.connected,
      connecting: strangers,
      users: registry.users,
      sessions: 0,
      revocations: 0,
      channels: channels.size,
      subscriptions,
      outboxBytes,
      limited: { ...reporting.limited },
      compression: { messages: 0, bytesBefore: 0, bytesAfter: 0 },
      held: { links: registry.size + strangers, seats: this.#seats.taken, sessions: 0, listeners },
      maxConnections: this.limits.connections,
      counters: { ...counters, bytesSent, deliveries: 0 },
    }
  }

  /** Its time has come: a heartbeat is due, or the grace of its end is over. */
  #look(connection: AdoptedConnection, now: number): void {
    if (connection.ending !== undefined) return connection.link.drop()
    const verdict = connection.heartbeat.look(this.heartbeat, now)
    if (verdict === 'ask') connection.link.ask()
    if (verdict === 'missed' || verdict === 'dead') {
      const { id, user, address, heartbeat } = connection
      const missed = heartbeat.missedPings
      this.reporting.report({ type: 'ping-missed', connection: id, user, address, missed })
    }
    if (verdict === 'dead') return this.#drop(connection, endingOf(CLOSE.noPong.code))
    this.#schedule(connection)
  }

  #drop(connection: AdoptedConnection, ending: Ending): void {
    this.#end(connection, ending)
    connection.link.drop()
  }

  /** It was told to go: its seat is free at once, so that whoever it made room for does not wait for it. */
  #end(connection: AdoptedConnection, ending: Ending): void {
    connection.ending = ending
    this.#leave(connection)
    this.#wheel.cancel(connection)
  }

  #leave(connection: AdoptedConnection): void {
    if (connection.seat !== undefined) this.#seats.leave(connection, connection.seat)
    connection.seat = undefined
  }

  #schedule(connection: AdoptedConnection): void {
    const at = connection.heartbeat.dueAt(this.heartbeat)
    if (at !== Infinity) this.#wheel.schedule(connection, at)
  }

  #banned({ user }: Candidate): Refusal | undefined {
    return this.bans.has(user, this.world.now()) ? { close: CLOSE.banned } : undefined
  }

  #limited(
    { id, user, address }: Pick<Candidate, 'id' | 'user' | 'address'>,
    limit: LimitedBy,
    outcome: 'refused' | 'evicted',
  ): void {
    this.reporting.report({ type: 'limited', limit, outcome, connection: id, user, address })
  }
}

/** The ending of a code. Throws a `StaywireError` `bad-option` for one that nobody can be closed with. */
export function endingOf(code: number, reason = closeCode(code)?.reason ?? ''): Ending {
  if (isUsableCloseCode(code)) return { code, reason }
  throw new StaywireError('bad-option', `${code} is not a code that connections can be closed with.`, {
    fix: 'Use one of the protocol, or one of your own from 4600 to 4999.',
  })
}

const NOBODY: Candidate = {
  id: '',
  user: '',
  address: '',
  transport: 'websocket',
  link: { ask: () => {}, close: () => {}, drop: () => {}, waitingBytes: () => 0 },
}

function refusalOf(limit: LimitedBy): Refusal {
  return { ...LIMITED[limit], limit }
}

/** Addresses were not counted before: behind a proxy all clients have the same. */
function unlimited(limits: AdoptionLimits): AdoptionLimits {
  return { connectionsPerAddress: ANY, connectionsFromLoopback: ANY, outboxBytes: OUTBOX_BYTES, ...limits }
}
