// What keeps a connection up: why it ended and what follows, tokens that run out, hints, better transports. A connection in good
// health does without for a while, so that pages load it after they are connected. Dials nothing itself. PROTOCOL.md, CLOSE.

import type { Transport } from '../api.ts'
import { FLOOR_MS, GRACE_MS, PROBE_MS, PULSE_MS, STABLE_MS } from '../timing.ts'
import type { ConnectedFrame, ServerFrame } from '../../protocol/frame.ts'
import { EVICTED, IDENTITY_REFUSED } from './codes.ts'
import type { Connection } from './connection.ts'
import { Credential } from './credential.ts'
import { Diagnosis } from './diagnosis.ts'
import { Doze } from './doze.ts'
import type { Ending } from './ending.ts'
import { Fallback } from './fallback.ts'
import type { ConnectionUpkeep, Course, Hint } from './settings.ts'
import { Surroundings } from './surroundings.ts'
import { Tally } from './tally.ts'
import { Trial } from './trial.ts'

/** The upkeep of one client's connection. */
export class Upkeep implements ConnectionUpkeep {
  readonly #connection: Connection
  readonly #credential: Credential
  readonly #diagnosis = new Diagnosis()
  readonly #fallback: Fallback
  readonly #trial: Trial
  readonly #around: Surroundings
  /** Where the app wants no connection that nobody looks at. */
  readonly #doze: Doze | undefined
  #tally = new Tally()
  #remembered: Transport | undefined
  #pingedAt = 0
  /** Since when the present step of a dial is waited for. */
  #stepAt = 0
  /** By this its end is on the agenda. */
  readonly #impatient = {}
  /** When the link was put in doubt. */
  #probedAt = -1

  /** `onLine`: whether the network seems to be there. */
  constructor(connection: Connection, onLine = connection.settings.onLine) {
    const { env, settings } = connection
    const { hidden } = settings
    this.#connection = connection
    this.#credential = new Credential(connection)
    this.#fallback = new Fallback(settings.transports, settings.recalled)
    this.#trial = new Trial(env, this.#fallback, () => this.#goOn(true))
    this.#around = new Surroundings(onLine)
    if (typeof hidden === 'object') this.#doze = new Doze(env, connection, hidden.closeAfterMs)
  }

  get transport(): Transport {
    return this.#fallback.transport
  }

  step(at: number): void {
    this.#stepAt = at
    this.#plan(0)
  }

  forgive(): void {
    this.#tally = new Tally()
    this.#connection.dials = 0
    this.#credential.refused = []
  }

