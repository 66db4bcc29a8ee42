// The connection of a client as a machine: dial, greet, watch, wait, dial again. One at a time, by construction. Knows no
// channels and no publishes, and no transport but `open`, `send` and `abandon`.

import type { Cause, ConnectionError, Status } from '../api.ts'
import type { ConnectedFrame, ConnectFrame, ServerFrame } from '../../protocol/frame.ts'
import { appCause, corrected, explain, LATE_MS, STABLE_MS, type Ending, type Evidence } from './cause.ts'
import { Credential } from './credential.ts'
import type { ConnectionInput, ConnectionOutput, ConnectionSettings, Hint } from './input.ts'
import { Liveness } from './liveness.ts'
import { IDENTITY_REFUSED, Tally } from './tally.ts'

/** How often a living client looks whether its timers come late: the only sign of sleep that every machine gives. */
const PULSE_MS = 5_000
/** What the network may bring after a stall before an attempt is judged. */
const GRACE_MS = 1_000
/** Hints cut a wait short at most this often. PROTOCOL.md, CLI-11. */
const HURRY_MS = 5_000
/** What ends this soon after a late timer ended because of what made the timer late. */
const WOKE_MS = 3_000
const EVICTED = 4507
/** An evicted client may return at most this often: two must not evict each other in turn. */
const RETURN_MS = 60_000
const SIGNED_OUT = appCause('getToken returned nothing: nobody is signed in')

/** How far the present attempt has come. */
type Phase = 'none' | 'waiting' | 'token' | 'opening' | 'opened' | 'connected'

/** One client's connection: whichever is live or attempted now, and what is kept between them. */
export class Connection {
  readonly #settings: ConnectionSettings
  readonly #credential = new Credential()
  readonly #tally: Tally
  #out: ConnectionOutput[] = []
  #now = 0
  #phase: Phase = 'none'
  #status: Status = 'idle'
  #cause: Cause | undefined
  /** When the wait ends, or the attempt. */
  #dueAt = Infinity
  #pulseAt = 0
  #dial = 0
  #id = 0
  #term: number
  /** The ticket of the token asked for. */
  #asked: number | undefined
  /** The `refresh` frame under way, and its token. */
  #refresh: { readonly id: number; readonly token: string } | undefined
  #session: { readonly id: string; readonly secret: string } | undefined
  #connected: ConnectedFrame | undefined
  #liveness: Liveness | undefined
  #connectedAt: number | undefined
  #connections = 0
  #lastError: ConnectionError | undefined
  /** The last ending of class `auth`. */
  #refusal: Ending | undefined
  #onLine: boolean | undefined
  #lateMs = 0
  #wokeAt = -Infinity
  #wasHidden = false
  #hurriedAt = -Infinity
  #returnedAt = -Infinity

  constructor(settings: ConnectionSettings) {
    this.#settings = settings
    this.#tally = new Tally(settings)
    this.#term = settings.term
    this.#onLine = settings.onLine
  }

  /** A frame id that no other frame of this client has. */
  nextId(): number {
    return ++this.#id
  }

