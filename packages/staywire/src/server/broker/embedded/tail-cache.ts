// The newest publications of channels on disk, in memory: recoveries after a blip or a restart are answered from here, with the same
// publications for everybody. Only a memory: what it does not have, the store has.

import type { StoredPublication } from '../../../protocol/codec.ts'
import type { Position } from '../../../protocol/position.ts'
import type { Kept } from '../../history/reading.ts'
import { ChannelRows, type ChannelRow } from '../memory/channel-rows.ts'

/** What one recovery may ask for is what the tail of a channel has. */
export const TAIL = { publications: 300, bytes: 1_500_000 } as const

/** Channels that nothing was published to, whose positions are remembered. */
const MOST_UNPUBLISHED = 10_000

/** What a channel keeps on disk. */
export interface DiskHistory {
  readonly size: number
  readonly ttlMs: number
}

/** Tails by channel. */
export class TailCache {
  readonly #rows: ChannelRows
  readonly #unpublished = new Map<string, Position>()

  constructor(limits: { channels: number; totalBytes: number }) {
    this.#rows = new ChannelRows({ ...limits, channelBytes: TAIL.bytes })
  }

  get usage(): { channels: number; publications: number; bytes: number } {
    const { channels, publications, bytes } = this.#rows
    return { channels, publications, bytes }
  }

  /** What is known of a channel; `undefined` = ask the store. */
  find(channel: string, now: number): Kept | undefined {
    const row = this.#rows.find(channel)
    if (row !== undefined) return this.#rows.read(row, now)
    const position = this.#unpublished.get(channel)
    return position === undefined ? undefined : { position, ring: undefined, expired: 0 }
  }

  /** Takes in the newest publications of a channel, as the store has them. */
  load(channel: string, position: Position, publications: readonly StoredPublication[], history: DiskHistory): void {
    this.forget(channel)
    if (position.offset === 0) {
      if (this.#unpublished.size >= MOST_UNPUBLISHED) this.#unpublished.clear()
      this.#unpublished.set(channel, position)
      return
    }
    const row = this.#create(channel, position)
    for (const publication of publications) this.#rows.push(row, publication, tailOf(history))
  }

  /** Takes in a publication that was just stored. Answers whether it follows what was known of the channel. */
  push(channel: string, epoch: string, publication: StoredPublication, history: DiskHistory): boolean {
    const known = this.#rows.find(channel)
    const before = known === undefined ? this.#unpublished.get(channel) : { epoch: known.epoch, offset: known.newest }
    const follows = before === undefined || (before.epoch === epoch && before.offset === publication.offset - 1)
    if (known !== undefined && follows) {
      this.#rows.touch(known)
      this.#rows.push(known, publication, tailOf(history))
      return true
    }
    this.forget(channel)
    const row = this.#create(channel, { epoch, offset: publication.offset - 1 })
    this.#rows.push(row, publication, tailOf(history))
    return follows
  }

  forget(channel: string): void {
    this.#unpublished.delete(channel)
    const row = this.#rows.find(channel)
    if (row !== undefined) this.#rows.remove(row)
  }

  /** Forgets the positions of channels that nothing was published to. */
  forgetUnpublished(): void {
    this.#unpublished.clear()
  }

  /** Forgets everything. */
  clear(): void {
    this.#unpublished.clear()
    this.#rows.clear()
  }

  expire(now: number): void {
    this.#rows.expire(now)
  }

  #create(channel: string, { epoch, offset }: Position): ChannelRow {
    this.#rows.makeRoom()
    return this.#rows.create(channel, epoch, offset)
  }
}

function tailOf({ size, ttlMs }: DiskHistory): DiskHistory {
  return { size: Math.min(size, TAIL.publications), ttlMs }
}
