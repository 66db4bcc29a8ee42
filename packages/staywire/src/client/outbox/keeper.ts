// Keeps a tab's unanswered publishes on disk while they wait, and takes over those of a page that is gone. Decides what is
// written, removed, adopted and ended; the disk, the locks and the tokens are somebody else's.

import type { PersistenceStats, Settlement } from '../api.ts'
import type { Env, Listening } from '../env.ts'
import { OPEN_MS } from '../timing.ts'
import { StaywireError, type ErrorCode } from '../../protocol/error-code.ts'
import type { PublishedFrame } from '../../protocol/frame.ts'
import { boundsOf } from './care.ts'
import { fitting, inOrder, remainingMs, sentAsFarAsKnown, unsafe, type KeptPublish } from './kept-publish.ts'
import type { Entry, Outbox, Sent } from './outbox.ts'

/** What a keeper is made with. */
export interface KeeperSettings {
  /** A name of this client that no other ever had. */
  readonly holder: string
  readonly tab: string
  /** The URL dialled. */
  readonly url: string
  /** Where it is told what to do: `load` a scope, `put` a record, `remove` one by its id, `off` for a reason. */
  readonly store: Listening
  /** Whom it is told what became of adopted publishes. */
  readonly app: Listening
}

/** A publish that is on disk, or on its way there. */
interface Kept {
  record: KeptPublish
  /** Writes that are not done yet. */
  pending: number
}

/** Writes down the publishes of one outbox. */
export class Keeper {
  readonly #env: Env
  readonly #outbox: Outbox
  readonly #settings: KeeperSettings
  readonly #kept = new Map<string, Kept>()
  readonly #ids = new WeakMap<Entry, string>()
  #scope: string | undefined
  #stats: PersistenceStats = { state: 'opening', adopted: 0, expired: 0 }
  /** Writes that are not done yet. */
  #pending = 0
  #at = 0
  #n = 0
  /** What the publish just being adopted was written down as. */
  #adopting: KeptPublish | undefined

  constructor(env: Env, outbox: Outbox, settings: KeeperSettings) {
    this.#env = env
    this.#outbox = outbox
    this.#settings = settings
    outbox.keep = this.keep
    this.#show({})
  }

