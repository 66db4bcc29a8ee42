// The care of an outbox: that it stays within its bounds, that nothing waits for ever, that order is kept after a refusal, and
// that nothing goes out again which the server may have done and forgotten. Sends nothing itself. A connection in good health
// does without for a while, so that pages with one of their own load it after they are connected.

import type { ClientOptions } from '../api.ts'
import type { Terms } from '../owner/port.ts'
import { HOLD_MS } from '../timing.ts'
import type { ErrorCode } from '../../protocol/error-code.ts'
import type { ErrorFrame } from '../../protocol/frame.ts'
import { ended, type Entry, type Outbox, type OutboxCare, type Request, type Sent } from './outbox.ts'

/** The bounds of an outbox, as the app or by default. */
export function boundsOf(given: ClientOptions['outbox']): Required<Omit<NonNullable<typeof given>, 'persist'>> {
  return { maxCount: 1_000, maxBytes: 1_048_576, policy: 'reject', ...given }
}

/** Takes care of an outbox from now on, and of what is in it already. */
export function takeCare(outbox: Outbox): void {
  const { entries, terms } = outbox
  const care = new Care(outbox)
  outbox.care = care
  for (const entry of entries.values()) care.added(entry)
  if (terms) care.resumed(terms)
  outbox.pump()
}

/** The care of one outbox. */
class Care implements OutboxCare {
  readonly #outbox: Outbox
  readonly #bounds: ReturnType<typeof boundsOf>
  /** Channels that are held back, and until when; `Infinity`: until the one that was refused is answered. */
  readonly #holds = new Map<string | undefined, number>()

  constructor(outbox: Outbox) {
    this.#outbox = outbox
    this.#bounds = boundsOf(outbox.bounds)
  }

  admits(request: Request, bytes: number): boolean {
    const outbox = this.#outbox
    const { maxCount, maxBytes, policy } = this.#bounds
    const full = (): boolean => outbox.count >= maxCount || outbox.bytes + bytes > maxBytes
    for (const oldest of policy === 'drop-oldest' && bytes <= maxBytes ? outbox.entries.values() : [])
      if (full()) this.#forsake(oldest, 'outbox-full')
    const admitted = !full()
    if (!admitted) request.reject(ended(request, 'outbox-full'))
    return admitted
  }

  added(entry: Entry): Iterable<Entry> {
    const { env, entries } = this.#outbox
    env.agenda.set(entry, entry.expiresAt, () => this.#expire(entry))
    return this.#holds.size ? entries.values() : [entry]
  }

  holds(entry: Entry, sent: Sent): boolean {
    const { env, keep } = this.#outbox
    const until = this.#holds.get(entry.channel) ?? 0
    if (until > env.now || keep?.(entry, sent)) return true
    if (until) this.#holds.set(entry.channel, Infinity)
    return false
  }

  /** What follows in its channel is held back with it. PROTOCOL.md, CLI-3. */
  refused({ channel }: Entry, { retryAfterMs }: ErrorFrame): void {
    const outbox = this.#outbox
    const { now, random, agenda } = outbox.env
    if ((this.#holds.get(channel) ?? Infinity) < Infinity) return
    const again = now + (retryAfterMs ?? HOLD_MS) * (1 + random())
    this.#holds.set(channel, again)
    agenda.set(channel, again, () => outbox.pump())
  }

  resumed({ user: current, dedupe }: Terms): void {
    const { env, entries } = this.#outbox
    // A resend takes its time to arrive; it must do so before its key is forgotten.
    const rememberedSince = env.now - dedupe.windowMs * 0.9
    this.#holds.clear()
    for (const entry of entries.values()) {
      const { kind, sent, user } = entry
      if (user && user !== current) this.#forsake(entry, 'closed')
      else if (kind === 'publish' && sent && (sent.life !== dedupe.life || sent.at < rememberedSince))
        this.#forsake(entry, 'unknown')
    }
  }

  ended(entry: Entry): void {
    const outbox = this.#outbox
    outbox.env.agenda.delete(entry)
    if (entry.inFlight && this.#holds.delete(entry.channel)) outbox.pump()
  }

  /** The time of a request is up. */
  #expire(entry: Entry): void {
    if (entry.kind === 'publish') this.#forsake(entry, 'expired')
    else this.#outbox.end(entry, ended(entry, entry.inFlight ? 'timeout' : 'disconnected'))
  }

  /** Ends a request without an answer: what may have been done is `unknown`, else the code given says why it was not. */
  #forsake(entry: Entry, code: ErrorCode): void {
    this.#outbox.end(entry, ended(entry, entry.sent ? 'unknown' : code))
  }
}