  /** When a `tick` is wanted; `Infinity` = not at all. */
  get wakeAt(): number {
    if (this.#phase === 'none') return Infinity
    if (this.#phase === 'waiting') return Math.min(this.#dueAt, this.#pulseAt)
    if (this.#phase !== 'connected') return this.#dueAt
    const stableAt = this.#tally.attempts > 0 ? (this.#connectedAt ?? 0) + STABLE_MS : Infinity
    return Math.min(this.#liveness?.dueAt ?? Infinity, this.#credential.refreshAt, stableAt, this.#pulseAt)
  }

  /** Takes one input; answers what is to be done, in order. */
  handle(input: ConnectionInput, now: number): ConnectionOutput[] {
    this.#now = now
    if (this.#status !== 'closed') this.#take(input)
    return this.#out.splice(0)
  }

  #take(input: ConnectionInput): void {
    switch (input.type) {
      case 'connect':
        return this.#connect()
      case 'need':
        if (this.#status === 'idle') this.#start()
        else if (this.#status === 'asleep') this.#awake()
        return
      case 'disconnect':
        return this.#leave('disconnected', appCause('disconnect() was called'), input.end)
      case 'close':
        return this.#leave('closed', appCause('close() was called'), true)
      case 'token':
        if (input.ticket === this.#asked) this.#token(input.token, input.problem)
        return
      case 'opened':
        if (input.dial === this.#dial && this.#phase === 'opening') this.#greet()
        return
      case 'frame':
        this.#liveness?.heard(this.#now)
        if (input.frame !== undefined) this.#frame(input.frame)
        return
      case 'ended':
        if (input.dial === this.#dial && this.#phase !== 'none' && this.#phase !== 'waiting') this.#end(input)
        return
      case 'hint':
        return this.#hint(input.hint)
      case 'tick':
        return this.#tick(input.lateMs)
    }
  }

  get #spreadMs(): number {
    return this.#connected?.spreadMs ?? 1_000
  }

  #connect(): void {
    if (this.#phase === 'waiting') return this.#hurry()
    if (this.#phase !== 'none') return
    this.#tally.reset()
    this.#credential.forgive()
    this.#start()
  }

  /** A server that sends every connection to sleep at once must not be dialled in a circle. */
  #awake(): void {
    if (this.#tally.attempts === 0) this.#start()
    else this.#wait(this.#tally.briefly(this.#spreadMs))
  }

  #start(): void {
    this.#tally.attempts++
    this.#dial++
    this.#phase = 'token'
    this.#dueAt = this.#now + this.#settings.connectTimeoutMs
    this.#become('connecting', this.#cause)
    if (this.#settings.hasToken) this.#askToken()
    else this.#open()
  }

  #askToken(): void {
    this.#asked = this.nextId()
    this.#out.push({ type: 'ask-token', ticket: this.#asked })
  }

  #token(token: string | null | undefined, problem: string | undefined): void {
    this.#asked = undefined
    const refresh = this.#phase === 'connected'
    if (problem === undefined && !token) return this.#leave('signed-out', SIGNED_OUT, true)
    if (refresh) {
      if (!token || token === this.#credential.token) return this.#credential.postpone(this.#now)
      this.#refresh = { id: this.nextId(), token }
      this.#out.push({ type: 'send', frame: { type: 'refresh', ...this.#refresh } })
      return
    }
    if (!token) return this.#end({ app: true, reason: `getToken failed: ${problem}` })
    // The server would refuse it again; only the wait is repeated.
    if (this.#credential.isRefused(token)) return this.#end(this.#refusal ?? {})
    this.#credential.token = token
    this.#open()
  }

  #open(): void {
    this.#phase = 'opening'
    this.#out.push({ type: 'open', dial: this.#dial })
  }

  #greet(): void {
    this.#phase = 'opened'
    const { token } = this.#credential
    const frame: ConnectFrame = {
      type: 'connect',
      id: this.nextId(),
      ...(token === undefined ? undefined : { token }),
      fence: [this.#term, this.#dial],
      ...(this.#session === undefined ? undefined : { session: this.#session }),
      ...this.#settings.introduction,
    }
    this.#out.push({ type: 'greet', frame })
  }

  #frame(frame: ServerFrame): void {
    if (frame.type === 'disconnect') {
      if (frame.term !== undefined) this.#term = Math.max(this.#term, frame.term + 1)
      return this.#end(frame)
    }
    if (this.#phase === 'opened' && frame.type === 'connected') return this.#accepted(frame)
    if (this.#phase !== 'connected') return
    if (frame.type === 'ping') this.#out.push({ type: 'send', frame: { type: 'pong' } })
    else if (frame.type === 'pong') {
      this.#liveness?.ponged(this.#now)
      this.#tell()
    } else if (this.#refresh !== undefined && 'id' in frame && frame.id === this.#refresh.id) this.#refreshed(frame)
    else this.#out.push({ type: 'frame', frame })
  }

  #accepted(frame: ConnectedFrame): void {
    this.#phase = 'connected'
    this.#connected = frame
    this.#connectedAt = this.#now
    this.#connections++
    this.#pulseAt = this.#now + PULSE_MS
    this.#liveness = new Liveness(frame.heartbeat, this.#now)
    if (frame.session !== undefined) this.#session = { id: frame.session.id, secret: frame.session.secret }
    this.#credential.accepted(this.#now, frame.tokenExpiresInMs, this.#settings.random)
    if (frame.previous !== undefined && this.#lastError?.class === 'network') {
      this.#out.push({ type: 'corrected', error: corrected(this.#lastError, frame.previous) })
    }
    this.#become('connected', undefined)
    this.#out.push({ type: 'up', frame })
    this.#liveness.pinged(this.#now)
    this.#out.push({ type: 'send', frame: { type: 'ping' } })
  }

  #refreshed(frame: ServerFrame): void {
    if (frame.type === 'result') {
      this.#credential.token = this.#refresh?.token
      this.#credential.accepted(this.#now, frame.tokenExpiresInMs, this.#settings.random)
    } else {
      this.#credential.refuse(this.#refresh?.token)
      this.#credential.postpone(this.#now)
    }
    this.#refresh = undefined
  }

  #hint(hint: Hint | 'wake'): void {
    const returned = hint === 'visible' && this.#wasHidden
    if (hint === 'hidden') this.#wasHidden = true
    if (hint === 'visible') this.#wasHidden = false
    if (hint === 'online' || hint === 'offline') this.#onLine = hint === 'online'
    if (hint === 'hidden') return
    if (this.#phase === 'connected') return this.#probe()
    if (hint === 'offline') return
    if (this.#phase === 'waiting') return this.#hurry()
    if (hint === 'visible') this.#seen(returned)
  }

  /** The page is looked at while the client rests. Nothing that the app or the user ended is revived. */
  #seen(returned: boolean): void {
    if (this.#status === 'asleep') return this.#start()
    if (this.#status === 'failed' && this.#cause?.code !== IDENTITY_REFUSED && this.#mayHurry()) {
      this.#tally.pardon()
      return this.#start()
    }
    if (this.#status !== 'stopped' || this.#cause?.code !== EVICTED || !returned) return
    if (this.#now - this.#returnedAt < RETURN_MS) return
    this.#returnedAt = this.#now
    this.#start()
  }

  #tick(lateMs: number): void {
    this.#pulseAt = this.#now + PULSE_MS
    const late = lateMs > LATE_MS
    if (late || this.#now - this.#wokeAt > WOKE_MS) this.#lateMs = lateMs
    if (late) {
      this.#wokeAt = this.#now
      this.#hint('wake')
    }
    if (this.#phase === 'waiting') {
      if (this.#now >= this.#dueAt) this.#start()
    } else if (this.#phase === 'connected') this.#watch()
    else if (this.#phase !== 'none' && this.#now >= this.#dueAt) {
      if (late) this.#dueAt = this.#now + GRACE_MS
      else this.#end({ reason: `not connected within ${this.#settings.connectTimeoutMs} ms` })
    }
  }

  #watch(): void {
    this.#settle()
    const { dueAt = Infinity, doubt } = this.#liveness ?? {}
    if (this.#now >= dueAt) return this.#end({ reason: doubt })
    if (this.#now < this.#credential.refreshAt) return
    this.#credential.postpone(this.#now)
    this.#askToken()
  }

  #probe(): void {
    this.#liveness?.probed(this.#now)
    this.#out.push({ type: 'send', frame: { type: 'ping' } })
  }

  #hurry(): void {
    if (!this.#mayHurry()) return
    this.#dueAt = Math.min(this.#dueAt, this.#now + this.#tally.briefly(this.#spreadMs))
    this.#tell()
  }

  #mayHurry(): boolean {
    if (this.#now - this.#hurriedAt < HURRY_MS) return false
    this.#hurriedAt = this.#now
    return true
  }

  /** A connection that has been up for 10 s was a good one: counts start anew. PROTOCOL.md, CLOSE-8. */
  #settle(): void {
    if (this.#tally.attempts === 0 || this.#connectedAt === undefined || this.#now - this.#connectedAt < STABLE_MS) return
    this.#tally.reset()
    this.#tell()
  }

  /** The connection, or the attempt, is over. */
  #end(ending: Ending): void {
    this.#settle()
    const error = explain(ending, this.#evidence(ending), this.#now)
    if (error.class === 'auth') {
      this.#refusal = ending
      this.#credential.refuse()
    }
    this.#lastError = error
    this.#drop()
    this.#out.push({ type: 'error', error })
    const verdict = this.#tally.judge(error.class, ending, this.#spreadMs)
    this.#cause = error
    if ('rest' in verdict) this.#become(verdict.rest, error)
    else this.#wait(verdict.delayMs)
  }

  #evidence({ code }: Ending): Evidence {
    const ageMs = this.#connectedAt === undefined ? 0 : this.#now - this.#connectedAt
    const phase = this.#phase === 'connected' ? (ageMs < STABLE_MS ? 'early' : 'connected') : this.#phase === 'opened' ? 'opened' : 'opening'
    return {
      phase,
      ageMs,
      timerLateMs: this.#lateMs,
      ...(this.#onLine === undefined ? undefined : { onLine: this.#onLine }),
      ...(code === undefined ? undefined : { wireCode: code }),
    }
  }

  #wait(delayMs: number): void {
    this.#phase = 'waiting'
    this.#dueAt = this.#now + delayMs
    this.#pulseAt = this.#now + PULSE_MS
    this.#become('waiting', this.#cause)
  }

  /** Ended from this side: said to the server where there is one, and not undone by any event. */
  #leave(status: Status, cause: Cause, end: boolean): void {
    if (end) this.#session = undefined
    if (this.#phase === 'connected') this.#out.push({ type: 'send', frame: end ? { type: 'disconnect', end } : { type: 'disconnect' } })
    this.#drop()
    this.#become(status, cause)
  }

  #drop(): void {
    const phase = this.#phase
    this.#phase = 'none'
    this.#asked = this.#refresh = this.#liveness = this.#connectedAt = undefined
    this.#credential.rest()
    if (phase === 'opening' || phase === 'opened' || phase === 'connected') this.#out.push({ type: 'abandon' })
    if (phase === 'connected') this.#out.push({ type: 'down' })
  }

  #become(status: Status, cause: Cause | undefined): void {
    this.#status = status
    this.#cause = cause
    this.#tell()
  }

  #tell(): void {
    const up = this.#phase === 'connected' ? this.#connected : undefined
    this.#out.push({
      type: 'state',
      state: {
        status: this.#status,
        cause: this.#cause,
        retryAt: this.#phase === 'waiting' ? this.#dueAt : undefined,
        connection: up?.connection,
        user: up?.user,
        rttMs: this.#liveness?.rttMs,
        attempts: this.#tally.attempts,
        reconnects: Math.max(0, this.#connections - 1),
        connectedAt: this.#connectedAt,
      },
    })
  }
}
