// What one tab has asked and the server has not answered: publishes, calls and reads; bounded, in order, each ending exactly
// once. After a reconnect a publish goes out again with its key, a read too, a call never. Nothing is sent again that the
// server may have done and forgotten.

import type { ClientOptions, PersistenceStats } from '../api.ts'
import type { Env } from '../env.ts'
import { failure } from '../failure.ts'
import type { Answer, OwnerPort, Terms } from '../owner/port.ts'
import { HOLD_MS } from '../timing.ts'
import { StaywireError, type ErrorCode } from '../../protocol/error-code.ts'
import type { ErrorFrame } from '../../protocol/frame.ts'
import { DEDUPE_WINDOW_MS } from '../../protocol/limits.ts'

/** Something asked, as it is put in. */
export interface Request {
  readonly kind: 'publish' | 'call' | 'presence' | 'history'
  /** Publishes to one channel are kept in order. */
  readonly channel: string | undefined
  /** The JSON text of its frame, without the opening brace. */
  readonly body: string
  /** How long it may take, the wait for a connection included. Default: as long as the server remembers keys. */
  readonly ttlMs: number | undefined
  /** Whose it is: of an earlier page, of who is connected, or else of whom it first goes out for. */
  user?: string | undefined
  /** When it may have been done, where that is known. */
  sent?: Sent
  readonly resolve: (answer: Exclude<Answer, ErrorFrame>) => void
  readonly reject: (error: StaywireError) => void
}

/** When, and in which life of the server's memory, something may have been done for the first time. */
export interface Sent {
  readonly at: number
  readonly life: string
}

/** Something asked that has not ended. */
export interface Entry extends Request {
  /** UTF-8 length of `body`. */
  readonly bytes: number
  readonly ticket: number
  /** Awaits its answer on this connection. */
  inFlight?: boolean
  readonly expiresAt: number
}

/** Unanswered requests of a tab. */
export class Outbox {
  bytes = 0
  /** Is told of each request that came, is to go out (`sent`) or has ended. Answers whether it must wait, until `pump` is called. */
  keep?: ((entry: Entry, sent?: Sent) => boolean) | undefined
  /** What is to be told of whoever is behind `keep`. */
  persistence?: PersistenceStats
  /** What was said about the last connection. */
  terms: Terms | undefined
  readonly bounds: Required<Omit<NonNullable<ClientOptions['outbox']>, 'persist'>>
  /** By ticket, in the order in which they go out. */
  readonly entries = new Map<number, Entry>()
  readonly #env: Env
  readonly #at: { readonly owner: OwnerPort }
  /** Channels refused for a while. When the time has come one publish goes first (until is then `Infinity`); its answer decides. */
  readonly #holds = new Map<string | undefined, number>()
  #up = false
  #ticket = 0

  constructor(env: Env, at: { readonly owner: OwnerPort }, options: ClientOptions['outbox']) {
    this.#env = env
    this.#at = at
    this.bounds = { maxCount: 1_000, maxBytes: 1_048_576, policy: 'reject', ...options }
  }

  get count(): number {
    return this.entries.size
  }

  /** Takes a request; sends it at once unless something in its channel is held back. */
  add(request: Request): void {
    this.#at.owner.need()
    const { maxCount, maxBytes, policy } = this.bounds
    const { body, ttlMs = this.terms?.dedupe.windowMs ?? DEDUPE_WINDOW_MS } = request
    const bytes = this.#env.bytes(body)
    const full = (): boolean => this.count >= maxCount || this.bytes + bytes > maxBytes
    for (const entry of policy === 'drop-oldest' && bytes <= maxBytes ? this.entries.values() : []) {
      if (full()) this.#forsake(entry, 'outbox-full')
    }
    if (full()) return request.reject(ended(request, 'outbox-full'))
    const entry: Entry = {
      user: this.terms?.user,
      ...request,
      bytes,
      ticket: ++this.#ticket,
      expiresAt: this.#env.now + ttlMs,
    }
    this.entries.set(entry.ticket, entry)
    this.bytes += bytes
    this.#env.agenda.set(entry, entry.expiresAt, () => this.#expire(entry))
    this.pump(this.#holds.size ? this.entries.values() : [entry])
    this.keep?.(entry)
  }

  /** The answer to a request, if it still waits for one. */
  answer(ticket: number, frame: Answer): void {
    const entry = this.entries.get(ticket)
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
    this.terms = terms
    this.#holds.clear()
    for (const entry of this.entries.values()) {
      const { kind, sent, user } = entry
      if (user && user !== terms.user) this.#forsake(entry, 'closed')
      else if (kind === 'publish' && sent && (sent.life !== life || sent.at < rememberedSince))
        this.#forsake(entry, 'unknown')
    }
    this.#up = true
    this.pump()
  }

  /** The connection is gone. A call under way may have been made or not. PROTOCOL.md, CLI-7. */
  down(): void {
    this.#up = false
    for (const entry of this.entries.values()) {
      if (entry.kind === 'call' && entry.inFlight) this.#forsake(entry, 'unknown')
      entry.inFlight = false
    }
  }

  /** Nothing will be answered any more. */
  close(error: StaywireError): void {
    this.#up = false
    for (const entry of this.entries.values()) this.#end(entry, error)
  }

  /** Sends what neither waits for an answer nor is held back. */
  pump(entries: Iterable<Entry> = this.entries.values()): void {
    const { now } = this.#env
    if (!this.#up || !this.terms) return
    for (const entry of entries) {
      const { channel, inFlight } = entry
      const until = this.#holds.get(channel) ?? 0
      const { sent = { at: now, life: this.terms.dedupe.life } } = entry
      if (inFlight || until > now || this.keep?.(entry, sent)) continue
      if (until) this.#holds.set(channel, Infinity)
      entry.inFlight = true
      entry.user ??= this.terms.user
      entry.sent = sent
      this.#at.owner.request(entry.ticket, entry.body)
    }
  }

  /** A temporary refusal holds back this publish and what follows in its channel. PROTOCOL.md, CLI-3. */
  #hold(entry: Entry, { retryAfterMs }: ErrorFrame): void {
    const { channel } = entry
    const { now, random, agenda } = this.#env
    entry.inFlight = false
    if ((this.#holds.get(channel) ?? Infinity) < Infinity) return
    const again = now + (retryAfterMs ?? HOLD_MS) * (1 + random())
    this.#holds.set(channel, again)
    agenda.set(channel, again, () => this.pump())
  }

  /** The time of a request is up. */
  #expire(entry: Entry): void {
    if (entry.kind === 'publish') this.#forsake(entry, 'expired')
    else this.#end(entry, ended(entry, entry.inFlight ? 'timeout' : 'disconnected'))
  }

  /** Ends a request without an answer: what may have been done is `unknown`, else the code given says why it was not. */
  #forsake(entry: Entry, code: ErrorCode): void {
    this.#end(entry, ended(entry, entry.sent ? 'unknown' : code))
  }

  #end(entry: Entry, error?: StaywireError): void {
    this.entries.delete(entry.ticket)
    this.#env.agenda.delete(entry)
    this.bytes -= entry.bytes
    this.keep?.(entry)
    if (error) entry.reject(error)
    if (entry.inFlight && this.#holds.delete(entry.channel)) this.pump()
  }
}

function ended({ kind }: Request, code: ErrorCode): StaywireError {
  return new StaywireError(code, `The ${kind} ended: ${code}.`)
}
