// What one tab has asked and the server has not answered: publishes, calls and reads; bounded, in order, each ending exactly
// once. After a reconnect a publish goes out again with its key, a read too, a call never. Nothing is sent again that the
// server may have done and forgotten.

import type { ClientOptions } from '../api.ts'
import type { Env } from '../env.ts'
import { failure } from '../failure.ts'
import type { Answer, OwnerPort, Terms } from '../owner/port.ts'
import { HOLD_MS } from '../timing.ts'
import { StaywireError, type ErrorCode } from '../../protocol/error-code.ts'
import type { ErrorFrame } from '../../protocol/frame.ts'
import { DEDUPE_WINDOW_MS } from '../../protocol/limits.ts'

/** Something asked, as it is put in. */
export interface Request {
  readonly kind: 'publish' | 'call' | 'read'
  /** Publishes to one channel are kept in order; '' for calls. */
  readonly channel: string
  /** The JSON text of its frame, without the opening brace. */
  readonly body: string
  /** How long it may take, the wait for a connection included. Default: as long as the server remembers keys. */
  readonly ttlMs: number | undefined
  readonly resolve: (answer: Exclude<Answer, ErrorFrame>) => void
  readonly reject: (error: StaywireError) => void
}

interface Entry extends Request {
  /** UTF-8 length of `body`. */
  readonly bytes: number
  readonly ticket: number
  readonly expiresAt: number
  /** Whose it is, where that was known. */
  readonly user: string | undefined
  /** Awaits its answer on this connection. */
  inFlight?: boolean
  /** When, and in which life of the server's memory, it may have been done for the first time. */
  sent?: { readonly at: number; readonly life: string }
}

/** Unanswered requests of a tab. */
export class Outbox {
  bytes = 0
  /** When a `tick` is wanted, or somewhat earlier. */
  wakeAt = Infinity
  readonly #env: Env
  readonly #owner: OwnerPort
  readonly #options: Required<NonNullable<ClientOptions['outbox']>>
  readonly #entries = new Map<number, Entry>()
  /** Channels refused for a while. When the time has come one publish goes first (`until` is then `Infinity`); its answer decides. */
  readonly #holds = new Map<string, { until: number }>()
  #terms: Terms | undefined
  #up = false
  #ticket = 0

  constructor(env: Env, owner: OwnerPort, options: ClientOptions['outbox']) {
    this.#env = env
    this.#owner = owner
    this.#options = { maxCount: 1_000, maxBytes: 1_048_576, policy: 'reject', ...options }
  }

  get count(): number {
    return this.#entries.size
  }

