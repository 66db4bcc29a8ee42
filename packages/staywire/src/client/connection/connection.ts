// The connection of a client as a machine: dial, greet, watch, wait, dial again. One at a time, by construction. Knows no
// channels and no publishes, and of transports only which one is in use.

import type { Cause, Status } from '../api.ts'
import type { Env } from '../env.ts'
import { FLOOR_MS, GRACE_MS, PULSE_MS, SPREAD_MS, STABLE_MS } from '../timing.ts'
import type { ConnectionPort } from '../owner/port.ts'
import { BATCH, type ConnectedFrame, type ConnectFrame, type ServerFrame } from '../../protocol/frame.ts'
import type { Ending } from './ending.ts'
import { Credential } from './credential.ts'
import { Diagnosis } from './diagnosis.ts'
import { Fallback } from './fallback.ts'
import { Liveness } from './liveness.ts'
import type { ConnectionHost, ConnectionSettings, Hint } from './settings.ts'
import { IDLE, type ConnectionState } from './state.ts'
import { EVICTED, IDENTITY_REFUSED } from './codes.ts'
import { Surroundings } from './surroundings.ts'
import { Tally } from './tally.ts'
import { Trial } from './trial.ts'

/** One client's connection: whichever is live or attempted now, and what is kept between them. */
export class Connection implements ConnectionPort {
  readonly #env: Env
  readonly #settings: ConnectionSettings
  readonly #host: ConnectionHost
  readonly #credential = new Credential()
  readonly #diagnosis = new Diagnosis()
  readonly #fallback: Fallback
  readonly #trial: Trial
  readonly #around: Surroundings
  #tally = new Tally()
  #state = IDLE
  /** Whether the transport of the present dial has opened. */
  #opened = false
  #dial = 0
  #dialledAt = 0
  #id = 0
  #term: number
  /** The ticket of the token asked for. */
  #asked = 0
  #session: ConnectFrame['session']
  #spreadMs = SPREAD_MS
  /** While connected. */
  #liveness: Liveness | undefined
  #connections = 0

  constructor(env: Env, settings: ConnectionSettings, host: ConnectionHost) {
    this.#env = env
    this.#settings = settings
    this.#host = host
    this.#term = settings.term
    this.#fallback = new Fallback(settings.transports, settings.recalled)
    this.#trial = new Trial(env, this.#fallback, () => this.#goOn(true))
    this.#around = new Surroundings(settings.onLine)
  }

  /** A frame id that no other frame of this client has. */
  nextId(): number {
    return ++this.#id
  }

