// One connection, from accept to close, as a pure machine: what arrives goes in, what is to be done comes out. It touches no
// socket and no clock, decides nothing that takes time, and keeps nothing per publication.

import { CLOSE } from '../../protocol/close-code.ts'
import { decodeClientFrame, type Refusal } from '../../protocol/codec.ts'
import type { ClientFrame, ConnectFrame, Fence, OriginLabel } from '../../protocol/frame.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { Action, Decision } from '../guard/guard.ts'
import { Heartbeat } from '../heartbeat/heartbeat.ts'
import { Timed } from '../heartbeat/wheel.ts'
import type { Identity } from '../options.ts'
import type { Session } from '../session/session.ts'
import { Agenda } from './agenda.ts'
import type { Answer } from './ask.ts'
import { closeOutput } from './closing.ts'
import { HandshakeRequest, serverSubscriptions, type Greeting } from './handshake-request.ts'
import type { Approach, Link } from './link.ts'
import type { EndedBy, Output } from './output.ts'
import { PublishRequest } from './publish-request.ts'
import { CallRequest, HistoryRequest, PresenceRequest } from './question-request.ts'
import { RefreshRequest } from './refresh-request.ts'
import { errorOutput, type Request, type Step } from './request.ts'
import { CatchUpRequest, ResyncRequest } from './resync-request.ts'
import { SubscribeRequest } from './subscribe-request.ts'
import type { Subscription } from './subscription.ts'
import type { Terms } from './terms.ts'
import { RecheckRequest, UnsubscribeRequest } from './unsubscribe-request.ts'

/** How far a connection has got. */
export type Phase = 'awaiting' | 'authenticating' | 'connected' | 'closed'

/** What happens to a connection. Byte sizes are inputs: the core does not count them. */
export type Input =
  | { readonly type: 'text'; readonly text: string; readonly bytes: number }
  | { readonly type: 'binary' }
  /** A pong of the transport's own. */
  | { readonly type: 'pong' }
  | { readonly type: 'answer'; readonly ticket: number; readonly answer: Answer }
  /** It is time to look. */
  | { readonly type: 'wake' }
  /** The hub could not join a subscription: too much was published meanwhile. */
  | { readonly type: 'behind'; readonly channel: string }
  /** The continuity of a channel may have broken; without a channel, of any. */
  | { readonly type: 'discontinued'; readonly channel: string | undefined }
  /** The server ends it. */
  | { readonly type: 'close'; readonly code: number; readonly reason: string; readonly term?: number; readonly retryAfterMs?: number }
  /** The transport is gone. */
  | { readonly type: 'ended'; readonly code: number; readonly reason: string; readonly by: EndedBy }

/** Whom the timing wheel wakes. */
export interface Keeper {
  wake(connection: Connection, now: number): void
}

/** Something that waits for its turn: a frame as it was read, or a request of the server's own. */
type Waiting = Request | { readonly frame: ClientFrame } | { readonly refusal: Refusal }

const NOTHING: Output[] = []
const NO_LABEL: OriginLabel = Object.freeze({})

export class Connection extends Timed {
  readonly id: string
  readonly link: Link
  readonly terms: Terms
  readonly address: string
  /** Whether it knows no `ping` frame and has no session. */
  readonly bare: boolean
  phase: Phase = 'awaiting'
  /** With what it came; let go of once it is connected. */
  approach: Approach | undefined
  identity: Identity | undefined
  /** Set by whoever admits it, as are its seat and its claims. */
  session: Session | undefined
  seated = false
  claims: readonly string[] | undefined
  fence: Fence | undefined
  origin: OriginLabel = NO_LABEL
  slot: string | undefined
  connectedAt = 0
  heartbeat: Heartbeat | undefined
  /** By channel; `undefined` before the first. */
  subscriptions: Map<string, Subscription> | undefined
  /** Subscriptions that the client made. */
  subscriptionCount = 0
  /** When it wants to be woken next, at the latest. */
  wakeAt: number
  readonly #keeper: Keeper
  #connectBy: number
  #expiresAt = Infinity
  #activeAt: number
  #agenda: Agenda | undefined
  #waiting: Waiting[] | undefined
  #paused = false

  constructor(id: string, link: Link, approach: Approach, terms: Terms, keeper: Keeper, now: number) {
    super()
    this.id = id
    this.link = link
    this.terms = terms
    this.address = approach.address
    this.approach = approach
    this.bare = approach.bare !== undefined
    this.#keeper = keeper
    this.#activeAt = now
    this.wakeAt = this.#connectBy = now + terms.settings.limits.connectTimeoutMs
  }

