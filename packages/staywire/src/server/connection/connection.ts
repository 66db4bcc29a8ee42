// One connection, from accept to close, as a pure machine: what arrives goes in, what is to be done comes out. It touches no
// socket and no clock, decides nothing that takes time, and keeps nothing per publication.

import { CLOSE } from '../../protocol/close-code.ts'
import { decodeClientFrame, readClientFrame, type Decoded, type Refusal } from '../../protocol/codec.ts'
import type { ClientFrame, ConnectFrame, Fence, OriginLabel } from '../../protocol/frame.ts'
import { LIMITS } from '../../protocol/limits.ts'
import { addressGroup } from '../guard/address-group.ts'
import type { Action, Decision } from '../guard/guard.ts'
import type { Meter } from '../guard/rate.ts'
import type { Seat } from '../guard/seats.ts'
import { Heartbeat, NEVER } from '../heartbeat/heartbeat.ts'
import { Timed } from '../heartbeat/wheel.ts'
import { trailed } from '../observer/frame-trail.ts'
import type { Identity } from '../options.ts'
import type { Session } from '../session/session.ts'
import { Backlog } from './backlog.ts'
import { closeOutput } from './closing.ts'
import { HandshakeRequest, serverSubscriptions, type Greeting } from './handshake-request.ts'
import type { Approach, Link } from './link.ts'
import { lookAt, nextLookAt } from './look.ts'
import { overRate } from './over-rate.ts'
import type { Input } from './input.ts'
import type { Output } from './output.ts'
import type { Refusals } from './refusals.ts'
import { errorOutput, type Request } from './request.ts'
import { isSignal, requestOf } from './request-of.ts'
import { CatchUpRequest, ResyncRequest } from './resync-request.ts'
import { SubscribeRequest } from './subscribe-request.ts'
import type { Subscription } from './subscription.ts'
import type { Terms } from './terms.ts'
import { RecheckRequest } from './unsubscribe-request.ts'

/** How far a connection has got. */
export type Phase = 'awaiting' | 'authenticating' | 'connected' | 'closed'

/** Whom the timing wheel wakes. */
export interface Keeper {
  wake(connection: Connection, now: number): void
}

const NOTHING: Output[] = []
const NO_LABEL: OriginLabel = Object.freeze({})

export class Connection extends Timed {
  readonly id: string
  readonly link: Link
  readonly terms: Terms
  readonly address: string
  /** What of its address counts for limits. */
  readonly addressGroup: string
  /** Whether it knows no `ping` frame and has no session. */
  readonly bare: boolean
  phase: Phase = 'awaiting'
  /** With what it came; let go of once it is connected. */
  approach: Approach | undefined
  identity: Identity | undefined
  /** Set by whoever admits it, as are its seat and its claims. */
  session: Session | undefined
  seat: Seat | undefined
  /** When it last sent a frame of its own, or was connected. */
  activeAt = NEVER
  /** Set by its node once its end is done. */
  over = false
  claims: readonly string[] | undefined
  fence: Fence | undefined
  origin: OriginLabel = NO_LABEL
  slot: string | undefined
  /** When it was connected; 0 before that. */
  connectedAt = 0
  /** When it was accepted. */
  readonly acceptedAt: number
  /** Bytes of frames received. */
  bytesIn = 0
  /** Types of the last frames received, and sent to it alone: see `frame-trail.ts`. */
  received = 0
  sent = 0
  heartbeat: Heartbeat | undefined
  /** By channel; `undefined` before the first. */
  subscriptions: Map<string, Subscription> | undefined
  /** Subscriptions that the client made. */
  subscriptionCount = 0
  /** Publishes that were refused for a while; `undefined` before the first. */
  refusals: Refusals | undefined
  /** What it sent, by rate. */
  meter: Meter | undefined
  /** When it wants to be woken next, at the latest. */
  wakeAt = NEVER
  /** When it is told that it has not said who it is. */
  readonly connectBy: number
  /** When its identity runs out. */
  expiresAt = Infinity
  /** When a client that can only listen is sent away. */
  readonly endsAt: number
  readonly #keeper: Keeper
  /** `undefined` while nothing is under way. */
  #backlog: Backlog | undefined

