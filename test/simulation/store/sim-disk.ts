// The disk of a simulated machine: what was flushed outlives every process, what was not is gone. It also remembers for the
// checker everything that was ever flushed, which no real disk does.

import type { Append, StoredPublication } from '../product.ts'

/** One publication as it lies on the disk. */
export interface DiskRecord {
  readonly channel: string
  readonly epoch: string
  readonly size: number
  readonly ttlMs: number
  readonly entry: Append
  readonly publication: StoredPublication
}

/** What was flushed together. */
export interface DiskBatch {
  readonly at: number
  readonly records: readonly DiskRecord[]
}

/** What happens to the batch that is being written when the process dies. */
export type InterruptedWrite = 'lost' | 'torn' | 'stored'

/** The disk. */
export class SimDisk {
  /** The batches that are there. */
  batches: DiskBatch[] = []
  /** A batch was half written: its checksum says so to whoever opens the disk. */
  torn = false
  /** How many batches were acknowledged: kept beside them, as the high-water mark of the real store is. */
  mark = 0
  /** Whether keys of memory channels were acknowledged, which no restart remembers. */
  memoryKeys = false
  /** Whether that could not be written once: then nobody promises that a key of theirs is stored once over a restart. */
  missedNote = false
  /** Channels whose stored publications fail their checksums. */
  readonly damaged = new Set<string>()
  /** Up to where channels lost their publications, and only those: their offsets go on. */
  readonly floors = new Map<string, number>()
  /** Epochs given to channels whose continuity broke, by channel. */
  readonly renewed = new Map<string, string>()
  /** The epoch of channels without one of their own, and the life of keys. */
  base: string
  life: string
  /** Milliseconds of one flush. */
  flushMs: number
  /** Until then every flush fails. */
  failsUntil = 0
  /** Every record that was ever flushed, in order; for the checker. */
  readonly everStored: DiskRecord[] = []
  /** Those of them that the disk itself lost; for the checker. */
  readonly lostByDisk = new Set<DiskRecord>()
  /** What was ever stored at a position, `channel epoch offset`; and positions that were given twice. */
  readonly byPosition = new Map<string, string>()
  readonly givenTwice: string[] = []
  /** What was repaired, for the counters. */
  readonly repairs = { torn: 0, rotated: 0 }
  #names = 0

  constructor(flushMs: number) {
    this.flushMs = flushMs
    this.base = this.newName('epoch')
    this.life = this.newName('life')
  }

  /** A name that was never used before. */
  newName(kind: string): string {
    return `${kind}${++this.#names}`
  }

  /** A batch is on the disk. */
  store(batch: DiskBatch): void {
    this.batches.push(batch)
    this.mark++
    for (const record of batch.records) {
      const { channel, epoch, publication } = record
      const position = `${channel} ${epoch} ${publication.offset}`
      if (this.byPosition.has(position)) this.givenTwice.push(position)
      this.byPosition.set(position, publication.data)
      this.everStored.push(record)
    }
  }

  /** The disk loses its newest batches: an older copy of it was restored. */
  rollBack(count: number): void {
    for (const { records } of this.batches.splice(Math.max(0, this.batches.length - count))) {
      for (const record of records) this.lostByDisk.add(record)
    }
  }

  /** Whether batches are missing that were acknowledged. */
  get rolledBack(): boolean {
    return this.batches.length < this.mark
  }

  /** From here on what is there counts as all there is. */
  accept(): void {
    this.mark = this.batches.length
  }

  /** Every channel continues under a name that was never used. */
  renewAll(): void {
    this.base = this.newName('epoch')
    this.life = this.newName('life')
    for (const channel of this.#channels()) this.renewed.set(channel, this.newName('epoch'))
    this.repairs.rotated++
  }

  /** One channel continues after `upTo` under a new name, and what it had is not served any more. */
  renew(channel: string, upTo: number): void {
    this.renewed.set(channel, this.newName('epoch'))
    this.floors.set(channel, upTo)
    this.repairs.rotated++
  }

  #channels(): Set<string> {
    return new Set(this.everStored.map(({ channel }) => channel))
  }
}