  /** Who it is; empty before it is known. */
  get user(): string {
    return this.identity?.user ?? ''
  }

  override wake(now: number): void {
    this.#keeper.wake(this, now)
  }

  /** The machine. Outputs are to be done in order, at once; after `close` there are no more. */
  handle(input: Input, now: number): Output[] {
    if (this.phase === 'closed') return NOTHING
    const out: Output[] = []
    switch (input.type) {
      case 'text':
        this.#read(input.text, input.bytes, now, out)
        break
      case 'answer':
        this.#answered(input.ticket, input.answer, now, out)
        break
      case 'wake':
        this.#look(now, out)
        break
      case 'pong':
        this.#pong(now, out)
        break
      case 'binary':
        this.#emit(closeOutput(CLOSE.protocolError), out)
        break
      case 'behind':
        this.#enqueue(new CatchUpRequest(input.channel), now, out)
        break
      case 'discontinued':
        for (const channel of this.#affected(input.channel)) this.#enqueue(new ResyncRequest(channel), now, out)
        break
      case 'close':
        this.#emit(closeOutput(input, input), out)
        break
      case 'ended':
        this.#emit({ ...input, type: 'close', told: false }, out)
    }
    return out
  }

  /** Begins the handshake of a client that sends no `connect`. */
  greet(greeting: Greeting, now: number): Output[] {
    const out: Output[] = []
    this.#connect(greeting, now, out)
    return out
  }

  /** What rules and claims say. */
  decide(action: Action, channel: string): Decision {
    return this.terms.guard.decide(action, channel, this.identity as Identity, this.terms.rules.of(channel))
  }

  /** Takes on an identity: the first, or that of a refreshed token, after which every subscription is looked at again. */
  identify(identity: Identity, expiresInMs: number | undefined, now: number): void {
    this.identity = identity
    this.#expiresAt = expiresInMs === undefined ? Infinity : now + expiresInMs
    this.wakeAt = Math.min(this.wakeAt, this.#expiresAt)
    if (this.phase !== 'connected') return
    const given = serverSubscriptions(identity).filter((channel) => this.subscriptions?.has(channel) !== true)
    for (const channel of this.subscriptions?.keys() ?? []) this.#wait(new RecheckRequest(channel))
    for (const channel of given) this.#wait(new SubscribeRequest({ channel }, true))
  }

  /** In how many milliseconds the identity expires; `undefined` = never. */
  expiresInMs(now: number): number | undefined {
    return this.#expiresAt === Infinity ? undefined : Math.max(0, Math.round(this.#expiresAt - now))
  }

  /** It is connected. `requests` come before everything that was sent along with `connect`. */
  connect(requests: readonly Request[], now: number): void {
    this.phase = 'connected'
    this.approach = undefined
    this.connectedAt = this.#activeAt = now
    this.heartbeat = new Heartbeat(this.terms.settings.heartbeat, now, this.terms.random())
    this.#waiting = [...requests, ...(this.#waiting ?? [])]
    this.wakeAt = this.#nextWake()
  }

  /** A subscription was granted. */
  remember(channel: string, subscription: Subscription): void {
    this.subscriptions ??= new Map()
    this.subscriptions.set(channel, subscription)
    if (!subscription.byServer) this.subscriptionCount++
  }

  /** A subscription is over; says whether there was one. */
  forget(channel: string): boolean {
    const subscription = this.subscriptions?.get(channel)
    if (subscription === undefined) return false
    this.subscriptions?.delete(channel)
    if (!subscription.byServer) this.subscriptionCount--
    return true
  }

  #read(text: string, bytes: number, now: number, out: Output[]): void {
    if (this.heartbeat !== undefined) this.heartbeat.lastSeenAt = now
    if (this.phase !== 'connected' && bytes > LIMITS.connectFrameBytes.value) return this.#emit(closeOutput(CLOSE.frameTooLarge), out)
    const decoded = decodeClientFrame(text)
    if ('refusal' in decoded) return this.#refused(decoded.refusal, out)
    const { frame } = decoded
    if (this.phase === 'awaiting') {
      if (frame.type === 'connect') this.#connect(frame, now, out)
      else this.#emit(closeOutput(CLOSE.protocolError), out)
    } else if (frame.type === 'connect') this.#emit(closeOutput(CLOSE.protocolError), out)
    else if (this.phase === 'authenticating') this.#hold({ frame }, out)
    else if (bytes > this.terms.settings.limits.frameBytes && !isSignal(frame)) this.#tooLarge(frame, bytes, out)
    else this.#frame(frame, now, out)
  }

  #tooLarge(frame: ClientFrame, bytes: number, out: Output[]): void {
    const id = 'id' in frame ? frame.id : undefined
    const message = `The frame has ${bytes} bytes; at most ${this.terms.settings.limits.frameBytes} are accepted.`
    this.#refused({ fatal: false, ...(id !== undefined && { id }), code: 'payload-too-large', message }, out)
  }