  constructor(id: string, link: Link, approach: Approach, terms: Terms, keeper: Keeper, now: number) {
    super()
    this.id = id
    this.link = link
    this.terms = terms
    this.address = approach.address
    this.addressGroup = addressGroup(approach.address)
    this.approach = approach
    this.bare = approach.bare !== undefined
    this.#keeper = keeper
    this.acceptedAt = this.activeAt = now
    // Those who came together need not leave together.
    this.endsAt = approach.bare?.oneWay === true ? now + LIMITS.oneWayMs.value * (1 - terms.random() / 10) : Infinity
    this.wakeAt = this.connectBy = now + terms.settings.silence.tellAfterMs
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
      case 'value':
        this.#take(readClientFrame(input.value), input.bytes, now, out)
        break
      case 'answer':
        this.#backlog?.answered(input.ticket, input.answer, now, out)
        break
      case 'wake':
        this.#look(now, out)
        break
      case 'pong':
        this.#pong(now, out)
        break
      case 'heard':
        if (this.heartbeat !== undefined) this.heartbeat.lastSeenAt = now
        this.#overRate(0, undefined, now, out)
        break
      case 'binary':
        this.emit(closeOutput(CLOSE.protocolError), out)
        break
      case 'behind':
        this.#enqueue(new CatchUpRequest(input.channel), now, out)
        break
      case 'discontinued':
        for (const channel of this.#affected(input.channel)) this.#enqueue(new ResyncRequest(channel), now, out)
        break
      case 'close':
        this.emit(closeOutput(input, input), out)
        break
      case 'ended':
        this.emit({ ...input, type: 'close', told: false }, out)
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
    this.expiresAt = expiresInMs === undefined ? Infinity : now + expiresInMs
    this.wakeAt = Math.min(this.wakeAt, this.expiresAt)
    if (this.phase !== 'connected') return
    const given = serverSubscriptions(identity).filter((channel) => this.subscriptions?.has(channel) !== true)
    for (const channel of this.subscriptions?.keys() ?? []) this.#work().wait(new RecheckRequest(channel))
    for (const channel of given) this.#work().wait(new SubscribeRequest({ channel }, true))
  }

  /** In how many milliseconds the identity expires; `undefined` = never. */
  expiresInMs(now: number): number | undefined {
    return this.expiresAt === Infinity ? undefined : Math.max(0, Math.round(this.expiresAt - now))
  }

  /** It is connected. `requests` come before everything that was sent along with `connect`. */
  connect(requests: readonly Request[], now: number): void {
    this.phase = 'connected'
    this.approach = undefined
    this.connectedAt = this.activeAt = now
    this.heartbeat = new Heartbeat(this.terms.settings.heartbeat, now, this.terms.random())
    this.#work().putFirst(requests)
    this.wakeAt = this.#nextWake()
  }

  /** A subscription was granted. */
  remember(channel: string, subscription: Subscription): void {
    this.subscriptions ??= new Map()
    this.subscriptions.set(channel, subscription)
    if (!subscription.byServer) this.subscriptionCount++
  }

  /** A subscription is over; answers it, if there was one. */
  forget(channel: string): Subscription | undefined {
    const subscription = this.subscriptions?.get(channel)
    if (subscription === undefined) return undefined
    this.subscriptions?.delete(channel)
    if (!subscription.byServer) this.subscriptionCount--
    return subscription
  }

  #read(text: string, bytes: number, now: number, out: Output[]): void {
    if (this.phase !== 'connected' && bytes > LIMITS.connectFrameBytes.value)
      return this.emit(closeOutput(CLOSE.frameTooLarge), out)
    this.#take(decodeClientFrame(text), bytes, now, out)
  }