  /** Takes a request; sends it at once unless something in its channel is held back. */
  add(request: Request): void {
    this.#owner.connection.need()
    const { maxCount, maxBytes, policy } = this.#options
    const { body, ttlMs = this.#terms?.dedupe.windowMs ?? DEDUPE_WINDOW_MS } = request
    const bytes = this.#env.bytes(body)
    const full = (): boolean => this.count >= maxCount || this.bytes + bytes > maxBytes
    for (const entry of policy === 'drop-oldest' && bytes <= maxBytes ? this.#entries.values() : []) {
      if (full()) this.#forsake(entry, 'outbox-full')
    }
    if (full())
      return request.reject(
        new StaywireError('outbox-full', `The outbox is full: ${this.count} requests, ${this.bytes} bytes.`),
      )
    const entry: Entry = {
      ...request,
      bytes,
      ticket: ++this.#ticket,
      expiresAt: this.#env.now + ttlMs,
      user: this.#terms?.user,
    }
    this.#entries.set(entry.ticket, entry)
    this.bytes += bytes
    this.#wake(entry.expiresAt)
    this.#pump(this.#holds.size ? this.#entries.values() : [entry])
  }

  /** The answer to a request, if it still waits for one. */
  answer(ticket: number, frame: Answer): void {
    const entry = this.#entries.get(ticket)
    if (!entry) return
    if (frame.type !== 'error') {
      this.#end(entry)
      entry.resolve(frame)
    } else if (entry.kind === 'publish' && frame.temporary) this.#hold(entry, frame)
    else this.#end(entry, failure(frame))
  }

  /** The connection is up: what was not answered goes out again, in order, as far as that is safe. PROTOCOL.md, CLI-1 and CLI-2. */
  up(terms: Terms): void {
    const { windowMs, life } = terms.dedupe
    // A resend takes its time to arrive; it must do so before its key is forgotten.
    const rememberedSince = this.#env.now - windowMs * 0.9
    this.#terms = terms
    this.#holds.clear()
    for (const entry of this.#entries.values()) {
      const { kind, sent, user } = entry
      if (user && user !== terms.user) this.#forsake(entry, 'closed')
      else if (kind === 'publish' && sent && (sent.life !== life || sent.at < rememberedSince)) this.#forsake(entry)
    }
    this.#up = true
    this.#pump()
  }

  /** The connection is gone. A call under way may have been made or not. PROTOCOL.md, CLI-7. */
  down(): void {
    this.#up = false
    for (const entry of this.#entries.values()) {
      if (entry.kind === 'call' && entry.inFlight) this.#forsake(entry)
      entry.inFlight = false
    }
  }

  /** Time has come to `wakeAt`. */
  tick(): void {
    const { now } = this.#env
    if (now < this.wakeAt) return
    this.wakeAt = Infinity
    for (const entry of this.#entries.values()) {
      const { kind, inFlight, expiresAt } = entry
      if (expiresAt > now) this.#wake(expiresAt)
      else if (kind === 'publish') this.#forsake(entry, 'expired')
      else this.#end(entry, new StaywireError(inFlight ? 'timeout' : 'disconnected', 'No answer came in time.'))
    }
    for (const { until } of this.#holds.values()) if (until > now) this.#wake(until)
    this.#pump()
  }

  /** Nothing will be answered any more. */
  close(error: StaywireError): void {
    this.#up = false
    for (const entry of this.#entries.values()) this.#end(entry, error)
  }

  #wake(at: number): void {
    this.wakeAt = Math.min(this.wakeAt, at)
  }

  /** Sends what neither waits for an answer nor is held back. */
  #pump(entries: Iterable<Entry> = this.#entries.values()): void {
    const { now } = this.#env
    if (!this.#up || !this.#terms) return
    for (const entry of entries) {
      const hold = this.#holds.get(entry.channel)
      if (entry.inFlight || (hold && hold.until > now)) continue
      if (hold) hold.until = Infinity
      entry.inFlight = true
      entry.sent ??= { at: now, life: this.#terms.dedupe.life }
      this.#owner.request(entry.ticket, entry.body)
    }
  }

  /** A temporary refusal holds back this publish and what follows in its channel. PROTOCOL.md, CLI-3. */
  #hold(entry: Entry, { retryAfterMs }: ErrorFrame): void {
    const { now, random } = this.#env
    entry.inFlight = false
    if ((this.#holds.get(entry.channel)?.until ?? Infinity) < Infinity) return
    const again = now + (retryAfterMs ?? HOLD_MS) * (1 + random())
    this.#holds.set(entry.channel, { until: again })
    this.#wake(again)
  }

  /** Ends a request without an answer: what may have been done is `unknown`, else the code given says why it was not. */
  #forsake(entry: Entry, code: ErrorCode = 'unknown'): void {
    this.#end(
      entry,
      entry.sent
        ? new StaywireError('unknown', 'It may have been done or not.')
        : new StaywireError(code, 'It was not done.'),
    )
  }

  #end(entry: Entry, error?: StaywireError): void {
    this.#entries.delete(entry.ticket)
    this.bytes -= entry.bytes
    if (error) entry.reject(error)
    if (entry.inFlight && this.#holds.delete(entry.channel)) this.#pump()
  }
}
