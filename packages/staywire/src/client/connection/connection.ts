// The connection of a client as a machine: dial, greet, listen, wait, dial again. One at a time, by construction. Knows no
// channels and no publishes. What follows when not all is well its upkeep decides; where that cannot be loaded, it dials again
// until the server forbids it.

import type { Cause, Status, Transport } from '../api.ts'
import type { Env } from '../env.ts'
import { CAP_MS, FLOOR_MS, MARGIN_MS, SPREAD_MS, UNTOLD_MS, UPKEEP_AGAIN_MS, UPKEEP_MS } from '../timing.ts'
import type { ConnectionPort, TabPort } from '../owner/port.ts'
import {
  BATCH,
  type ClientFrame,
  type ConnectedFrame,
  type ConnectFrame,
  type ServerFrame,
} from '../../protocol/frame.ts'
import type { Ending } from './ending.ts'
import type { ConnectionSettings, ConnectionUpkeep, Course } from './settings.ts'
import { IDLE, type ConnectionState } from './state.ts'

/** One client's connection: whichever is live or attempted now, and what is kept between them. */
export abstract class Connection implements ConnectionPort {
  readonly env: Env
  readonly settings: ConnectionSettings
  /** Whom its state is told. Set before anything is. */
  tab!: TabPort
  /** What keeps it up, once that is there. */
  upkeep: ConnectionUpkeep | undefined
  state = IDLE
  /** The token in use. */
  bearer: string | undefined
  dial = 0
  dialledAt = 0
  /** Dials since the last connection that was a good one. */
  dials = 0
  spreadMs = SPREAD_MS
  /** When something arrived last. */
  heardAt = 0
  /** Longest silence of a living connection. Without a heartbeat there is no limit. */
  #silenceMs = Infinity
  /** Whether the transport of the present dial has opened. */
  #opened = false
  #id = 0
  #term: number
  /** The ticket of the token asked for. */
  #asked = 0
  #session: ConnectFrame['session']
  #connections = 0
  /** How this connection began, and how it ended, for an upkeep that comes later. */
  #greeting: ConnectedFrame | undefined
  #ending: readonly [Ending, Course] | undefined

  constructor(env: Env, settings: ConnectionSettings) {
    this.env = env
    this.settings = settings
    this.#term = settings.term
  }

  /** The subscriptions of the moment, for `connect`. */
  abstract wanted(): ConnectFrame['subscriptions']
  /** Sends a frame, where there is a link. */
  abstract send(frame: ClientFrame): void
  /** Connected. */
  abstract greeted(frame: ConnectedFrame): void
  /** Not connected any more. */
  abstract lost(): void
  /** A frame that is not the connection's own business. */
  abstract heard(frame: ServerFrame): void

  get up(): boolean {
    return this.state.status === 'connected'
  }

  /** The transport of the present dial, or of the next one. */
  get transport(): Transport {
    const { transports, recalled } = this.settings
    return this.upkeep?.transport ?? recalled ?? (transports[0] as Transport)
  }

  /** A frame id that no other frame of this client has. */
  nextId(): number {
    return ++this.#id
  }

