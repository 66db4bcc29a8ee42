// Appends that wait for the store, by channel, in the order in which they came. Bounded: its owner refuses more.

import type { Append, Appended } from '../broker.ts'
import type { AppendGroup, Batch } from './store-messages.ts'

/** Called once with the answer to one append. */
type Resolve = (appended: Appended) => void

/** What may wait, and what goes into one batch. */
const LIMITS = { waitingCount: 100_000, waitingBytes: 67_108_864, batchCount: 4_096, batchBytes: 4_194_304 } as const
/** Counted for each append besides its data. */
const OVERHEAD_BYTES = 256

/** The waiting appends to one channel under one retention. */
export class QueuedGroup implements AppendGroup {
  readonly channel: string
  readonly size: number
  readonly ttlMs: number
  readonly entries: Append[] = []
  readonly #resolves: (Resolve | undefined)[] = []

  constructor(channel: string, size: number, ttlMs: number) {
    this.channel = channel
    this.size = size
    this.ttlMs = ttlMs
  }

  add(entry: Append, resolve: Resolve): void {
    this.entries.push(entry)
    this.#resolves.push(resolve)
  }

  /** Answers one append, if nobody did before. */
  answer(index: number, appended: Appended): void {
    this.#resolves[index]?.(appended)
    this.#resolves[index] = undefined
  }

  /** Answers all that are not answered. */
  answerAll(appended: Appended): void {
    for (const index of this.#resolves.keys()) this.answer(index, appended)
  }
}

/** Appends that go to the store together. */
export class QueuedBatch implements Batch {
  at = 0
  readonly #groups = new Map<string, QueuedGroup>()
  #count = 0
  #bytes = 0

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#bytes
  }

  get groups(): readonly QueuedGroup[] {
    return [...this.#groups.values()]
  }

  get isFull(): boolean {
    return this.#count >= LIMITS.batchCount || this.#bytes >= LIMITS.batchBytes
  }

  add(entry: Append, resolve: Resolve): void {
    const { size, ttlMs } = entry.retention.history ?? { size: 0, ttlMs: 0 }
    let group = this.#groups.get(entry.channel)
    if (group === undefined) this.#groups.set(entry.channel, (group = new QueuedGroup(entry.channel, size, ttlMs)))
    group.add(entry, resolve)
    this.#count++
    this.#bytes += bytesOf(entry)
  }

  answerAll(appended: Appended): void {
    for (const group of this.#groups.values()) group.answerAll(appended)
  }
}

/** The queue. */
export class AppendQueue {
  readonly #batches: QueuedBatch[] = []
  #count = 0
  #bytes = 0

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#bytes
  }

  get isFull(): boolean {
    return this.#count >= LIMITS.waitingCount || this.#bytes >= LIMITS.waitingBytes
  }

  add(entry: Append, resolve: Resolve): void {
    let last = this.#batches.at(-1)
    if (last === undefined || last.isFull) this.#batches.push((last = new QueuedBatch()))
    last.add(entry, resolve)
    this.#count++
    this.#bytes += bytesOf(entry)
  }

  /** Takes the oldest batch out, to be stored at `at` (Unix milliseconds). */
  take(at: number): QueuedBatch {
    const batch = this.#batches.shift() ?? new QueuedBatch()
    batch.at = at
    this.#count -= batch.count
    this.#bytes -= batch.bytes
    return batch
  }
}

/** About what an append takes in memory. */
function bytesOf({ data, meta }: Append): number {
  return OVERHEAD_BYTES + data.length + (meta?.length ?? 0)
}
