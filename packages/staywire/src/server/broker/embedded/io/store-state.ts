// The one row about the whole store, and the base epoch with its cells. Read once at open, written with every commit.

import { randomInt } from 'node:crypto'
import { BaseEpoch } from '../../../history/base-epoch.ts'
import { crc32c } from '../crc32c.ts'
import type { Database } from './database.ts'
import { newEpoch } from './new-epoch.ts'

const LIFE_LIMIT = 2 ** 40

interface StateRow {
  sequence: number
  base: string
  life: number
  nextId: number
  channels: number
  dedupeLife: string
  memoryKeys: number
  /** Of the fingerprints of keys: secret enough that nobody aims at collisions. */
  readonly seed: number
}

/** The state of an open store. */
export class StoreState {
  readonly #db: Database
  #row: StateRow
  #base: BaseEpoch

  private constructor(db: Database, row: StateRow) {
    this.#db = db
    this.#row = row
    this.#base = new BaseEpoch(row.base)
  }

  /** Makes the row of a new store. */
  static create(db: Database): StoreState {
    const state = new StoreState(db, {
      sequence: 0,
      base: newEpoch(),
      life: randomInt(LIFE_LIMIT),
      nextId: 1,
      channels: 0,
      dedupeLife: newEpoch(),
      memoryKeys: 0,
      seed: randomInt(2 ** 32),
    })
    state.save()
    return state
  }

  /** Reads the row; `undefined` when it is missing or damaged. */
  static load(db: Database): StoreState | undefined {
    const row = readRow(db)
    if (row === undefined) return undefined
    const state = new StoreState(db, row)
    state.#readCells()
    return state
  }

  /** Reads everything again, after a transaction that was undone. Throws when that cannot be done. */
  reload(): void {
    const row = readRow(this.#db)
    if (row === undefined) throw new Error('The row about the whole store is damaged.')
    this.#row = row
    this.#base = new BaseEpoch(row.base)
    this.#readCells()
  }

  /** Commits so far. */
  get sequence(): number {
    return this.#row.sequence
  }

  /** Channels written in another life get a new epoch. */
  get life(): number {
    return this.#row.life
  }

  get channels(): number {
    return this.#row.channels
  }

  get seed(): number {
    return this.#row.seed
  }

  /** Which life of the memory of keys this is. */
  get dedupeLife(): string {
    return this.#row.dedupeLife
  }

  get memoryKeys(): boolean {
    return this.#row.memoryKeys === 1
  }

  /** Notes whether keys are remembered in memory only, which the next open must know. */
  set memoryKeys(used: boolean) {
    this.#row.memoryKeys = used ? 1 : 0
  }

  /** The epoch of a channel without a row. */
  baseEpoch(channel: string): string {
    return this.#base.of(channel)
  }

  /** Counts one more channel; answers its id. */
  addChannel(): number {
    this.#row.channels++
    return this.#row.nextId++
  }

  /** Counts one channel less, whose row is forgotten: its next one gets another epoch. */
  removeChannel(channel: string): void {
    this.#row.channels--
    const { cell, renewals } = this.#base.renew(channel)
    this.#db.sql('INSERT OR REPLACE INTO cells VALUES (?, ?)').run(cell, renewals)
  }

  /** Keys were forgotten before their window ended. */
  loseKeys(): void {
    this.#row.dedupeLife = newEpoch()
  }

  /** Some of what was acknowledged may be gone: all epochs become new, and commits count on from the `acknowledged` ones. */
  beginLife(acknowledged: number): void {
    this.#row.sequence = Math.max(this.#row.sequence, acknowledged)
    this.#row.life = randomInt(LIFE_LIMIT)
    this.#row.base = newEpoch()
    this.#row.dedupeLife = newEpoch()
    this.#base = new BaseEpoch(this.#row.base)
    this.#db.sql('DELETE FROM cells').run()
  }

  /** Counts one commit and writes the row; part of every transaction. */
  commit(): void {
    this.#row.sequence++
    this.save()
  }

  save(): void {
    const { sequence, base, life, nextId, channels, dedupeLife, memoryKeys, seed } = this.#row
    this.#db
      .sql('INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(sequence, base, life, nextId, channels, dedupeLife, memoryKeys, seed, sealOf(this.#row))
  }

  #readCells(): void {
    for (const { cell, renewals } of this.#db.sql('SELECT cell, renewals FROM cells').iterate()) {
      this.#base.restore(Number(cell), Number(renewals))
    }
  }
}

function readRow(db: Database): StateRow | undefined {
  const read = db.sql('SELECT * FROM state').get()
  if (read === undefined) return undefined
  const row: StateRow = {
    sequence: Number(read['sequence']),
    base: String(read['base']),
    life: Number(read['life']),
    nextId: Number(read['next_id']),
    channels: Number(read['channels']),
    dedupeLife: String(read['dedupe_life']),
    memoryKeys: Number(read['memory_keys']),
    seed: Number(read['seed']),
  }
  return sealOf(row) === read['seal'] ? row : undefined
}

function sealOf({ sequence, base, life, nextId, channels, dedupeLife, memoryKeys, seed }: StateRow): number {
  return crc32c(0, Buffer.from([sequence, base, life, nextId, channels, dedupeLife, memoryKeys, seed].join(' ')))
}