  /** Who the publishes are from now on; `undefined` = it cannot be told, so nothing may be kept. */
  identify(identity: string | undefined): void {
    const scope = `${this.#settings.url} ${identity}`
    if (this.#stats.state === 'off' || scope === this.#scope) return
    if (identity === undefined) return this.off('The token does not say who it is for: set `identity`.')
    this.#scope = scope
    // What the one before has asked is not the next one's to send.
    for (const entry of this.#outbox.entries.values()) {
      const kept = this.#keptOf(entry)
      if (kept && kept.record.scope !== scope) this.#refuse(entry)
    }
    this.#show({ state: 'opening' })
    this.#watch()
    this.#want('load', scope, this.#env.now)
  }

  /** For the outbox: a publish came, ended, or is to go out as `sent`. Whether it must wait: it is written before it is sent. */
  readonly keep = (entry: Entry, sent?: Sent): boolean => {
    if (entry.kind !== 'publish') return false
    if (this.#outbox.entries.get(entry.ticket) !== entry) {
      this.#forget(entry)
      return false
    }
    const { state } = this.#stats
    if (this.#adopting) {
      this.#ids.set(entry, this.#adopting.id)
      this.#kept.set(this.#adopting.id, { record: this.#adopting, pending: 0 })
      this.#adopting = undefined
    }
    if (state !== 'on') return state === 'opening'
    const kept = this.#keptOf(entry)
    if (!kept || (sent && kept.record.sent?.life !== sent.life)) this.#write(entry, sent ?? entry.sent)
    return (this.#keptOf(entry)?.pending ?? 0) > 0
  }

  /** What was left on disk by pages that are gone; it is this client's now. */
  loaded(scope: string, records: readonly KeptPublish[]): void {
    if (scope !== this.#scope || this.#stats.state !== 'opening') return
    const own = [...this.#outbox.entries]
    this.#adopt(inOrder(records))
    // What was asked since comes after it.
    for (const [ticket, entry] of own) {
      if (this.#outbox.entries.delete(ticket)) this.#outbox.entries.set(ticket, entry)
    }
    this.#show({ state: 'on' })
    for (const [, entry] of own) this.keep(entry)
    this.#watch()
    this.#outbox.pump()
  }

  /** Writes were done, in the order in which they were wanted. */
  written(ids: readonly string[]): void {
    for (const id of ids) {
      const kept = this.#kept.get(id)
      if (kept) kept.pending--
      this.#pending--
    }
    // The disk moves on: it has its time anew.
    this.#env.agenda.delete(this)
    this.#watch()
    this.#outbox.pump()
  }

  /** Goes on without the disk. What lies there would get stale: it is removed as far as that works. */
  off(reason: string): void {
    if (this.#stats.state === 'off') return
    this.#show({ state: 'off', reason })
    this.#env.agenda.delete(this)
    for (const id of this.#kept.keys()) this.#want('remove', id)
    this.#kept.clear()
    this.#want('off', reason)
    this.#outbox.pump()
  }

  #adopt(records: readonly KeptPublish[]): void {
    const { now, bytes } = this.#env
    const { count, terms, bounds } = this.#outbox
    const { maxCount, maxBytes, policy } = boundsOf(bounds)
    const room = { count: maxCount - count, bytes: maxBytes - this.#outbox.bytes, policy }
    const usable = records.filter((record) => {
      const late = remainingMs(record, now) <= 0
      if (late) this.#show({ expired: this.#stats.expired + 1 })
      const why = late ? 'expired' : terms && unsafe(record, terms, now)
      if (why) this.#discard(record, why)
      return !why
    })
    const fit = fitting(usable, room, bytes)
    for (const record of usable) {
      this.#at = Math.max(this.#at, record.at)
      this.#n = Math.max(this.#n, record.n)
      if (!fit.has(record)) {
        this.#discard(record, 'outbox-full')
        continue
      }
      const { channel, body, user } = record
      const sent = sentAsFarAsKnown(record, now)
      this.#show({ adopted: this.#stats.adopted + 1 })
      this.#adopting = record
      this.#outbox.add({
        kind: 'publish',
        channel,
        body,
        ttlMs: remainingMs(record, now),
        ...(user !== undefined && { user }),
        ...(sent && { sent }),
        resolve: (frame) => this.#settle(record, { outcome: 'stored', position: (frame as PublishedFrame).position }),
        reject: (error) => this.#settle(record, { outcome: outcomeOf(error.code), error }),
      })
      this.#adopting = undefined
    }
  }

  /** Ends a publish that is not even adopted. What may have been done before is `unknown`, whatever ends it. */
  #discard(record: KeptPublish, why: ErrorCode): void {
    const code = record.sent ? 'unknown' : why
    this.#want('remove', record.id)
    const error = new StaywireError(code, `The publish of an earlier page ended: ${code}.`)
    this.#settle(record, { outcome: outcomeOf(code), error })
  }

  #settle({ channel, key }: KeptPublish, settlement: Pick<Settlement, 'outcome' | 'position' | 'error'>): void {
    // The app has had no time to listen when what it left is found expired.
    this.#env.out.push(['emit', this.#settings.app, 'settled', [{ channel, key, ...settlement }], true])
  }

  #refuse({ ticket, sent }: Entry): void {
    const code = sent ? 'unknown' : 'closed'
    this.#outbox.answer(ticket, { type: 'error', code, message: 'Somebody else has signed in.', temporary: false })
  }

  #write(entry: Entry, sent: KeptPublish['sent']): void {
    const { holder, tab } = this.#settings
    const { channel = '', body, expiresAt } = entry
    const user = entry.user ?? (sent && this.#outbox.terms?.user)
    const known = this.#keptOf(entry)
    this.#at = Math.max(this.#at, this.#env.now)
    const { key } = JSON.parse(`{${body}`) as { key: string }
    const n = known ? known.record.n : ++this.#n
    const id = `${holder} ${n}`
    const record: KeptPublish = known
      ? { ...known.record, holder, tab, user, sent }
      : { id, holder, tab, scope: this.#scope ?? '', at: this.#at, n, expiresAt, channel, key, body, user, sent }
    this.#ids.set(entry, record.id)
    this.#kept.set(record.id, { record, pending: (known?.pending ?? 0) + 1 })
    this.#pending++
    this.#watch()
    this.#want('put', record)
  }

  #forget(entry: Entry): void {
    const kept = this.#keptOf(entry)
    if (!kept) return
    this.#kept.delete(kept.record.id)
    this.#want('remove', kept.record.id)
  }

  #keptOf(entry: Entry): Kept | undefined {
    const id = this.#ids.get(entry)
    return id === undefined ? undefined : this.#kept.get(id)
  }

  /** The disk has its time. It has some more when the first word comes: after a sleep that is this program's own delay. */
  #watch(): void {
    const { agenda, now } = this.#env
    const late = (): void => this.off('The disk did not answer in time.')
    if (this.#stats.state === 'on' && !this.#pending) agenda.delete(this)
    else if (!agenda.has(this)) {
      agenda.set(this, now + OPEN_MS, () => agenda.set(this, this.#env.now + OPEN_MS / 3, late))
    }
  }

  #want(event: string, ...args: unknown[]): void {
    this.#env.out.push(['emit', this.#settings.store, event, args])
  }

  #show(change: Partial<PersistenceStats>): void {
    this.#stats = this.#outbox.persistence = { ...this.#stats, ...change }
  }
}

function outcomeOf(code: string): Settlement['outcome'] {
  return code === 'unknown' || code === 'expired' ? code : 'rejected'
}
