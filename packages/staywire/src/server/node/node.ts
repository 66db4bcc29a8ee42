// One process's part: takes in connections, feeds what happens into their machines and sees to their ends. All of it is plain
// objects; transports, clocks and randomness are handed in.

import { isChannelName } from '../../protocol/channel-name.ts'
import { CLOSE, closeClass, closeCode } from '../../protocol/close-code.ts'
import { encodeFrame, type StoredPublication } from '../../protocol/codec.ts'
import type { DisconnectFrame } from '../../protocol/frame.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { Broker, LogListener, SignalMessage } from '../broker/broker.ts'
import type { Rules } from '../channel/rules.ts'
import { Connection, type Keeper } from '../connection/connection.ts'
import type { Input } from '../connection/input.ts'
import type { Approach, BareApproach, Link } from '../connection/link.ts'
import type { Output } from '../connection/output.ts'
import { LIMITED, type LimitedBy } from '../guard/limited.ts'
import { addressLimit } from '../guard/seats.ts'
import { Waiting } from '../guard/waiting.ts'
import { Wheel } from '../heartbeat/wheel.ts'
import { EncodedFrame } from '../hub/encoded-frame.ts'
import { Hub } from '../hub/hub.ts'
import type { ServerOptions } from '../options.ts'
import type { Presence } from '../presence/presence.ts'
import type { Bans } from '../session/bans.ts'
import type { Revocations } from '../session/revocations.ts'
import type { Sessions } from '../session/sessions.ts'
import { assemble, type Assembly } from './assembly.ts'
import { Reporting } from './counters.ts'
import { Departures, type Farewell } from './departures.ts'
import { factsOf, trafficOf } from './describe.ts'
import { partsOf } from './message.ts'
import { Performer } from './performer.ts'
import type { Publisher } from './publisher.ts'
import { Registry } from './registry.ts'
import { revoke } from './revoke.ts'
import { resolveSettings, type Settings } from './settings.ts'
import type { NodeListener, World } from './world.ts'

export type { Close, NodeListener, World } from './world.ts'

/** So many may always wait to be connected: which of them may be is decided once it is known who they are. */
const FEW = 100

/** How often a broker is asked to let go of what ran out. */
const EXPIRE_EVERY_MS = 1_000

/** A node. */
export class Node implements Keeper, LogListener {
  readonly settings: Settings
  readonly hub = new Hub({
    of: (channel) => this.rules.of(channel).batch,
    after: (ms, action) => this.world.after(ms, action),
  })
  readonly registry = new Registry<Connection>()
  readonly sessions: Sessions
  readonly bans: Bans
  readonly revocations: Revocations
  readonly presence: Presence
  readonly reporting: Reporting
  readonly publisher: Publisher
  readonly rules: Rules
  readonly broker: Broker
  readonly world: World
  /** Resolves when the broker is open. */
  readonly ready: Promise<void>
  readonly #listener: NodeListener
  readonly #wheel: Wheel
  readonly #assembly: Assembly
  readonly #performer: Performer
  readonly #departures: Departures<Connection>
  readonly #waiting = new Waiting()
  #expireAt = 0