  up({ previous, tokenExpiresInMs }: ConnectedFrame): void {
    const { tab, env, state } = this.#connection
    const told = this.#diagnosis.told(previous)
    if (told) tab.error(told)
    this.#credential.accepted(state.connectedAt ?? env.now, tokenExpiresInMs, env.random)
    env.agenda.delete(this.#impatient)
    this.#doze?.up()
    this.#ping()
    this.#pulse()
  }

  dropped(replaced: boolean): void {
    const { agenda } = this.#connection.env
    agenda.delete(this)
    agenda.delete(this.#impatient)
    this.#credential.dropped()
    this.#trial.stop(replaced)
  }

  spoken(): void {
    this.#fallback.spoken()
  }

  answered(frame: ServerFrame): boolean {
    const { now, random } = this.#connection.env
    const pong = frame.type === 'pong'
    if (pong) this.#connection.show({ rttMs: now - this.#pingedAt })
    return pong || this.#credential.answered(frame, now, random)
  }

  refused(token: string): boolean {
    return this.#credential.refused.includes(token)
  }

  renew(token: string | null | undefined): void {
    const connection = this.#connection
    if (!token || token === connection.bearer) this.#credential.postpone(connection.env.now)
    else connection.send(this.#credential.refresh(connection.nextId(), token))
  }

  opened(dial: number): void {
    if (dial === this.#trial.dial) this.#trial.opened()
  }

  lost(dial: number): void {
    if (dial === this.#trial.dial) this.#trial.failed()
  }

  hint(hint: Hint | 'wake'): void {
    const connection = this.#connection
    const { status, cause } = connection.state
    const { now, random } = connection.env
    this.#doze?.hint(hint)
    const returned = this.#around.note(hint)
    if (hint === 'online') this.#fallback.renewed(now, random)
    if (hint === 'hidden') return
    if (connection.up) {
      this.#probedAt = now
      this.#ping()
      connection.expect(PROBE_MS)
    } else if (status === 'waiting' && hint !== 'offline') this.hurry()
    if (hint !== 'visible') return
    // The page is looked at. Nothing that the app or the user ended is revived.
    if (status === 'asleep') connection.start()
    else if (status === 'failed' && cause?.code !== IDENTITY_REFUSED && this.#around.mayHurry(now)) {
      this.#tally.refusals--
      connection.start()
    } else if (status === 'stopped' && cause?.code === EVICTED && returned && this.#around.mayReturn(now))
      connection.start()
  }

  late(lateMs: number): void {
    // A link that does not outlive the probe after a late timer ended because of what made the timer late.
    const around = this.#around
    const { lateMs: before } = around
    const { up, heardAt } = this.#connection
    around.lateMs = lateMs
    if (around.late) {
      this.hint('wake')
      if (this.#connection.state.status === 'connecting') this.#plan(GRACE_MS)
    } else if (up && heardAt <= this.#probedAt) around.lateMs = before
  }

  probed(dial: number, answers: boolean): void {
    const connection = this.#connection
    if (dial !== connection.dial || connection.state.status !== 'waiting') return
    const moves = this.#fallback.probed(answers, connection.env.now)
    const cause = this.#diagnosis.probed(answers, moves)
    connection.tab.error(cause)
    connection.show({ cause })
    if (moves && !this.#fallback.rounds) this.#moveOn()
  }

  ended(ending: Ending, { at, dialledAt, opened, heardAt, transport, before }: Course): void {
    const connection = this.#connection
    const { env, settings, spreadMs } = connection
    const { connectedAt } = before
    const ageMs = at - (connectedAt ?? at)
    const phase =
      connectedAt === undefined ? (opened ? 'opened' : 'opening') : ageMs < STABLE_MS ? 'early' : 'connected'
    this.#settle(ageMs)
    const { agenda, random, out } = env
    const fallback = this.#fallback
    const error = this.#diagnosis.judge(ending, at, {
      phase,
      transport,
      ageMs,
      silentMs: connectedAt === undefined ? 0 : at - heardAt,
      onLine: this.#around.onLine,
      // What ended while the machine slept may be told before the timer that is overdue.
      timerLateMs: Math.max(this.#around.lateMs, env.now - agenda.wakeAt),
    })
    const { class: kind, network } = error
    // Nothing is held against a transport that sleep, a pulled cable or a server with no room ended.
    const doubtful = network && network !== 'offline' && network !== 'woke-up' && !ending.retryAfterMs
    const verdict = doubtful ? fallback.judge(phase, ending.overdue, dialledAt) : undefined
    if (kind === 'auth') this.#credential.refuse()
    const cause = verdict === 'next' ? { ...error, network: 'blocked' as const } : error
    connection.drop(cause)
    connection.tab.error(cause)
    const next =
      settings.rivalry?.judge(error.code, phase === 'opened', random) ??
      this.#tally.judge(kind, ending, settings, connection.dials, spreadMs, random)
    if (typeof next !== 'number') return connection.show({ status: next })
    connection.wait(next)
    this.#pulse()
    if (verdict === 'ask') out.push(['probe', connection.dial])
    else if (verdict && !fallback.rounds) this.#moveOn()
  }

  hurry(): void {
    const connection = this.#connection
    if (this.#around.mayHurry(connection.env.now)) this.#within(connection.brieflyMs())
  }

  #ping(): void {
    this.#pingedAt = this.#connection.env.now
    this.#connection.send({ type: 'ping' })
  }

  /** How long a dial may take, and its present step; at least for so long. */
  #plan(atLeastMs: number): void {
    const connection = this.#connection
    const { env, settings, dialledAt, overdue } = connection
    const at = (deadline: number): number => Math.max(deadline, env.now + atLeastMs)
    connection.expect(at(dialledAt + settings.connectTimeoutMs) - env.now)
    env.agenda.set(this.#impatient, at(this.#stepAt + this.#fallback.patienceMs), overdue)
  }

  /** Looks after the connection, and whether timers come late, every so often. A dial has its own time. */
  readonly #pulse = (): void => {
    const connection = this.#connection
    const { env, state } = connection
    const { agenda, now } = env
    const credential = this.#credential
    if (state.status === 'connecting') return
    if (connection.up) {
      this.#settle(now - (state.connectedAt ?? now))
      if (now >= credential.refreshAt) {
        credential.postpone(now)
        connection.askToken()
      }
    }
    agenda.set(this, Math.min(now + PULSE_MS, connection.up ? credential.refreshAt : Infinity), this.#pulse)
    if (connection.up && now >= this.#fallback.trialAt && !connection.dials) this.#try()
  }

  /** A connection that has been up for long was a good one: counts start anew. */
  #settle(ageMs: number): void {
    const connection = this.#connection
    const { now, random, out } = connection.env
    if (ageMs < STABLE_MS || !connection.dials) return
    this.forgive()
    this.#fallback.stable(now, random)
    if (this.#remembered !== this.transport) out.push(['remember', (this.#remembered = this.transport)])
    connection.show({})
  }

  /** To another transport one goes at once, but not in the same instant as everybody. */
  #moveOn(): void {
    this.#within(FLOOR_MS * (1 + this.#connection.env.random()))
  }

  /** Waits no longer than this for the next dial. */
  #within(waitMs: number): void {
    const { env, state } = this.#connection
    this.#connection.wait(Math.min((state.retryAt ?? 0) - env.now, waitMs))
  }

  /** Tries a better transport: beside the connection where it opens without a word, else in its place. */
  #try(): void {
    const { dial, settings } = this.#connection
    if (this.#fallback.better() === 'websocket') this.#trial.start(dial + 1, settings.connectTimeoutMs)
    else this.#goOn(false)
  }

  /** Goes on over a better transport, `tried` or not. Recovery brings what falls in between. */
  #goOn(tried: boolean): void {
    const connection = this.#connection
    const { now, random } = connection.env
    this.#fallback.take(now, random)
    connection.drop(undefined, tried)
    if (!tried) return connection.start()
    connection.dialling()
    connection.greet()
  }
}