  #take(decoded: Decoded<ClientFrame>, bytes: number, now: number, out: Output[]): void {
    if (this.heartbeat !== undefined) this.heartbeat.lastSeenAt = now
    if (this.phase === 'connected' && this.#overRate(bytes, decoded, now, out)) return
    if ('refusal' in decoded) return this.refused(decoded.refusal, out)
    const { frame } = decoded
    this.received = trailed(this.received, frame.type)
    if (this.phase === 'awaiting') {
      if (frame.type === 'connect') this.#connect(frame, now, out)
      else this.emit(closeOutput(CLOSE.protocolError), out)
    } else if (frame.type === 'connect') this.emit(closeOutput(CLOSE.protocolError), out)
    else if (this.phase === 'authenticating') this.#work().hold({ frame }, out)
    else if (bytes > this.terms.settings.limits.frameBytes && !isSignal(frame)) this.#tooLarge(frame, bytes, out)
    else if (this.#backlog?.full === true && !isSignal(frame)) this.#backlog.hold({ frame }, out)
    else this.serve(frame, now, out)
  }

  /** Counts what came; answers whether it was one too many and is left alone. */
  #overRate(bytes: number, decoded: Decoded<ClientFrame> | undefined, now: number, out: Output[]): boolean {
    const excess = this.terms.rates.spend(this, bytes, now)
    return excess !== undefined && overRate(this, excess, decoded, out)
  }

  #tooLarge(frame: ClientFrame, bytes: number, out: Output[]): void {
    const id = 'id' in frame ? frame.id : undefined
    const message = `The frame has ${bytes} bytes; at most ${this.terms.settings.limits.frameBytes} are accepted.`
    this.refused({ fatal: false, ...(id !== undefined && { id }), code: 'payload-too-large', message }, out)
  }

  /** @internal Answers a frame that is refused. */
  refused(refusal: Refusal, out: Output[]): void {
    if (refusal.fatal || (this.phase === 'awaiting' && refusal.type !== 'connect'))
      return this.emit(closeOutput(CLOSE.protocolError), out)
    if (this.phase === 'authenticating') return this.#work().hold({ refusal }, out)
    this.emit(errorOutput(refusal.id, refusal), out)
  }

  #connect(greeting: Greeting | ConnectFrame, now: number, out: Output[]): void {
    this.phase = 'authenticating'
    const { origin, fence, slot } = greeting
    if (origin !== undefined) this.origin = origin
    this.fence = fence
    this.slot = slot
    this.#work().begin(new HandshakeRequest(greeting), now, out)
  }

  /** @internal Handles a frame whose turn has come. */
  serve(frame: ClientFrame, now: number, out: Output[]): void {
    if (frame.type === 'ping') return this.emit({ type: 'send', frame: { type: 'pong' } }, out)
    if (frame.type === 'pong') return this.#pong(now, out)
    this.activeAt = now
    if (frame.type === 'disconnect') {
      return this.emit(
        { type: 'close', code: 1000, reason: '', by: 'client', told: false, end: frame.end === true },
        out,
      )
    }
    const request = requestOf(frame)
    if (request !== undefined) this.#work().begin(request, now, out)
  }

  /** A request of the server's own: it takes its turn, but stops nobody from being read. */
  #enqueue(request: Request, now: number, out: Output[]): void {
    this.#work().wait(request)
    this.#work().pump(now, out)
  }

  #work(): Backlog {
    return (this.#backlog ??= new Backlog(this))
  }

  #pong(now: number, out: Output[]): void {
    const { heartbeat } = this
    if (heartbeat === undefined) return
    heartbeat.lastSeenAt = now
    const rttMs = heartbeat.pong(now)
    if (rttMs !== undefined) this.emit({ type: 'report', event: { type: 'pong', connection: this.id, rttMs } }, out)
  }

  /** Looks at everything that has a time of its own. */
  #look(now: number, out: Output[]): void {
    if (this.phase === 'awaiting' && now >= this.connectBy) return this.emit(closeOutput(CLOSE.connectTimeout), out)
    this.#backlog?.expire(now, out)
    if (this.phase === 'connected') lookAt(this, this.#backlog?.paused === true, now, out)
    if (this.#backlog?.idle === true) this.#backlog = undefined
    this.wakeAt = this.#nextWake()
  }

  #nextWake(): number {
    return nextLookAt(this, this.#backlog?.deadline ?? Infinity)
  }

  /** The subscriptions whose place may have moved. */
  #affected(channel: string | undefined): readonly string[] {
    if (channel === undefined) return [...(this.subscriptions?.keys() ?? [])]
    return this.subscriptions?.has(channel) === true ? [channel] : []
  }

  /** @internal Adds an output; with `close` it is over. */
  emit(output: Output, out: Output[]): void {
    if (this.phase === 'closed') return
    out.push(output)
    if (output.type !== 'close') return
    this.phase = 'closed'
    this.wakeAt = Infinity
    this.#backlog = undefined
  }
}
