// The idempotency keys on disk: those of one commit per row, stored in the transaction of their publications. Looked up through an index
// in memory, and believed only when the stored key itself is the same.

import { hash } from 'node:crypto'
import type { Position } from '../../../../protocol/position.ts'
import { crc32c } from '../crc32c.ts'
import type { PackedRecord } from './batch-bytes.ts'
import type { Database } from './database.ts'
import { DIGEST_BYTES, KeyEntries, readEntry, type Key, type Remembered } from './key-entries.ts'
import { fingerprintOf, KeyIndex, type KeyPlace } from './key-index.ts'
import type { StoreState } from './store-state.ts'

/** Rows deleted by one call. */
const DELETES = 256

/** What a key was used for before. */
export type KeyUse = { readonly position: Position; readonly samePayload: boolean } | undefined

/** The keys of an open store. */
export class KeyTable {
  readonly #db: Database
  readonly #state: StoreState
  readonly #windowMs: number
  readonly #index: KeyIndex
  /** Those of the transaction that is open. */
  readonly #pending = new KeyEntries()
  #lost = false

  constructor(db: Database, state: StoreState, options: { windowMs: number; most: number }) {
    this.#db = db
    this.#state = state
    this.#windowMs = options.windowMs
    this.#index = new KeyIndex(options.most)
  }

  get count(): number {
    return this.#index.count
  }

  /** Reads the fingerprints of the window that ends at `now`; answers whether all could be believed. */
  load(now: number): boolean {
    let whole = true
    const rows = this.#db.sql('SELECT seq, at, fingerprints FROM keys WHERE at > ? ORDER BY seq')
    for (const { seq, at, fingerprints } of rows.iterate(now - this.#windowMs)) {
      if (fingerprints instanceof Uint8Array) this.#indexRow(Number(seq), Number(at), viewOf(fingerprints))
      else whole = false
    }
    return whole
  }

  /** The key of a record of a batch. */
  keyOf(channel: string, batch: Buffer, { scope, payload, end }: PackedRecord): Key {
    return {
      channel,
      bytes: batch,
      start: scope,
      end: payload,
      fingerprint: fingerprintOf(this.#state.seed, channel, batch, scope, payload),
      digest: hash('sha256', batch.subarray(payload, end), 'binary').slice(0, DIGEST_BYTES),
    }
  }

  /** What `key` was used for inside the window that ends at `now`. */
  find(key: Key, now: number): KeyUse {
    const found = this.#pending.find(key) ?? this.#stored(key, now)
    if (found === undefined) return undefined
    return { position: found.position, samePayload: found.digest === key.digest }
  }

  /** Notes what `key` was used for; stored by `save`. */
  add(key: Key, position: Position): void {
    this.#pending.add(key, position)
  }

  /** Writes what was noted, under the number of the commit; part of its transaction. */
  save(seq: number, at: number): void {
    if (this.#pending.count === 0) return
    const { fingerprints, entries } = this.#pending.take()
    const seal = crc32c(crc32c(0, fingerprints), entries)
    this.#db.sql('INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?, ?)').run(seq, at, fingerprints, entries, seal)
    this.#indexRow(seq, at, fingerprints)
    if (this.#lost) this.#state.loseKeys()
    this.#lost = false
  }

  /** Forgets what was noted and not saved. */
  forgetPending(): void {
    if (this.#pending.count > 0) this.#pending.take()
  }

  /** Deletes keys whose window is over, a bounded number per call; answers whether there were any. */
  expire(now: number): boolean {
    this.#index.expire(now - this.#windowMs)
    const oldest = this.#db.sql('SELECT seq, at FROM keys ORDER BY seq LIMIT ?').all(DELETES)
    const over = oldest.findLast(({ at }) => Number(at) <= now - this.#windowMs)
    if (over === undefined) return false
    this.#db.sql('DELETE FROM keys WHERE seq <= ?').run(over['seq'] ?? 0)
    return true
  }

  #stored(key: Key, now: number): Remembered | undefined {
    for (const place of this.#index.find(key.fingerprint)) {
      const remembered = this.#read(place, key, now)
      if (remembered !== undefined) return remembered
    }
    return undefined
  }

  #read({ seq, index }: KeyPlace, key: Key, now: number): Remembered | undefined {
    const row = this.#db.sql('SELECT at, fingerprints, entries, seal FROM keys WHERE seq = ?').get(seq)
    if (row === undefined || now - Number(row['at']) >= this.#windowMs) return undefined
    const { fingerprints, entries, seal } = row
    if (!(fingerprints instanceof Uint8Array) || !(entries instanceof Uint8Array)) return undefined
    if (crc32c(crc32c(0, fingerprints), entries) !== seal) return undefined
    return readEntry(viewOf(entries), index, key)
  }

  #indexRow(seq: number, at: number, fingerprints: Buffer): void {
    const halves = new DataView(fingerprints.buffer, fingerprints.byteOffset, fingerprints.length)
    for (let index = 0; index * 8 < fingerprints.length; index++) {
      const fingerprint = { high: halves.getUint32(index * 8, true), low: halves.getUint32(index * 8 + 4, true) }
      if (this.#index.add(fingerprint, { seq, index }, at, at - this.#windowMs)) this.#lost = true
    }
  }
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