  /** The upkeep is there, and sees to what has happened without it. */
  maintain(upkeep: ConnectionUpkeep): void {
    const { status } = this.state
    this.upkeep = upkeep
    this.env.agenda.delete(this.#miss)
    if (this.#greeting) upkeep.up(this.#greeting)
    if (this.#ending) upkeep.ended(...this.#ending)
    else if (status === 'connecting' && !this.#asked) upkeep.step(this.dialledAt)
  }

  /** The app wants a connection: tries whatever the status, unless closed. */
  connect(): void {
    const { status } = this.state
    if (status === 'waiting') this.upkeep?.hurry()
    // Whoever has something on the agenda is at it already.
    if (status === 'closed' || this.env.agenda.has(this)) return
    this.upkeep?.forgive()
    this.start()
  }

  /** There is something to do: dials from `idle` and `asleep`. */
  need(): void {
    const { status } = this.state
    if (status !== 'asleep' && status !== 'idle') return
    // A server that sends every connection to sleep at once must not be dialled in a circle.
    if (this.dials) this.wait(this.brieflyMs())
    else this.start()
  }

  /** Ends the connection from this side: said to the server where there is one, and not undone by any event. */
  leave(status: Status, end: boolean, reason = `${status} by the app`): void {
    const { status: before } = this.state
    if (end) this.#session = undefined
    if (before === status || before === 'closed') return
    if (this.up) this.send({ type: 'disconnect', end })
    this.drop({ class: 'app', reason })
    this.show({ status })
  }

  /** The app's answer. With a `problem` there is no token now; without both, nobody is signed in. */
  token(ticket: number, token: string | null | undefined, problem?: string): void {
    if (ticket !== this.#asked) return
    this.#asked = 0
    if (!token && problem === undefined) this.leave('signed-out', true, 'getToken returned nothing')
    else if (this.up) this.upkeep?.renew(token)
    else if (!token) this.end({ app: true, reason: `getToken failed: ${problem}` })
    // The server would refuse it again; only the wait is repeated.
    else if (this.upkeep?.refused(token)) this.end(this.state.cause ?? {})
    else {
      this.bearer = token
      this.#open()
    }
  }

  /** The transport of a dial is open. */
  opened(dial: number): void {
    if (dial !== this.dial) this.upkeep?.opened(dial)
    else if (this.state.status === 'connecting') this.greet()
  }

  /** Says who this is, over a transport that is open. */
  greet(): void {
    this.#opened = true
    this.upkeep?.step(this.env.now)
    const frame = {
      type: 'connect',
      id: this.nextId(),
      token: this.bearer,
      fence: [this.#term, this.dial],
      session: this.#session,
      features: [BATCH],
      ...(this.settings.rivalry ?? this.settings).hello,
      subscriptions: this.wanted(),
    }
    this.send(frame as unknown as ConnectFrame)
  }

  /** The transport of a dial says that it is over. */
  ended(dial: number, ending: Ending): void {
    if (dial !== this.dial) this.upkeep?.lost(dial)
    else if (this.up || this.state.status === 'connecting') this.end(ending)
  }

  /** Something arrived; a frame, if it is one. */
  received(frame: ServerFrame | undefined): void {
    const { now } = this.env
    const { up } = this
    this.heardAt = now
    if (up) this.expect(this.#silenceMs)
    if (!frame) return
    const { type } = frame
    if (type === 'disconnect') {
      this.#term = Math.max(this.#term, (frame.term ?? 0) + 1)
      this.upkeep?.spoken()
      this.end(frame)
    } else if (!up) {
      if (type === 'connected' && this.#opened) this.#accepted(frame)
    } else if (type === 'ping') this.send({ type: 'pong' })
    else if (!this.upkeep?.answered(frame)) this.heard(frame)
  }

  /** Dials. */
  readonly start = (): void => {
    this.dialling()
    this.expect(this.settings.connectTimeoutMs)
    if (this.settings.getToken) this.askToken()
    else this.#open()
  }

  askToken(): void {
    this.#asked = this.nextId()
    this.tab.askToken(this.#asked)
  }

  /** Another dial begins. */
  dialling(): void {
    const { now, agenda } = this.env
    this.dials++
    this.dial++
    this.dialledAt = now
    this.#opened = false
    this.#ending = undefined
    if (!this.upkeep) agenda.set(this.#miss, now + UPKEEP_MS, this.#miss)
    this.show({ status: 'connecting', retryAt: undefined, transport: this.transport })
  }

  /** Something is to be heard within this time, or to happen. */
  expect(inMs: number): void {
    this.#plan(inMs, this.overdue)
  }

  /** The connection, or the attempt, is over. Without an upkeep that waits a moment for its judgement. */
  end(ending: Ending): void {
    const { env, state, up, dialledAt, transport, heardAt, upkeep } = this
    const opened = this.#opened && !ending.unreached
    const course = { at: env.now, dialledAt, opened, heardAt, transport, before: state }
    if (upkeep) return upkeep.ended(ending, course)
    this.#ending = [ending, course]
    this.#asked = 0
    // Nothing is to be said to who is not there.
    this.state = { ...state, status: 'waiting' }
    if (up) this.lost()
    env.out.push(['abandon'], ['equip'])
    this.#plan(UNTOLD_MS, this.#unjudged)
  }

  /** Waits for the next dial. */
  wait(delayMs: number): void {
    this.show({ status: 'waiting', retryAt: this.env.now + delayMs })
    this.#plan(delayMs, this.start)
  }

  /** The shortest wait there is: for hints that it may be worth trying now. */
  brieflyMs(): number {
    return FLOOR_MS + this.env.random() * this.spreadMs
  }

  /** Lets go of the connection, or the attempt. What was `replaced` has its link taken over by another. */
  drop(cause: Cause | undefined, replaced = false): void {
    const { up, env, state } = this
    this.#asked = 0
    this.#greeting = this.#ending = undefined
    this.state = { ...IDLE, cause, reconnects: state.reconnects }
    env.agenda.delete(this)
    env.agenda.delete(this.#miss)
    this.upkeep?.dropped(replaced)
    if (!replaced) env.out.push(['abandon'])
    if (up) this.lost()
  }

  /** Tells where the connection stands. */
  show(change: Partial<ConnectionState>): void {
    this.state = { ...this.state, ...change, attempts: this.dials }
    this.tab.state(this.state)
  }

  #accepted(frame: ConnectedFrame): void {
    const { connection, user, session, spreadMs, heartbeat } = frame
    const { intervalMs, timeoutMs } = heartbeat
    this.#session = session && { id: session.id, secret: session.secret }
    this.spreadMs = spreadMs
    this.#silenceMs = intervalMs ? intervalMs + timeoutMs + MARGIN_MS : Infinity
    this.#greeting = frame
    this.show({
      status: 'connected',
      cause: undefined,
      connection,
      user,
      connectedAt: this.env.now,
      reconnects: this.#connections++,
    })
    this.expect(this.#silenceMs)
    this.greeted(frame)
    this.upkeep?.up(frame)
  }

  #open(): void {
    this.upkeep?.step(this.env.now)
    this.env.out.push(['open', this.dial, this.transport])
  }

  /** What is next on the agenda: one thing at a time, whatever the status. */
  #plan(inMs: number, act: () => void): void {
    this.env.agenda.set(this, this.env.now + inMs, act)
  }

  /** Nothing came in time. */
  readonly overdue = (): void =>
    this.end({ reason: this.up ? 'nothing was heard in time' : 'not connected in time', overdue: true })

  /** Its upkeep is not there in time, and may not be to be had: the network may be gone. What it missed it is told when it comes. */
  readonly #unjudged = (): void => {
    const ending = this.#ending
    const { code = 0, reason } = ending?.[0] ?? {}
    const final = code >= 4500 && code < 4600
    this.drop({ class: final ? 'final' : 'network', reason: reason || 'connection dropped' })
    this.#ending = ending
    this.#miss()
    if (final) this.show({ status: 'stopped' })
    else {
      const spreadMs = this.spreadMs * 1.5 ** Math.min(this.dials, 16)
      this.wait(FLOOR_MS + this.env.random() * Math.min(CAP_MS, spreadMs))
    }
  }

  /** The upkeep is wanted, and not there. */
  readonly #miss = (): void => {
    const { agenda, now, out } = this.env
    out.push(['equip'])
    agenda.set(this.#miss, now + UPKEEP_AGAIN_MS, this.#miss)
  }
}