  /** Throws a `StaywireError` `bad-option` for options that cannot be used. */
  constructor(options: ServerOptions, world: World, listener: NodeListener) {
    this.world = world
    this.broker = world.broker
    this.#listener = listener
    this.settings = resolveSettings(options)
    this.reporting = new Reporting(options.observer, world, (error) => listener.failed(error, 'observer'))
    this.#assembly = assemble(options, this.settings, world, {
      witness: this.reporting,
      population: () => this.registry.connected,
      beaten: (holder, term) => this.#beaten(holder, term),
      limited: (connection, limit, outcome) => this.#limited(connection, limit, outcome),
      failed: (error, where) => this.failed(error, where),
    })
    const { rules, ready, sessions, bans, revocations, presence, publisher, decisions } = this.#assembly
    this.bans = bans
    this.revocations = revocations
    this.rules = rules
    this.ready = ready
    this.sessions = sessions
    this.presence = presence
    this.publisher = publisher
    this.#wheel = new Wheel(world.now(), this.settings.tickMs)
    this.#performer = new Performer({
      hub: this.hub,
      presence,
      decisions,
      observer: this.reporting,
      feed: (connection, input) => this.feed(connection, input),
    })
    this.#departures = new Departures((connection, how) => this.close(connection, how))
    world.broker.log.listen(this)
    world.broker.signal.listen((message) => this.#signalled(message))
  }

  /** How many places of admission are taken. */
  get seats(): number {
    return this.#assembly.admission.seats
  }

  /** How many connections the clock looks after: as many as there are. */
  get watched(): number {
    return this.#wheel.size
  }

  /** Somebody came over a transport: it feeds what it reads into `received` and tells its end to `ended`. */
  accept(link: Link, approach: Approach): Connection {
    const now = this.world.now()
    const connection = new Connection(this.world.mint.id(), link, approach, this.#assembly.terms, this, now)
    this.reporting.counters.accepted++
    const limit = this.#strangerLimit(connection.addressGroup)
    this.#waiting.enter(connection.addressGroup)
    this.registry.add(connection)
    if (limit !== undefined) this.#limited(connection, limit, 'refused')
    else if (approach.bare !== undefined) this.#greet(connection, approach.bare, now)
    this.#schedule(connection)
    return connection
  }

  /** A text message arrived, of so many bytes in UTF-8: a frame, or an array of them. */
  received(connection: Connection, text: string, bytes: number): void {
    const parts = partsOf(text, bytes, connection.phase, this.settings.limits.frameBytes)
    if (parts !== undefined) return parts.forEach((part) => this.posted(connection, part.value, part.bytes))
    this.#count(connection, bytes)
    this.feed(connection, { type: 'text', text, bytes })
  }

  /** A frame arrived that is parsed already; it has so many bytes as JSON. */
  posted(connection: Connection, value: unknown, bytes: number): void {
    this.#count(connection, bytes)
    this.feed(connection, { type: 'value', value, bytes })
  }

  /** Feeds anything that happens to a connection into its machine, and does what comes out. */
  feed(connection: Connection, input: Input): void {
    this.#feed(connection, input, this.world.now())
  }

  /** Closes a connection; the reason defaults to that of the code. */
  close(
    connection: Connection | undefined,
    { code, reason, ...more }: { code: number; reason?: string; term?: number; retryAfterMs?: number },
  ): void {
    if (connection === undefined) return
    const told = cut(reason ?? closeCode(code)?.reason ?? '')
    this.feed(connection, { type: 'close', code, reason: told, ...more })
  }

  /** Closes many, spread evenly over a time. */
  closeOver(connections: readonly Connection[], how: Farewell, overMs: number): void {
    this.#departures.spread(connections, how, overMs, this.world.now())
  }

  /** A connection's outbox is full. May be told in the middle of a fan-out, so what follows from it happens after that. */
  overflowed(connection: Connection): void {
    this.reporting.counters.slowConsumers++
    void Promise.resolve().then(() => this.close(connection, CLOSE.slowConsumer))
  }

  /**
   * When a `tick` has something to do besides `broker.expire`, or somewhat earlier; `Infinity` when nothing. For virtual time,
   * which need not stop at every tick of a quiet day.
   */
  get wakeAt(): number {
    return Math.min(
      this.#wheel.wakeAt,
      this.sessions.wakeAt,
      this.presence.wakeAt,
      this.#departures.wakeAt,
      this.#assembly.door.wakeAt,
    )
  }

  /** Time has passed: to be called every `settings.tickMs`. */
  tick(): void {
    const now = this.world.now()
    this.reporting.ticked()
    const closed = this.reporting.counters.closed
    this.#wheel.advance(now)
    const connections = this.reporting.counters.closed - closed
    const sessions = this.sessions.expire(now)
    if (connections + sessions > 0) this.reporting.report({ type: 'swept', connections, sessions })
    this.presence.tick(now)
    this.#departures.tick(now)
    this.#assembly.door.tick(now)
    if (now < this.#expireAt) return
    this.#expireAt = now + EXPIRE_EVERY_MS
    this.#assembly.terms.rates.expire(now)
    const wall = this.world.wall()
    this.broker.expire(wall)
    this.revocations.expire(wall)
  }

  wake(connection: Connection, now: number): void {
    this.#feed(connection, { type: 'wake' }, now)
  }

  deliver(channel: string, publication: StoredPublication): void {
    this.hub.deliver(channel, publication)
    this.reporting.delivered(publication.at)
  }

  discontinued(channel: string | undefined): void {
    if (channel !== undefined && this.hub.sinks(channel).next().done === true) return
    for (const connection of this.registry.matching(channel === undefined ? {} : { channel })) {
      this.feed(connection, { type: 'discontinued', channel })
    }
  }

  /** Which limit is met by those who have come and are not connected yet: as many may wait as may be connected, or a few. */
  #strangerLimit(address: string): LimitedBy | undefined {
    const { limits } = this.settings
    if (this.#waiting.size >= Math.max(limits.connections, FEW)) return 'connections'
    const limit = addressLimit(address)
    return this.#waiting.of(address) >= Math.max(limits[limit], FEW) ? limit : undefined
  }

  /** A connection met a limit. Refused before it was known, it is closed here; refused by admission, it is closed by the answer. */
  #limited(connection: Connection, limit: LimitedBy, outcome: 'refused' | 'evicted'): void {
    const { id, user, address } = connection
    this.reporting.report({ type: 'limited', limit, outcome, connection: id, user, address })
    const { close, retryAfterMs } = LIMITED[limit]
    if (outcome === 'evicted') this.close(connection, CLOSE.evicted)
    else if (connection.phase === 'awaiting') this.close(connection, { code: close.code, retryAfterMs })
  }

  #count(connection: Connection, bytes: number): void {
    const { counters } = this.reporting
    counters.framesReceived++
    counters.bytesReceived += bytes
    connection.bytesIn += bytes
  }

  #greet(connection: Connection, { channels, positions = [] }: BareApproach, now: number): void {
    const wanted = new Map(channels.map((channel, index) => [channel, positions[index]]))
    const greeting = {
      subscriptions: [...wanted]
        .filter(([channel]) => isChannelName(channel))
        .map(([channel, position]) => ({ channel, ...(position && { position }) })),
      misnamed: [...wanted.keys()].filter((name) => !isChannelName(name)),
    }
    this.#run(connection, connection.greet(greeting, now), now)
  }

  /** A mistake of ours about one connection ends that one, and is told. */
  #feed(connection: Connection, input: Input, now: number): void {
    try {
      this.#run(connection, connection.handle(input, now), now)
    } catch (error) {
      this.failed(error, 'connection')
      const { code, reason } = CLOSE.serverError
      this.#run(connection, connection.handle({ type: 'close', code, reason }, now), now)
    }
    this.#schedule(connection)
  }

  #schedule(connection: Connection): void {
    if (connection.wakeAt < connection.dueAt) this.#wheel.schedule(connection, connection.wakeAt)
  }

  #run(connection: Connection, outputs: readonly Output[], now: number): void {
    for (const output of outputs) {
      // Whoever was told of something may have ended it meanwhile: what was still to be done would be kept by nobody.
      if (connection.over) return
      if (output.type === 'close') this.#close(connection, output, now)
      else if (output.type === 'connected') this.#connected(connection, output)
      else this.#performer.perform(connection, output, now)
    }
  }

  #connected(connection: Connection, { resumed, agent, sdk }: Output & { type: 'connected' }): void {
    this.registry.connect(connection)
    this.#waiting.leave(connection.addressGroup)
    this.reporting.connected(() => ({
      type: 'connected',
      facts: factsOf(connection),
      resumed,
      ...(agent !== undefined && { agent }),
      ...(sdk !== undefined && { sdk }),
    }))
    this.#listener.connected(connection)
  }

  /** The end of a connection is done at once, whatever its transport still has to do: nothing of it is left here. */
  #close(connection: Connection, close: Output & { type: 'close' }, now: number): void {
    const { code, reason, by, told, end = false, term, retryAfterMs } = close
    const frame: DisconnectFrame = {
      type: 'disconnect',
      code,
      reason,
      ...(term !== undefined && { term }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    }
    if (told) connection.link.outbox.send(new EncodedFrame(encodeFrame(frame)))
    connection.over = true
    connection.link.close(code, reason, told ? frame : undefined)
    const wasConnected = this.registry.remove(connection)
    if (!wasConnected) this.#waiting.leave(connection.addressGroup)
    this.#wheel.cancel(connection)
    this.#performer.stop(connection)
    if (wasConnected) this.#listener.disconnected(connection, { code, reason, by })
    const lingerFrom = end || (by === 'server' && isForGood(code)) ? undefined : now
    for (const [channel, { present }] of connection.subscriptions ?? [])
      this.#performer.leave(connection, channel, present, lingerFrom)
    connection.subscriptions = undefined
    const at = Math.round(this.world.wall())
    this.#assembly.admission.dismiss(
      connection,
      by === 'server' && code !== CLOSE.replaced.code ? { code, reason, at } : undefined,
      end,
      now,
    )
    this.reporting.report({
      type: 'closed',
      connection: connection.id,
      ...(wasConnected && { facts: factsOf(connection) }),
      address: connection.address,
      transport: connection.link.transport,
      code,
      reason,
      by,
      at,
      durationMs: Math.round(now - (wasConnected ? connection.connectedAt : connection.acceptedAt)),
      ...trafficOf(connection),
    })
    this.reporting.counters.bytesSent += connection.link.outbox.sentBytes
  }

  /** A connection, of this node or another, lost its place. */
  #beaten(holder: string, term: number): void {
    const { code, reason } = CLOSE.replaced
    const connection = this.registry.get(holder)
    if (connection !== undefined) return this.close(connection, { code, reason, term })
    this.broker.signal
      .send({ type: 'close', connection: holder, code, reason, term })
      .catch((error: unknown) => this.failed(error, 'signal'))
  }

  #signalled(message: SignalMessage): void {
    if (message.type === 'revoke') return void revoke(this, message.revocation)
    const { code, reason } = message
    if (message.type === 'close') {
      return this.close(this.registry.get(message.connection), {
        code,
        reason,
        ...(message.term !== undefined && { term: message.term }),
      })
    }
    for (const connection of this.registry.matching({ user: message.user })) this.close(connection, { code, reason })
  }

  /** Something that is the application's, or that it is to know of, failed. */
  failed(error: unknown, where: string): void {
    this.reporting.report({ type: 'application-error', where, error })
    this.#listener.failed(error, where)
  }
}

/** Whether a client that is closed with this does not come back by itself, and nobody takes its place. */
function isForGood(code: number): boolean {
  return closeClass(code) === 'final' && code !== CLOSE.replaced.code
}

/** RFC 6455 §5.5.1: a close frame has room for so many bytes of reason. */
function cut(reason: string): string {
  return /^[\x20-\x7e]*$/.test(reason)
    ? reason.slice(0, LIMITS.reasonBytes.value)
    : reason.slice(0, Math.floor(LIMITS.reasonBytes.value / 3))
}
