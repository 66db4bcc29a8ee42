// The publishes of one tab that the server has not answered: bounded, in order, sent again after each reconnect with the same
// key. Each ends once: stored, refused, unknown or expired. Never sends again what the server may have forgotten.

import type { ClientOptions, Published } from '../api.ts'
import { failure, type Settle } from '../failure.ts'
import type { TabMessage, Terms } from '../owner/message.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import type { ErrorFrame, PublishedFrame } from '../../protocol/frame.ts'
import { DEDUPE_WINDOW_MS } from '../../protocol/limits.ts'

/** A publish as it is put in. */
export interface Publish extends Settle<Published> {
  readonly channel: string
  /** The JSON text of its frame, without the opening brace. */
  readonly body: string
  /** UTF-8 length of `body`. */
  readonly bytes: number
  /** How long it may take. Default: as long as the server remembers keys. */
  readonly ttlMs: number | undefined
}

interface Entry extends Publish {
  readonly ticket: number
  readonly expiresAt: number
  /** Whose it is, where that was known. */
  readonly user: string | undefined
  /** Awaits its answer on this connection. */
  inFlight: boolean
  /** When, and in which life of the server's memory, it may have been stored for the first time. */
  sent: { readonly at: number; readonly life: string } | undefined
  /** How often it went out since then. */
  sends: number
}

/** A channel that was refused for a while. */
interface Hold {
  readonly until: number
  readonly tries: number
}

/** The part of a frame that is not in `body`: `{"id":` and the longest id. */
const HEAD_BYTES = 24
const HOLD_MS = 1_000
const MAX_HOLD_MS = 30_000
/** A resend takes its time to arrive; it must do so before the key is forgotten. */
const RESEND_MARGIN_MS = 5_000
/** Refusals that say for certain that nothing was stored. The others may come late for a publish that was. */
const NOT_STORED = ['storage-unavailable', 'rate-limited']

/** Unanswered publishes of a tab. */
export class Outbox {
  /** Their number is `count`, the UTF-8 length of their frames `bytes`. */
  bytes = 0
  readonly #entries = new Map<number, Entry>()
  readonly #holds = new Map<string, Hold>()
  readonly #options: Required<NonNullable<ClientOptions['outbox']>>
  readonly #random: () => number
  #terms: Terms | undefined
  #up = false
  #wakeAt = Infinity

  constructor(options: ClientOptions['outbox'], random: () => number) {
    this.#options = { maxCount: 1_000, maxBytes: 1_048_576, policy: 'reject', ...options }
    this.#random = random
  }

  get count(): number {
    return this.#entries.size
  }

  /** When a `tick` is wanted, or somewhat earlier. */
  get wakeAt(): number {
    return this.#wakeAt
  }

