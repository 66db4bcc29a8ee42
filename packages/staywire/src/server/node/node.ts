// One process's part: takes in connections, feeds what happens into their machines and does what these want done. All of it is
// plain objects; transports, clocks and randomness are handed in.

import { isChannelName } from '../../protocol/channel-name.ts'
import { CLOSE, closeClass, closeCode } from '../../protocol/close-code.ts'
import { encodeFrame, type StoredPublication } from '../../protocol/codec.ts'
import type { DisconnectFrame } from '../../protocol/frame.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { Broker, LogListener } from '../broker/broker.ts'
import { Rules } from '../channel/rules.ts'
import { Connection, type Input, type Keeper } from '../connection/connection.ts'
import type { Approach, Link } from '../connection/link.ts'
import type { EndedBy, Output } from '../connection/output.ts'
import { Recovering } from '../connection/recovering.ts'
import type { Terms } from '../connection/terms.ts'
import { Guard } from '../guard/guard.ts'
import { Wheel } from '../heartbeat/wheel.ts'
import { EncodedFrame } from '../hub/encoded-frame.ts'
import { Hub } from '../hub/hub.ts'
import { RecentFrames } from '../hub/recent-frames.ts'
import type { ServerOptions } from '../options.ts'
import { Presence } from '../presence/presence.ts'
import { Admission, type Mint } from '../session/admission.ts'
import { Sessions, type SameSecret } from '../session/sessions.ts'
import { Reporting } from './counters.ts'
import { Decisions } from './decisions.ts'
import { Departures } from './departures.ts'
import { factsOf } from './describe.ts'
import { Publisher } from './publisher.ts'
import { Registry } from './registry.ts'
import { resolveSettings, type Settings } from './settings.ts'
import { Store } from './store.ts'

/** Everything of the world that a node needs. */
export interface World {
  /** Milliseconds of a clock that never jumps, near to Unix time. */
  now(): number
  /** Unix time in milliseconds, by the wall clock. */
  wall(): number
  /** Runs an action at the end of this turn, once everything that came in with it is done. */
  soon(action: () => void): void
  /** In [0, 1). Not for secrets. */
  random(): number
  readonly mint: Mint
  readonly sameSecret: SameSecret
  readonly broker: Broker
  /** The node's name. */
  readonly node: string
}

/** How a connection ended. */
export interface Close {
  readonly code: number
  readonly reason: string
  readonly by: EndedBy
}

/** Whom a node tells. Must not throw. */
export interface NodeListener {
  connected(connection: Connection): void
  /** Told while the connection still has its subscriptions. */
  disconnected(connection: Connection, close: Close): void
  /** The application's own code, or what it handed in, failed. */
  failed(error: unknown, where: string): void
}

/** How often a broker is asked to let go of what ran out. */
const EXPIRE_EVERY_MS = 1_000
/** Returning clients that a node takes well, per millisecond: the spread that is told grows with the population. */
const RETURNS_PER_MS = 0.5
const LEAST_SPREAD_MS = 1_000
const MOST_SPREAD_MS = 30_000

const PING = new EncodedFrame(encodeFrame({ type: 'ping' }))
const PONG = new EncodedFrame(encodeFrame({ type: 'pong' }))

/** A node. */
export class Node implements Keeper, LogListener {
  readonly settings: Settings
  readonly hub = new Hub()
  readonly registry = new Registry()
  readonly sessions: Sessions
  readonly presence: Presence
  readonly reporting: Reporting
  readonly publisher: Publisher
  readonly rules: Rules
  readonly broker: Broker
  readonly world: World
  /** Resolves when the broker is open. */
  readonly ready: Promise<void>
  readonly #listener: NodeListener
  readonly #terms: Terms
  readonly #wheel: Wheel
  readonly #admission: Admission
  readonly #decisions: Decisions
  readonly #departures: Departures
  readonly #recovering = new Map<Connection, Recovering>()
  readonly #recentFrames = new RecentFrames()
  #expireAt = 0