  #refused(refusal: Refusal, out: Output[]): void {
    if (refusal.fatal || (this.phase === 'awaiting' && refusal.type !== 'connect')) return this.#emit(closeOutput(CLOSE.protocolError), out)
    if (this.phase === 'authenticating') return this.#hold({ refusal }, out)
    this.#emit(errorOutput(refusal.id, refusal), out)
    this.#emit({ type: 'report', event: { type: 'frame-refused', connection: this.id, code: refusal.code } }, out)
  }

  #connect(greeting: Greeting | ConnectFrame, now: number, out: Output[]): void {
    this.phase = 'authenticating'
    const { origin, fence, slot } = greeting
    if (origin !== undefined) this.origin = origin
    this.fence = fence
    this.slot = slot
    this.#begin(new HandshakeRequest(greeting), now, out)
  }

  #frame(frame: ClientFrame, now: number, out: Output[]): void {
    if (frame.type === 'ping') return this.#emit({ type: 'send', frame: { type: 'pong' } }, out)
    if (frame.type === 'pong') return this.#pong(now, out)
    this.#activeAt = now
    if (frame.type === 'disconnect') return this.#emit({ type: 'close', code: 1000, reason: '', by: 'client', told: false, end: frame.end === true }, out)
    if ((this.#waiting?.length ?? 0) > 0 || (this.#agenda?.open ?? 0) >= LIMITS.pendingDecisions.value) return this.#hold({ frame }, out)
    this.#serve(frame, now, out)
  }

  #serve(frame: ClientFrame, now: number, out: Output[]): void {
    const request = requestOf(frame)
    if (request === undefined) this.#frame(frame, now, out)
    else this.#begin(request, now, out)
  }

  /** What cannot be handled yet waits; meanwhile nothing more is read. */
  #hold(item: Waiting, out: Output[]): void {
    this.#wait(item)
    if (this.#paused || (this.phase === 'authenticating' && (this.#waiting?.length ?? 0) < LIMITS.pendingDecisions.value)) return
    this.#paused = true
    this.#emit({ type: 'pause' }, out)
  }

  #wait(item: Waiting): void {
    this.#waiting ??= []
    this.#waiting.push(item)
  }

  /** A request of the server's own: it takes its turn, but stops nobody from being read. */
  #enqueue(request: Request, now: number, out: Output[]): void {
    this.#wait(request)
    this.#pump(now, out)
  }

  /** Handles what waited, as far as there is room. */
  #pump(now: number, out: Output[]): void {
    while (this.phase === 'connected' && this.#waiting !== undefined && (this.#agenda?.open ?? 0) < LIMITS.pendingDecisions.value) {
      const item = this.#waiting.shift()
      if (item === undefined) this.#waiting = undefined
      else if ('refusal' in item) this.#refused(item.refusal, out)
      else if ('frame' in item) this.#serve(item.frame, now, out)
      else this.#begin(item, now, out)
    }
    if (!this.#paused || this.phase !== 'connected' || this.#waiting !== undefined) return
    this.#paused = false
    this.#emit({ type: 'resume' }, out)
  }

  #begin(request: Request, now: number, out: Output[]): void {
    this.#agenda ??= new Agenda()
    if (this.#agenda.take(request)) this.#step(request, request.start(this, now), now, out)
  }

  #answered(ticket: number, answer: Answer, now: number, out: Output[]): void {
    const request = this.#agenda?.redeem(ticket)
    if (request === undefined) return
    this.#step(request, answer.kind === 'failed' ? { outputs: request.failed(answer, this) } : request.answered(answer, this, now), now, out)
    this.#pump(now, out)
  }

  /** Does what a step says; then whatever it lets go ahead, in turn. */
  #step(request: Request, step: Step, now: number, out: Output[]): void {
    for (let current: Request | undefined = request, next = step; ; next = current.start(this, now)) {
      if (next.outputs !== undefined) for (const output of next.outputs) this.#emit(output, out)
      const agenda = this.#agenda
      if (this.phase === 'closed' || agenda === undefined) return
      if (next.ask !== undefined) this.#ask(current, next.ask, agenda, now, out)
      if (next.ask !== undefined && next.free !== true) return
      current = next.ask === undefined ? agenda.done(current) : agenda.free(current)
      if (current === undefined) return
    }
  }

  #ask(request: Request, ask: Step['ask'] & object, agenda: Agenda, now: number, out: Output[]): void {
    const deadline = now + this.terms.settings.limits.decisionTimeoutMs
    this.wakeAt = Math.min(this.wakeAt, deadline)
    out.push({ type: 'ask', ticket: agenda.ask(request, deadline), ask })
  }

  #pong(now: number, out: Output[]): void {
    const { heartbeat } = this
    if (heartbeat === undefined) return
    heartbeat.lastSeenAt = now
    const rttMs = heartbeat.pong(now)
    if (rttMs !== undefined) this.#emit({ type: 'report', event: { type: 'pong', connection: this.id, rttMs } }, out)
  }

  /** Looks at everything that has a time of its own. */
  #look(now: number, out: Output[]): void {
    if (this.phase === 'awaiting' && now >= this.#connectBy) return this.#emit(closeOutput(CLOSE.connectTimeout), out)
    for (const request of this.#agenda?.expire(now) ?? []) {
      this.#step(request, { outputs: request.failed({ code: 'timeout', message: 'No decision came in time.' }, this) }, now, out)
    }
    this.#pump(now, out)
    if (this.phase === 'connected') this.#lookConnected(now, out)
    if (this.#agenda?.open === 0) this.#agenda = undefined
    this.wakeAt = this.#nextWake()
  }

  #lookConnected(now: number, out: Output[]): void {
    const { settings } = this.terms
    const heartbeat = this.heartbeat as Heartbeat
    if (now >= this.#expiresAt) return this.#emit(closeOutput(CLOSE.tokenExpired), out)
    if (now >= this.#idleAt) return this.#emit(closeOutput(CLOSE.idle), out)
    // Nothing is heard of a connection that is not read from.
    if (this.#paused) heartbeat.lastSeenAt = now
    const verdict = heartbeat.look(settings.heartbeat, now)
    if (verdict === 'missed' || verdict === 'dead') this.#emit({ type: 'report', event: { type: 'ping-missed', connection: this.id, missed: heartbeat.missedPings } }, out)
    if (verdict === 'dead') this.#emit(closeOutput(CLOSE.noPong), out)
    if (verdict === 'ping') this.#emit(this.bare ? { type: 'ping' } : { type: 'send', frame: { type: 'ping' } }, out)
  }

  get #idleAt(): number {
    const { idleTimeoutMs } = this.terms.settings.limits
    return idleTimeoutMs === 0 || this.subscriptionCount > 0 ? Infinity : this.#activeAt + idleTimeoutMs
  }

  #nextWake(): number {
    const deadline = this.#agenda?.deadline ?? Infinity
    if (this.phase === 'awaiting') return this.#connectBy
    if (this.phase !== 'connected') return deadline
    const heartbeat = this.heartbeat?.dueAt(this.terms.settings.heartbeat) ?? Infinity
    return Math.min(deadline, heartbeat, this.#expiresAt, this.#idleAt)
  }

  /** The subscriptions whose place may have moved. */
  #affected(channel: string | undefined): readonly string[] {
    if (channel === undefined) return [...(this.subscriptions?.keys() ?? [])]
    return this.subscriptions?.has(channel) === true ? [channel] : []
  }

  #emit(output: Output, out: Output[]): void {
    if (this.phase === 'closed') return
    out.push(output)
    if (output.type !== 'close') return
    this.phase = 'closed'
    this.wakeAt = Infinity
    this.#agenda = undefined
    this.#waiting = undefined
  }
}

/** Whether a frame asks for nothing: it is handled at once, whatever its size. */
function isSignal({ type }: ClientFrame): boolean {
  return type === 'ping' || type === 'pong' || type === 'disconnect'
}

/** The request that a frame makes; `undefined` for frames that are handled at once. */
function requestOf(frame: ClientFrame): Request | undefined {
  switch (frame.type) {
    case 'publish':
      return new PublishRequest(frame)
    case 'subscribe':
      return new SubscribeRequest(frame)
    case 'unsubscribe':
      return new UnsubscribeRequest(frame.id, frame.channel)
    case 'call':
      return new CallRequest(frame)
    case 'presence':
      return new PresenceRequest(frame)
    case 'history':
      return new HistoryRequest(frame)
    case 'refresh':
      return new RefreshRequest(frame)
    default:
      return undefined
  }
}
