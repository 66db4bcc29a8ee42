// What a store's process holds in memory, read from the disk when it opens: positions, histories and keys, in the product's own
// structures. It writes nothing.

import {
  ChannelRows,
  keyScope,
  payloadText,
  publicationOf,
  RememberedKeys,
  type Batch,
  type ChannelRow,
  type GroupResult,
  type Kept,
  type Position,
} from '../product.ts'
import type { DiskRecord, SimDisk } from './sim-disk.ts'

const LIMITS = { channels: 1_000, channelBytes: 2 ** 24, totalBytes: 2 ** 28 }

/** The memory of an open store. */
export class StoreMemory {
  readonly #disk: SimDisk
  readonly #rows = new ChannelRows(LIMITS)
  readonly #keys: RememberedKeys
  /** What channels keep. */
  readonly #rules = new Map<string, { readonly size: number; readonly ttlMs: number }>()

  constructor(disk: SimDisk, dedupeWindowMs: number) {
    this.#disk = disk
    this.#keys = new RememberedKeys({ windowMs: dedupeWindowMs, maxBytes: 2 ** 24, life: '' })
    for (const { records } of disk.batches) for (const record of records) this.take(record)
  }

  /** Takes in one publication that is on the disk. */
  take(record: DiskRecord): void {
    const { channel, size, ttlMs, entry, publication } = record
    const epoch = this.#disk.renewed.get(channel) ?? record.epoch
    const row = this.#rows.find(channel) ?? this.#rows.create(channel, epoch, publication.offset - 1)
    this.#rules.set(channel, { size, ttlMs })
    if (publication.offset > (this.#disk.floors.get(channel) ?? 0)) this.#rows.push(row, publication, { size, ttlMs })
    else row.newest = publication.offset
    if (entry.key === undefined) return
    const position = { epoch: record.epoch, offset: publication.offset }
    this.#keys.add({
      scope: keyScope(channel, entry.from, entry.key),
      payload: payloadText(entry),
      position,
      at: publication.at,
    })
  }

  /** Gives a batch its offsets, and what it comes to on the disk. */
  apply({ at, groups }: Batch): { readonly results: readonly GroupResult[]; readonly records: readonly DiskRecord[] } {
    const records: DiskRecord[] = []
    const results = groups.map(({ channel, size, ttlMs, entries }): GroupResult => {
      const duplicates: Position[] = []
      const epoch = this.#rows.find(channel)?.epoch ?? this.#epochOf(channel)
      const offsets = entries.map((entry) => {
        const known =
          entry.key === undefined ? undefined : this.#keys.find(keyScope(channel, entry.from, entry.key), at)
        if (known !== undefined) return known.payload === payloadText(entry) ? -duplicates.push(known.position) : 0
        const offset = (this.#rows.find(channel)?.newest ?? 0) + 1
        const record = { channel, epoch, size, ttlMs, entry, publication: publicationOf(entry, offset, at) }
        records.push(record)
        this.take(record)
        return offset
      })
      return { epoch, offsets, duplicates }
    })
    return { results, records }
  }

  /** What a channel keeps now. */
  read(channel: string, now: number): Kept {
    const row = this.#rows.find(channel)
    if (row !== undefined) return this.#rows.read(row, now)
    return { position: { epoch: this.#epochOf(channel), offset: 0 }, ring: undefined, expired: 0 }
  }

  rulesOf(channel: string): { readonly size: number; readonly ttlMs: number } {
    return this.#rules.get(channel) ?? { size: 0, ttlMs: 0 }
  }

  /** What a channel kept is gone; it goes on under the epoch that the disk has for it now. */
  forget(channel: string): void {
    const row: ChannelRow | undefined = this.#rows.find(channel)
    if (row === undefined) return
    const { newest } = row
    this.#rows.remove(row)
    this.#rows.create(channel, this.#epochOf(channel), newest)
  }

  expire(now: number): void {
    this.#rows.expire(now)
    this.#keys.expire(now, 1_000)
  }

  #epochOf(channel: string): string {
    return this.#disk.renewed.get(channel) ?? this.#disk.base
  }
}