  /** Throws a `StaywireError` `bad-option` for options that cannot be used. */
  constructor(options: ServerOptions, world: World, listener: NodeListener) {
    const { broker } = world
    const failed = (error: unknown, where: string): void => this.#failed(error, where)
    this.world = world
    this.broker = broker
    this.#listener = listener
    this.settings = resolveSettings(options)
    const { limits } = this.settings
    this.rules = new Rules(options.channels ?? {}, options.store === undefined ? 'memory' : 'disk')
    this.reporting = new Reporting(options.observer, (error) => listener.failed(error, 'observer'))
    this.ready = broker.open({ durabilityOf: (channel) => this.rules.of(channel).retention.durability })
    const store = new Store(broker, { appended: ({ channel, from }, duplicate) => this.reporting.report({ type: 'published', channel, duplicate, ...(from !== undefined && { from }) }) }, this.ready)
    this.sessions = new Sessions(limits.sessionTtlMs, limits.connections * 4, world.sameSecret)
    this.presence = new Presence(broker.members, { maxMembers: LIMITS.presenceMembers.value, lingerMs: LIMITS.lingerMs.value }, (action) => world.soon(action), (error) => failed(error, 'presence'))
    this.publisher = new Publisher(this.rules, store, limits.frameBytes)
    this.#wheel = new Wheel(world.now(), this.settings.tickMs)
    this.#admission = new Admission({
      node: world.node,
      sessions: this.sessions,
      leases: broker.leases,
      mint: world.mint,
      ttlMs: limits.sessionTtlMs,
      maxConnections: limits.connections,
      beaten: (holder, term) => this.#beaten(holder, term),
    })
    const calls = new Map(Object.entries(options.calls ?? {}))
    this.#decisions = new Decisions({
      authentication: {
        authenticate: options.authenticate,
        anonymous: this.settings.anonymous,
        name: () => world.mint.id(),
        wall: () => world.wall(),
        failed: (error) => failed(error, 'authenticate'),
      },
      authorize: options.authorize,
      calls,
      store,
      presence: this.presence,
      admission: this.#admission,
      failed,
    })
    this.#departures = new Departures((connection, code) => this.close(connection, { code }))
    this.#terms = {
      node: world.node,
      settings: this.settings,
      rules: this.rules,
      guard: new Guard(options.authorize !== undefined),
      methods: new Set(calls.keys()),
      random: () => world.random(),
      wall: () => world.wall(),
      spreadMs: () => Math.round(Math.min(MOST_SPREAD_MS, Math.max(LEAST_SPREAD_MS, this.registry.connected / RETURNS_PER_MS))),
      dedupe: () => broker.log.dedupe,
    }
    broker.log.listen(this)
    broker.signal.listen((message) => {
      const told = { code: message.code, reason: message.reason, ...('term' in message && { term: message.term }) }
      if (message.type === 'close-user') for (const connection of this.registry.matching({ user: message.user })) this.close(connection, told)
      else this.close(this.registry.get(message.connection), told)
    })
  }

  /** Somebody came over a transport: it feeds what it reads into `received` and tells its end to `ended`. */
  accept(link: Link, approach: Approach): Connection {
    const now = this.world.now()
    const connection = new Connection(this.world.mint.id(), link, approach, this.#terms, this, now)
    this.reporting.counters.accepted++
    const waiting = this.registry.size - this.registry.connected
    this.registry.add(connection)
    if (waiting >= this.settings.limits.connections) this.close(connection, CLOSE.nodeFull)
    else if (approach.bare !== undefined) this.#greet(connection, approach.bare.channels, now)
    this.#schedule(connection)
    return connection
  }

  /** A text message arrived, of so many bytes in UTF-8. */
  received(connection: Connection, text: string, bytes: number): void {
    this.reporting.counters.framesReceived++
    this.feed(connection, { type: 'text', text, bytes })
  }

  /** Feeds anything that happens to a connection into its machine, and does what comes out. */
  feed(connection: Connection, input: Input): void {
    const now = this.world.now()
    this.#run(connection, this.#handle(connection, input, now), now)
    this.#schedule(connection)
  }

  /** Closes a connection; the reason defaults to that of the code. */
  close(connection: Connection | undefined, { code, reason, term }: { code: number; reason?: string; term?: number }): void {
    if (connection === undefined) return
    const told = cut(reason ?? closeCode(code)?.reason ?? '')
    this.feed(connection, { type: 'close', code, reason: told, ...(term !== undefined && { term }) })
  }

  /** Closes many, spread evenly over a time. */
  closeOver(connections: readonly Connection[], code: number, overMs: number): void {
    this.#departures.spread(connections, code, overMs, this.world.now())
  }

  /** A connection's outbox is full. May be told in the middle of a fan-out, so what follows from it happens after that. */
  overflowed(connection: Connection): void {
    this.reporting.counters.slowConsumers++
    void Promise.resolve().then(() => this.close(connection, CLOSE.slowConsumer))
  }

  /** Time has passed: to be called every `settings.tickMs`. */
  tick(): void {
    const now = this.world.now()
    this.#wheel.advance(now)
    this.sessions.expire(now)
    this.presence.tick(now)
    this.#departures.tick(now)
    if (now < this.#expireAt) return
    this.#expireAt = now + EXPIRE_EVERY_MS
    this.broker.expire(this.world.wall())
  }

  wake(connection: Connection, now: number): void {
    this.#run(connection, this.#handle(connection, { type: 'wake' }, now), now)
    this.#schedule(connection)
  }

  deliver(channel: string, publication: StoredPublication): void {
    this.hub.deliver(channel, publication)
  }

  discontinued(channel: string | undefined): void {
    if (channel !== undefined && this.hub.sinks(channel).next().done === true) return
    for (const connection of [...this.registry.matching(channel === undefined ? {} : { channel })]) this.feed(connection, { type: 'discontinued', channel })
  }

  #greet(connection: Connection, channels: readonly string[], now: number): void {
    const named = [...new Set(channels)]
    const greeting = { subscriptions: named.filter(isChannelName).map((channel) => ({ channel })), misnamed: named.filter((name) => !isChannelName(name)) }
    this.#run(connection, connection.greet(greeting, now), now)
  }

  /** A mistake of ours in one machine ends one connection, and is told. */
  #handle(connection: Connection, input: Input, now: number): Output[] {
    try {
      return connection.handle(input, now)
    } catch (error) {
      this.#failed(error, 'connection')
      const { code, reason } = CLOSE.serverError
      return connection.handle({ type: 'close', code, reason }, now)
    }
  }

  #schedule(connection: Connection): void {
    if (connection.wakeAt < connection.dueAt) this.#wheel.schedule(connection, connection.wakeAt)
  }

  #run(connection: Connection, outputs: readonly Output[], now: number): void {
    for (const output of outputs) this.#do(connection, output, now)
  }

  #do(connection: Connection, output: Output, now: number): void {
    const { link } = connection
    switch (output.type) {
      case 'send':
        if (connection.heartbeat !== undefined) connection.heartbeat.lastSentAt = now
        return link.outbox.send(output.frame.type === 'pong' ? PONG : output.frame.type === 'ping' ? PING : new EncodedFrame(encodeFrame(output.frame)))
      case 'send-text':
        return link.outbox.sendRequested(new EncodedFrame(output.text))
      case 'ask':
        return this.#ask(connection, output)
      case 'begin':
        return this.hub.begin(output.channel, link.outbox)
      case 'join':
        return this.#join(connection, output.channel, output.upTo)
      case 'recover':
        return this.#recover(connection, output)
      case 'enter': {
        const data = connection.identity?.data
        return this.presence.enter(output.channel, { session: sessionOf(connection), user: connection.user, ...(data !== undefined && { data }) })
      }
      case 'leave':
        return this.#leave(connection, output.channel, undefined)
      case 'pause':
        return link.pause()
      case 'resume':
        return link.resume()
      case 'ping':
        return link.ping()
      case 'connected':
        this.registry.connect(connection)
        this.reporting.report({ type: 'connected', facts: factsOf(connection), resumed: output.resumed })
        return this.#listener.connected(connection)
      case 'report':
        return this.reporting.report(output.event)
      case 'close':
        return this.#close(connection, output, now)
    }
  }

  #ask(connection: Connection, { ticket, ask }: Output & { type: 'ask' }): void {
    void this.#decisions.answer(connection, ask).then((answer) => this.feed(connection, { type: 'answer', ticket, answer }))
  }

  #join(connection: Connection, channel: string, upTo: number): void {
    if (this.hub.join(channel, connection.link.outbox, upTo) === 'again') this.feed(connection, { type: 'behind', channel })
  }

  #recover(connection: Connection, { channel, publications, upTo }: Output & { type: 'recover' }): void {
    let recovering = this.#recovering.get(connection)
    if (recovering === undefined) {
      recovering = new Recovering(connection.link.outbox, this.#recentFrames, (arrived, offset) => this.#join(connection, arrived, offset))
      this.#recovering.set(connection, recovering)
    }
    recovering.add(channel, publications, upTo)
    if (recovering.idle) this.#recovering.delete(connection)
  }

  #leave(connection: Connection, channel: string, lingerFrom: number | undefined): void {
    const { outbox } = connection.link
    this.hub.leave(channel, outbox)
    this.#recovering.get(connection)?.drop(channel)
    this.presence.unwatch(channel, outbox)
    this.presence.leave(channel, sessionOf(connection), lingerFrom)
    this.reporting.report({ type: 'unsubscribed', connection: connection.id, channel })
  }

  /** The end of a connection is done at once, whatever its transport still has to do: nothing of it is left here. */
  #close(connection: Connection, close: Output & { type: 'close' }, now: number): void {
    const { code, reason, by, told, end = false, term, retryAfterMs } = close
    if (told) {
      const frame: DisconnectFrame = { type: 'disconnect', code, reason, ...(term !== undefined && { term }), ...(retryAfterMs !== undefined && { retryAfterMs }) }
      connection.link.outbox.send(new EncodedFrame(encodeFrame(frame)))
    }
    connection.link.close(code, reason)
    const wasConnected = this.registry.remove(connection)
    this.#wheel.cancel(connection)
    this.#recovering.get(connection)?.stop()
    this.#recovering.delete(connection)
    if (wasConnected) this.#listener.disconnected(connection, { code, reason, by })
    const lingerFrom = end || (by === 'server' && isForGood(code)) ? undefined : now
    for (const channel of connection.subscriptions?.keys() ?? []) this.#leave(connection, channel, lingerFrom)
    connection.subscriptions = undefined
    const at = Math.round(this.world.wall())
    this.#admission.dismiss(connection, by === 'server' && code !== CLOSE.replaced.code ? { code, reason, at } : undefined, end, now)
    this.reporting.report({ type: 'closed', connection: connection.id, ...(wasConnected && { facts: factsOf(connection) }), code, reason, by, at })
  }

  /** A connection, of this node or another, lost its place. */
  #beaten(holder: string, term: number): void {
    const { code, reason } = CLOSE.replaced
    const connection = this.registry.get(holder)
    if (connection !== undefined) return this.close(connection, { code, reason, term })
    this.broker.signal.send({ type: 'close', connection: holder, code, reason, term }).catch((error: unknown) => this.#failed(error, 'signal'))
  }

  #failed(error: unknown, where: string): void {
    this.reporting.report({ type: 'application-error', where, error })
    this.#listener.failed(error, where)
  }
}

/** Presence counts sessions; a connection without one stands for itself. */
function sessionOf(connection: Connection): string {
  return connection.session?.id ?? connection.id
}

/** Whether a client that is closed with this does not come back by itself, and nobody takes its place. */
function isForGood(code: number): boolean {
  return closeClass(code) === 'final' && code !== CLOSE.replaced.code
}

/** RFC 6455 §5.5.1: a close frame has room for so many bytes of reason. */
function cut(reason: string): string {
  return /^[\x20-\x7e]*$/.test(reason) ? reason.slice(0, LIMITS.reasonBytes.value) : reason.slice(0, Math.floor(LIMITS.reasonBytes.value / 3))
}