  /** The app wants a connection: tries whatever the status, unless closed. */
  connect(): void {
    const { status } = this.#state
    if (status === 'waiting') this.#hurry()
    // Whoever has something on the agenda is at it already.
    if (status === 'closed' || this.#env.agenda.has(this)) return
    this.#tally = new Tally()
    this.#credential.refused = []
    this.#start()
  }

  /** There is something to do: dials from `idle` and `asleep`. */
  need(): void {
    const { status } = this.#state
    if (status !== 'asleep' && status !== 'idle') return
    // A server that sends every connection to sleep at once must not be dialled in a circle.
    if (this.#tally.dials) this.#wait(this.#brieflyMs())
    else this.#start()
  }

  /** Ends the connection from this side: said to the server where there is one, and not undone by any event. */
  leave(status: Status, end: boolean, reason = `${status} by the app`): void {
    const { status: before } = this.#state
    if (end) this.#session = undefined
    if (before === status || before === 'closed') return
    if (this.#liveness) this.#host.send({ type: 'disconnect', end })
    this.#drop({ class: 'app', reason })
    this.#show({ status })
  }

  /** The app's answer. With a `problem` there is no token now; without both, nobody is signed in. */
  token(ticket: number, token: string | null | undefined, problem?: string): void {
    if (ticket !== this.#asked) return
    const credential = this.#credential
    this.#asked = 0
    if (!token && problem === undefined) this.leave('signed-out', true, 'getToken returned nothing')
    else if (this.#liveness) {
      if (!token || token === credential.token) return credential.postpone(this.#env.now)
      this.#host.send(credential.refresh(this.nextId(), token))
    } else if (!token) this.#end({ app: true, reason: `getToken failed: ${problem}` })
    // The server would refuse it again; only the wait is repeated.
    else if (credential.refused.includes(token)) this.#end(this.#state.cause ?? {})
    else {
      credential.token = token
      this.#open()
    }
  }

  /** The transport of a dial is open. */
  opened(dial: number): void {
    if (dial === this.#trial.dial) return this.#trial.opened()
    if (dial !== this.#dial || this.#state.status !== 'connecting') return
    this.#greet()
  }

  #greet(): void {
    this.#opened = true
    this.#expect()
    const { token } = this.#credential
    const subscriptions = this.#host.restate()
    const frame = {
      type: 'connect',
      id: this.nextId(),
      token,
      fence: [this.#term, this.#dial],
      session: this.#session,
      features: [BATCH],
      ...(this.#settings.rivalry ?? this.#settings).hello,
      subscriptions,
    }
    this.#host.send(frame as unknown as ConnectFrame)
  }

  /** The transport of a dial says that it is over. */
  ended(dial: number, ending: Ending): void {
    const { status } = this.#state
    if (dial === this.#trial.dial) this.#trial.failed()
    else if (dial === this.#dial && (status === 'connecting' || status === 'connected')) this.#end(ending)
  }

  /** Something arrived; a frame, if it is one. */
  received(frame: ServerFrame | undefined): void {
    this.#liveness?.heard(this.#env.now)
    if (!frame) return
    if (frame.type === 'disconnect') {
      this.#term = Math.max(this.#term, (frame.term ?? 0) + 1)
      this.#fallback.spoken()
      this.#end(frame)
    } else if (!this.#liveness) {
      if (frame.type === 'connected' && this.#opened) this.#accepted(frame)
    } else if (frame.type === 'ping') this.#host.send({ type: 'pong' })
    else if (frame.type === 'pong') this.#show({ rttMs: this.#liveness.rttMs(this.#env.now) })
    else if (!this.#credential.answered(frame, this.#env.now, this.#env.random)) this.#host.frame(frame)
  }

  /** The page or machine says something about itself. */
  hint(hint: Hint | 'wake'): void {
    const { status, cause } = this.#state
    const { now, random } = this.#env
    const returned = this.#around.note(hint)
    if (hint === 'online') this.#fallback.renewed(now, random)
    if (hint === 'hidden') return
    if (this.#liveness) {
      this.#liveness.probed(now)
      this.#host.send({ type: 'ping' })
      this.#watch()
    } else if (status === 'waiting' && hint !== 'offline') this.#hurry()
    if (hint !== 'visible') return
    // The page is looked at. Nothing that the app or the user ended is revived.
    if (status === 'asleep') this.#start()
    else if (status === 'failed' && cause?.code !== IDENTITY_REFUSED && this.#around.mayHurry(now)) {
      this.#tally.refusals--
      this.#start()
    } else if (status === 'stopped' && cause?.code === EVICTED && returned && this.#around.mayReturn(now)) this.#start()
  }

  /** The timer fires, so much later than it was asked to: what follows from that goes before what is due. */
  late(lateMs: number): void {
    // A link that does not outlive the probe after a late timer ended because of what made the timer late.
    const around = this.#around
    const { lateMs: before } = around
    around.lateMs = lateMs
    if (around.late) this.hint('wake')
    else if (this.#liveness?.probing) around.lateMs = before
  }

  /** The answer to a probe after a dial had failed. */
  probed(dial: number, answers: boolean): void {
    if (dial !== this.#dial || this.#state.status !== 'waiting') return
    const moves = this.#fallback.probed(answers, this.#env.now)
    const cause = this.#diagnosis.probed(answers, moves)
    this.#host.tab.error(cause)
    this.#show({ cause })
    if (moves && !this.#fallback.rounds) this.#moveOn()
  }

  #start(): void {
    this.#dialling()
    this.#plan(this.#settings.connectTimeoutMs, this.#overdue)
    if (this.#settings.getToken) this.#askToken()
    else this.#open()
  }

  #askToken(): void {
    this.#asked = this.nextId()
    this.#host.tab.askToken(this.#asked)
  }

  #dialling(): void {
    this.#tally.dials++
    this.#dial++
    this.#dialledAt = this.#env.now
    this.#opened = false
    this.#show({ status: 'connecting', retryAt: undefined, transport: this.#fallback.transport })
  }

  #open(): void {
    this.#expect()
    this.#env.out.push(['open', this.#dial, this.#fallback.transport])
  }

  /** Waits for the next step of a dial. */
  #expect(): void {
    const leftMs = this.#dialledAt + this.#settings.connectTimeoutMs - this.#env.now
    this.#plan(Math.min(leftMs, this.#fallback.patienceMs), this.#overdue)
  }

  /** Tries a better transport: beside the connection where it opens without a word, else in its place. */
  #try(): void {
    if (this.#fallback.better() === 'websocket') this.#trial.start(this.#dial + 1, this.#settings.connectTimeoutMs)
    else this.#goOn(false)
  }

  /** Goes on over a better transport, `tried` or not. Recovery brings what falls in between. */
  #goOn(tried: boolean): void {
    const fallback = this.#fallback
    fallback.take(this.#env.now, this.#env.random)
    this.#drop(undefined, tried)
    if (!tried) return this.#start()
    this.#dialling()
    this.#greet()
  }

  #accepted(frame: ConnectedFrame): void {
    const { connection, user, session, spreadMs, heartbeat, tokenExpiresInMs, previous } = frame
    const told = this.#diagnosis.told(previous)
    if (told) this.#host.tab.error(told)
    const { now, random } = this.#env
    this.#session = session && { id: session.id, secret: session.secret }
    this.#spreadMs = spreadMs
    this.#liveness = new Liveness(now, heartbeat)
    this.#credential.accepted(this.#credential.token, now, tokenExpiresInMs, random)
    this.#show({
      status: 'connected',
      cause: undefined,
      connection,
      user,
      connectedAt: now,
      reconnects: this.#connections++,
    })
    this.#watch()
    this.#host.up(frame)
    this.#host.send({ type: 'ping' })
  }

  /** The next look at the agenda: one at a time, whatever the status. */
  #plan(inMs: number, act: () => void): void {
    this.#env.agenda.set(this, this.#env.now + inMs, act)
  }

  /** The dial has not come to `connected` in time. */
  readonly #overdue = (): void => {
    if (this.#around.late) this.#plan(GRACE_MS, this.#overdue)
    else this.#end({ reason: 'not connected in time', overdue: true })
  }

  /** Waits for the next dial. */
  readonly #nap = (): void => {
    const leftMs = (this.#state.retryAt ?? 0) - this.#env.now
    if (leftMs > 0) this.#plan(Math.min(leftMs, PULSE_MS), this.#nap)
    else this.#start()
  }

  /** Watches over the connection. */
  readonly #watch = (): void => {
    const { now } = this.#env
    const { dueAt = 0 } = this.#liveness ?? {}
    if (now >= dueAt) return this.#end({ reason: 'nothing was heard in time', overdue: true })
    this.#settle()
    if (now >= this.#fallback.trialAt && !this.#tally.dials) this.#try()
    if (!this.#liveness) return
    if (now >= this.#credential.refreshAt) {
      this.#credential.postpone(now)
      this.#askToken()
    }
    this.#plan(Math.min(dueAt - now, this.#credential.refreshAt - now, PULSE_MS), this.#watch)
  }

  #hurry(): void {
    if (!this.#around.mayHurry(this.#env.now)) return
    this.#show({ retryAt: Math.min(this.#state.retryAt ?? 0, this.#env.now + this.#brieflyMs()) })
    this.#nap()
  }

  /** The shortest wait there is: for hints that it may be worth trying now. */
  #brieflyMs(): number {
    return FLOOR_MS + this.#env.random() * this.#spreadMs
  }

  /** A connection that has been up for long was a good one: counts start anew. Answers how long. */
  #settle(): number {
    const { now } = this.#env
    const ageMs = now - (this.#liveness?.since ?? now)
    if (ageMs >= STABLE_MS && this.#tally.dials) {
      this.#tally = new Tally()
      this.#fallback.stable(now, this.#env.random)
      this.#show({})
    }
    return ageMs
  }

  /** The connection, or the attempt, is over. */
  #end(ending: Ending): void {
    const { agenda, now, out, random } = this.#env
    const fallback = this.#fallback
    const ageMs = this.#settle()
    const opened = this.#opened && !ending.unreached
    const phase = this.#liveness ? (ageMs < STABLE_MS ? 'early' : 'connected') : opened ? 'opened' : 'opening'
    const { transport } = fallback
    const silentMs = this.#liveness?.silentMs(now) ?? 0
    const evidence = {
      phase,
      transport,
      ageMs,
      silentMs,
      onLine: this.#around.onLine,
      // What ended while the machine slept may be told before the timer that is overdue.
      timerLateMs: Math.max(this.#around.lateMs, now - agenda.wakeAt),
    } as const
    const error = this.#diagnosis.judge(ending, now, evidence)
    const { class: kind, network } = error
    // Nothing is held against a transport that sleep, a pulled cable or a server with no room ended.
    const doubtful = network && network !== 'offline' && network !== 'woke-up' && !ending.retryAfterMs
    const verdict = doubtful ? fallback.judge(phase, ending.overdue, this.#dialledAt) : undefined
    if (kind === 'auth') this.#credential.refuse(this.#credential.token)
    const cause = verdict === 'next' ? { ...error, network: 'blocked' as const } : error
    this.#drop(cause)
    this.#host.tab.error(cause)
    const next =
      this.#settings.rivalry?.judge(error.code, phase === 'opened', random) ??
      this.#tally.judge(kind, ending, this.#settings, this.#spreadMs, random)
    if (typeof next !== 'number') return this.#show({ status: next })
    this.#wait(next)
    if (verdict === 'ask') out.push(['probe', this.#dial])
    else if (verdict && !fallback.rounds) this.#moveOn()
  }

  /** To another transport one goes at once, but not in the same instant as everybody. */
  #moveOn(): void {
    this.#show({ retryAt: Math.min(this.#state.retryAt ?? 0, this.#env.now + FLOOR_MS * (1 + this.#env.random())) })
    this.#nap()
  }

  #wait(delayMs: number): void {
    this.#show({ status: 'waiting', retryAt: this.#env.now + delayMs })
    this.#nap()
  }

  #drop(cause: Cause | undefined, replaced = false): void {
    const up = this.#liveness
    this.#asked = 0
    this.#credential.dropped()
    this.#liveness = undefined
    this.#state = { ...IDLE, cause, reconnects: this.#state.reconnects }
    this.#env.agenda.delete(this)
    this.#trial.stop(replaced)
    if (!replaced) this.#env.out.push(['abandon'])
    if (up) this.#host.down()
  }

  #show(change: Partial<ConnectionState>): void {
    this.#state = { ...this.#state, ...change, attempts: this.#tally.dials }
    this.#host.tab.state(this.#state)
  }
}
