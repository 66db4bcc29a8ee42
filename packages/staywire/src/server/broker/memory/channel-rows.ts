// What the memory log knows of each channel: where it stands, and what it keeps. Trims a little with every publication, never a lot.

import type { StoredPublication } from '../../../protocol/codec.ts'
import { PublicationRing } from '../../history/publication-ring.ts'
import type { Kept } from '../../history/reading.ts'
import { Recency, type Ranked } from '../../history/recency.ts'
import type { Retention } from '../broker.ts'
import type { MemoryLimits } from './memory-limits.ts'

/** Where a channel stands. Small: an idle channel is this and its entry in a map. */
export interface ChannelRow extends Ranked<ChannelRow> {
  readonly channel: string
  readonly epoch: string
  /** Offset of the newest publication. */
  newest: number
  kept: KeptRing | undefined
}

/** The publications of a channel, while it has any. */
interface KeptRing extends Ranked<KeptRing> {
  readonly row: ChannelRow
  readonly ring: PublicationRing
  size: number
  ttlMs: number
}

/** How many publications one append drops at most for size and age: more than it adds, so that a backlog shrinks. */
const PER_APPEND = 4
/** How many channels and publications one `expire` looks at: a few milliseconds. */
const CHANNELS_PER_SWEEP = 2_000
const DROPS_PER_SWEEP = 20_000

/** The rows of all channels. */
export class ChannelRows {
  readonly #limits: Pick<MemoryLimits, 'channels' | 'channelBytes' | 'totalBytes'>
  readonly #rows = new Map<string, ChannelRow>()
  readonly #byUse = new Recency<ChannelRow>()
  readonly #byPublication = new Recency<KeptRing>()
  #publications = 0
  #bytes = 0

  constructor(limits: Pick<MemoryLimits, 'channels' | 'channelBytes' | 'totalBytes'>) {
    this.#limits = limits
  }

  get channels(): number {
    return this.#rows.size
  }

  get publications(): number {
    return this.#publications
  }

  get bytes(): number {
    return this.#bytes
  }

  find(channel: string): ChannelRow | undefined {
    return this.#rows.get(channel)
  }

  /** Notes that `row` is in use. */
  touch(row: ChannelRow): void {
    this.#byUse.touch(row)
  }

  /** Forgets the row unused for longest when there is no room for one more; answers it. */
  makeRoom(): ChannelRow | undefined {
    const row = this.#byUse.oldest
    if (row === undefined || this.#rows.size < this.#limits.channels) return undefined
    this.remove(row)
    return row
  }

  remove(row: ChannelRow): void {
    if (row.kept !== undefined) this.#dropAll(row.kept)
    this.#byUse.remove(row)
    this.#rows.delete(row.channel)
  }

  /** Removes all of them. */
  clear(): void {
    for (const row of this.#rows.values()) this.remove(row)
  }

  /** Makes the row of a channel that has none, which stands at `newest`. */
  create(channel: string, epoch: string, newest = 0): ChannelRow {
    const row: ChannelRow = { channel, epoch, newest, kept: undefined, older: undefined, newer: undefined }
    this.#rows.set(channel, row)
    this.#byUse.add(row)
    return row
  }

  /** Adds the newest publication of a channel, and drops what is too much now. */
  push(row: ChannelRow, publication: StoredPublication, { size, ttlMs }: NonNullable<Retention['history']>): void {
    row.newest = publication.offset
    const kept = row.kept ?? this.#keep(row)
    kept.size = size
    kept.ttlMs = ttlMs
    this.#byPublication.touch(kept)
    this.#bytes += kept.ring.push(publication)
    this.#publications++
    for (let drops = 0; drops < PER_APPEND; drops++) {
      const tooOld = publication.at - (kept.ring.oldest?.at ?? Infinity) >= ttlMs
      if (kept.ring.count <= size && !tooOld) break
      this.#drop(kept)
    }
    while (kept.ring.bytes > this.#limits.channelBytes) this.#drop(kept)
    while (this.#bytes > this.#limits.totalBytes && this.#byPublication.oldest !== undefined) {
      this.#drop(this.#byPublication.oldest)
    }
  }

  /** What `row` keeps at `now`. */
  read(row: ChannelRow, now: number): Kept {
    this.touch(row)
    const position = { epoch: row.epoch, offset: row.newest }
    if (row.kept === undefined) return { position, ring: undefined, expired: 0 }
    const { ring, size, ttlMs } = row.kept
    return { position, ring, expired: Math.max(ring.count - size, ring.countUpTo(now - ttlMs)) }
  }

  /** Drops expired publications, a bounded piece per call. */
  expire(now: number): void {
    let drops = DROPS_PER_SWEEP
    for (let looks = CHANNELS_PER_SWEEP; looks > 0 && drops > 0; looks--) {
      const kept = this.#byPublication.next()
      if (kept === undefined) {
        if (looks < CHANNELS_PER_SWEEP) return // a whole round, or the rest of one
        continue
      }
      while (drops > 0 && now - (kept.ring.oldest?.at ?? Infinity) >= kept.ttlMs) {
        this.#drop(kept)
        drops--
      }
    }
  }

  #keep(row: ChannelRow): KeptRing {
    const kept: KeptRing = { row, ring: new PublicationRing(), size: 0, ttlMs: 0, older: undefined, newer: undefined }
    row.kept = kept
    this.#byPublication.add(kept)
    return kept
  }

  #drop(kept: KeptRing): void {
    this.#bytes -= kept.ring.drop()
    this.#publications--
    if (kept.ring.count === 0) this.#release(kept)
  }

  #dropAll(kept: KeptRing): void {
    this.#bytes -= kept.ring.bytes
    this.#publications -= kept.ring.count
    this.#release(kept)
  }

  #release(kept: KeptRing): void {
    kept.row.kept = undefined
    this.#byPublication.remove(kept)
  }
}