  /** Takes a publish; sends it at once unless something in its channel waits. */
  add(ticket: number, publish: Publish, now: number): TabMessage[] {
    const refusal = this.#refusal(publish.bytes)
    if (refusal !== undefined) {
      publish.reject(refusal)
      return []
    }
    const ttlMs = publish.ttlMs ?? this.#terms?.dedupe.windowMs ?? DEDUPE_WINDOW_MS
    const entry: Entry = { ...publish, ticket, expiresAt: now + ttlMs, user: this.#terms?.user, inFlight: false, sent: undefined, sends: 0 }
    this.#entries.set(ticket, entry)
    this.bytes += entry.bytes
    this.#wakeAt = Math.min(this.#wakeAt, entry.expiresAt)
    // Where something was held back it goes first, also when its time has just come.
    return this.#pump(this.#holds.size > 0 ? this.#entries.values() : [entry], now)
  }

  /** An answer; `false` when it is not to a publish that still waits. */
  answer(ticket: number, frame: PublishedFrame | ErrorFrame, now: number): boolean {
    const entry = this.#entries.get(ticket)
    if (entry === undefined) return false
    if (frame.type === 'published') {
      const hold = this.#holds.get(entry.channel)
      if (hold !== undefined && hold.until <= now) this.#holds.delete(entry.channel)
      this.#remove(entry)
      entry.resolve({ ...(frame.position === undefined ? undefined : { position: frame.position }), duplicate: frame.duplicate === true })
    } else if (frame.temporary) this.#hold(entry, frame, now)
    else this.#end(entry, failure(frame.code, frame.message))
    return true
  }

  /** The connection is up: what was not answered goes out again, in order, as far as that is safe. PROTOCOL.md, CLI-1 and CLI-2. */
  up(terms: Terms, now: number): TabMessage[] {
    this.#terms = terms
    this.#up = true
    this.#holds.clear()
    const { windowMs, life } = terms.dedupe
    const rememberedMs = windowMs - Math.min(RESEND_MARGIN_MS, windowMs / 10)
    for (const entry of this.#entries.values()) {
      const { sent, user } = entry
      if (user !== undefined && user !== terms.user) this.#forsake(entry, 'closed', 'Another user has signed in.')
      else if (sent !== undefined && (sent.life !== life || now - sent.at > rememberedMs)) this.#forsake(entry)
    }
    return this.#pump(this.#entries.values(), now)
  }

  /** The connection is gone. */
  down(): void {
    this.#up = false
    for (const entry of this.#entries.values()) entry.inFlight = false
  }

  /** Time has come to `wakeAt`. */
  tick(now: number): TabMessage[] {
    if (now < this.#wakeAt) return []
    this.#wakeAt = Infinity
    for (const entry of this.#entries.values()) {
      if (entry.expiresAt <= now) this.#forsake(entry, 'expired', 'The publish could not be made within its time to live.')
      else this.#wakeAt = Math.min(this.#wakeAt, entry.expiresAt)
    }
    for (const { until } of this.#holds.values()) if (until > now) this.#wakeAt = Math.min(this.#wakeAt, until)
    return this.#pump(this.#entries.values(), now)
  }

  /** Nothing will be sent any more. */
  close(error: StaywireError): void {
    for (const entry of this.#entries.values()) this.#end(entry, error)
  }

  #refusal(bytes: number): StaywireError | undefined {
    const { maxCount, maxBytes, policy } = this.#options
    const frameBytes = this.#terms?.frameBytes ?? Infinity
    if (bytes + HEAD_BYTES > frameBytes) return new StaywireError('payload-too-large', `The publish takes ${bytes} bytes; the server accepts ${frameBytes}.`)
    if (policy === 'drop-oldest' && bytes <= maxBytes) {
      for (const entry of this.#entries.values()) {
        if (this.count < maxCount && this.bytes + bytes <= maxBytes) break
        this.#forsake(entry, 'outbox-full', 'Dropped to make room for a newer publish.')
      }
    }
    if (this.count < maxCount && this.bytes + bytes <= maxBytes) return undefined
    return new StaywireError('outbox-full', `The outbox holds ${this.count} of ${maxCount} publishes and ${this.bytes} of ${maxBytes} bytes.`, {
      fix: 'Wait for publishes to resolve before making more.',
    })
  }

  /** Sends what neither waits for an answer nor is held back. */
  #pump(entries: Iterable<Entry>, now: number): TabMessage[] {
    const messages: TabMessage[] = []
    if (!this.#up || this.#terms === undefined) return messages
    for (const entry of entries) {
      if (entry.inFlight || (this.#holds.get(entry.channel)?.until ?? now) > now) continue
      entry.inFlight = true
      entry.sends++
      entry.sent ??= { at: now, life: this.#terms.dedupe.life }
      messages.push({ type: 'request', ticket: entry.ticket, body: entry.body })
    }
    return messages
  }

  /** A temporary refusal holds back this publish and what follows in its channel. PROTOCOL.md, CLI-3. */
  #hold(entry: Entry, { code, retryAfterMs }: ErrorFrame, now: number): void {
    entry.inFlight = false
    if (entry.sends === 1 && NOT_STORED.includes(code)) {
      entry.sent = undefined
      entry.sends = 0
    }
    const { until = 0, tries = 0 } = this.#holds.get(entry.channel) ?? {}
    if (until > now) return
    const waitMs = (retryAfterMs ?? Math.min(MAX_HOLD_MS, HOLD_MS * 1.5 ** tries)) * (1 + this.#random())
    this.#holds.set(entry.channel, { until: now + waitMs, tries: tries + 1 })
    this.#wakeAt = Math.min(this.#wakeAt, now + waitMs)
  }

  /** Ends a publish without an answer: what was never sent with the error given, what was sent with `unknown`. */
  #forsake(entry: Entry, code: 'closed' | 'expired' | 'outbox-full' = 'expired', message = ''): void {
    const error =
      entry.sent === undefined
        ? new StaywireError(code, message)
        : new StaywireError('unknown', 'It can no longer be told whether the publish was stored.', { fix: 'Look into the history of the channel before publishing it again.' })
    this.#end(entry, error)
  }

  #end(entry: Entry, error: StaywireError): void {
    this.#remove(entry)
    entry.reject(error)
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.ticket)
    this.bytes -= entry.bytes
    if (this.#entries.size === 0) this.#holds.clear()
  }
}
