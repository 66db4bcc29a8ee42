// The log of one process: what channels keep is in memory and gone with it. Everything is done in the turn of the call.

import { ERRORS, StaywireError } from '../../../protocol/error-code.ts'
import type { StoredPublication } from '../../../protocol/codec.ts'
import type { Position } from '../../../protocol/position.ts'
import { BaseEpoch, randomEpoch } from '../../history/base-epoch.ts'
import { readPage, readRecovery, type Kept, type PageRequest } from '../../history/reading.ts'
import type { Append, Appended, HistoryPage, Log, LogListener, Recovery, RecoveryCaps } from '../broker.ts'
import { Deliveries } from '../deliveries.ts'
import { keyScope, payloadText, publicationOf } from '../publication.ts'
import { ChannelRows, type ChannelRow } from './channel-rows.ts'
import { RememberedKeys } from './remembered-keys.ts'
import type { MemoryLimits } from './memory-limits.ts'

/** What a memory log needs from the world. */
export interface MemoryWorld {
  /** Unix time in milliseconds. */
  readonly now: () => number
  /** Numbers in [0, 1), for epochs. */
  readonly random: () => number
  /** A digest of a payload without known collisions, to remember less than the payload. Default: the payload itself. */
  readonly digest?: (text: string) => string
}

/** The log behind the memory broker, and behind the `memory` channels of an embedded store. */
export class MemoryLog implements Log {
  readonly #world: MemoryWorld
  readonly #rows: ChannelRows
  readonly #keys: RememberedKeys
  readonly #base: BaseEpoch
  readonly #deliveries: Deliveries
  #closed = false

  /** `deliveries`: shared with another log of the same broker. */
  constructor(world: MemoryWorld, limits: MemoryLimits, deliveries = new Deliveries()) {
    this.#world = world
    this.#deliveries = deliveries
    this.#base = new BaseEpoch(randomEpoch(world.random))
    this.#rows = new ChannelRows(limits)
    const { dedupeWindowMs: windowMs, keyBytes: maxBytes } = limits
    this.#keys = new RememberedKeys({ windowMs, maxBytes, life: randomEpoch(world.random) })
  }

  /** `lost`: how many keys were forgotten before their window ended. */
  get dedupe(): { readonly windowMs: number; readonly life: string; readonly lost: number } {
    const { windowMs, life, lost } = this.#keys
    return { windowMs, life, lost }
  }

  /** What is held now. */
  get usage(): { channels: number; publications: number; bytes: number; keys: number; keyBytes: number } {
    const { channels, publications, bytes } = this.#rows
    return { channels, publications, bytes, keys: this.#keys.count, keyBytes: this.#keys.bytes }
  }

  listen(listener: LogListener): void {
    this.#deliveries.listen(listener)
  }

  append(entry: Append): Promise<Appended> {
    return Promise.resolve(this.#append(entry))
  }

  position(channel: string): Promise<Position> {
    return this.#read(channel, ({ position }) => position)
  }

  recover(channel: string, from: Position, caps: RecoveryCaps): Promise<Recovery> {
    return this.#read(channel, (kept) => readRecovery(kept, from, caps))
  }

  history(channel: string, page: PageRequest): Promise<HistoryPage> {
    return this.#read(channel, (kept) => readPage(kept, page))
  }

  /** Lets go of a bounded number of expired publications and keys. */
  expire(now: number): void {
    this.#rows.expire(now)
    this.#keys.expire(now, 20_000)
  }

  /** Refuses everything from here on. */
  close(): void {
    this.#closed = true
  }

  #append(entry: Append): Appended {
    if (this.#closed) return { stored: false, code: 'closed', message: ERRORS.closed.meaning }
    const now = this.#world.now()
    const { history } = entry.retention
    if (history === undefined) {
      this.#deliveries.deliver(entry.channel, publicationOf(entry, 0, now))
      return { stored: true, duplicate: false }
    }
    const known = this.#known(entry, now)
    if (known !== undefined) return known
    const row = this.#row(entry.channel)
    const publication = publicationOf(entry, row.newest + 1, now)
    this.#rows.push(row, publication, history)
    const position = { epoch: row.epoch, offset: publication.offset }
    this.#remember(entry, position, publication)
    this.#deliveries.deliver(entry.channel, publication)
    return { stored: true, position, duplicate: false }
  }

  /** The answer to an append whose key was used before. */
  #known(entry: Append, now: number): Appended | undefined {
    if (entry.key === undefined) return undefined
    const remembered = this.#keys.find(keyScope(entry.channel, entry.from, entry.key), now)
    if (remembered === undefined) return undefined
    if (remembered.payload === this.#payload(entry)) {
      return { stored: true, position: remembered.position, duplicate: true }
    }
    const message = `The key ${JSON.stringify(entry.key)} was used before in ${entry.channel} with another payload.`
    return { stored: false, code: 'idempotency-conflict', message }
  }

  #remember(entry: Append, position: Position, { at }: StoredPublication): void {
    if (entry.key === undefined) return
    const scope = keyScope(entry.channel, entry.from, entry.key)
    this.#keys.add({ scope, payload: this.#payload(entry), position, at })
  }

  #payload(entry: Append): string {
    const text = payloadText(entry)
    return this.#world.digest === undefined ? text : this.#world.digest(text)
  }

  #row(channel: string): ChannelRow {
    const row = this.#rows.find(channel)
    if (row !== undefined) {
      this.#rows.touch(row)
      return row
    }
    const forgotten = this.#rows.makeRoom()
    if (forgotten !== undefined) {
      this.#base.renew(forgotten.channel)
      this.#deliveries.discontinued(forgotten.channel)
    }
    return this.#rows.create(channel, this.#base.of(channel))
  }

  #read<Answer>(channel: string, answer: (kept: Kept) => Answer): Promise<Answer> {
    if (this.#closed) return Promise.reject(new StaywireError('closed', ERRORS.closed.meaning))
    const row = this.#rows.find(channel)
    if (row !== undefined) return Promise.resolve(answer(this.#rows.read(row, this.#world.now())))
    const position = { epoch: this.#base.of(channel), offset: 0 }
    return Promise.resolve(answer({ position, ring: undefined, expired: 0 }))
  }
}
