// The log of an embedded store, in the server's thread: gathers the appends of a turn into batches, tells what was stored only once it is
// on disk, and answers from memory what it can. It decides nothing about offsets: the store does.

import { ERRORS, StaywireError, type ErrorCode } from '../../../protocol/error-code.ts'
import type { Position } from '../../../protocol/position.ts'
import { publicationBytes } from '../../history/publication-bytes.ts'
import { cutToPage, readPage, readRecovery, type PageRequest } from '../../history/reading.ts'
import type { Append, Appended, HistoryPage, Recovery, RecoveryCaps } from '../broker.ts'
import type { Deliveries } from '../deliveries.ts'
import { publicationOf } from '../publication.ts'
import { AppendQueue, type QueuedBatch, type QueuedGroup } from './append-queue.ts'
import { inOneLine } from './record-line.ts'
import type { BatchResult, GroupResult, ReadReply, ReadRequest, StoreEvent } from './store-messages.ts'
import type { StorePort } from './store-port.ts'
import { TAIL, type TailCache } from './tail-cache.ts'

/** Batches that are with the store at once: while one is flushed the next is made ready. */
const IN_FLIGHT = 2
/** Reads that are with the store at once, so that appends are not held up by many of them. */
const READS = 16
/** How long a client waits before it tries again what the store could not take. */
const RETRY_AFTER_MS = 1_000

/** What a disk log works with. */
export interface DiskLogParts {
  readonly port: StorePort
  readonly tails: TailCache
  readonly deliveries: Deliveries
  readonly now: () => number
}

interface WaitingRead {
  readonly request: ReadRequest
  readonly answer: (reply: ReadReply | undefined) => void
}

/** Publications on disk. */
export class DiskLog {
  readonly #port: StorePort
  readonly #tails: TailCache
  readonly #deliveries: Deliveries
  readonly #now: () => number
  readonly #queue = new AppendQueue()
  readonly #inFlight = new Set<QueuedBatch>()
  readonly #loading = new Map<string, Promise<void>>()
  readonly #waitingReads: WaitingRead[] = []
  #reads = 0
  #closed = false
  #idle: (() => void) | undefined

  constructor({ port, tails, deliveries, now }: DiskLogParts) {
    this.#port = port
    this.#tails = tails
    this.#deliveries = deliveries
    this.#now = now
  }

  /** Appends that are not answered yet, and their bytes. */
  get waiting(): { count: number; bytes: number } {
    const batches = [...this.#inFlight]
    return {
      count: this.#queue.count + batches.reduce((count, batch) => count + batch.count, 0),
      bytes: this.#queue.bytes + batches.reduce((bytes, batch) => bytes + batch.bytes, 0),
    }
  }

  append(entry: Append): Promise<Appended> {
    if (this.#closed) return Promise.resolve({ stored: false, code: 'closed', message: ERRORS.closed.meaning })
    if (!this.#port.available) return Promise.resolve(refusal('storage-unavailable', 'The store is not available.'))
    if (this.#queue.isFull)
      return Promise.resolve(
        refusal('storage-unavailable', 'As many publications as may wait for the disk are waiting.'),
      )
    if (this.#queue.count === 0) this.#port.soon()
    return new Promise((resolve) => this.#queue.add(inOneLine(entry), resolve))
  }

  /** Hands what has gathered to the store, unless it still has enough to do. */
  flush(): void {
    while (this.#queue.count > 0 && this.#inFlight.size < IN_FLIGHT) {
      const batch = this.#queue.take(Math.trunc(this.#now()))
      this.#inFlight.add(batch)
      this.#port.write(batch, {
        done: (result) => this.#written(batch, result),
        late: () =>
          batch.answerAll(refusal('timeout', 'The disk did not answer in time; the publication may still be stored.')),
      })
    }
  }

  async position(channel: string): Promise<Position> {
    this.#mustBeOpen()
    const known = this.#tails.find(channel, this.#now())
    if (known !== undefined) return known.position
    const first = (reply: ReadReply) => this.#tails.load(channel, reply.position, [], reply)
    const { position } = await this.#read({ type: 'position', channel }, first)
    return position
  }

  async recover(channel: string, from: Position, caps: RecoveryCaps): Promise<Recovery> {
    this.#mustBeOpen()
    const known = this.#fromTail(channel, from, caps)
    if (known !== undefined) return known
    await this.#load(channel)
    const loaded = this.#fromTail(channel, from, caps)
    if (loaded !== undefined) return loaded
    const { position, gap, publications } = await this.#read({ type: 'recover', channel, from, caps, now: this.#now() })
    if (gap !== undefined) return { outcome: 'gap', why: gap, position }
    const bytes = publications.reduce((sum, publication) => sum + publicationBytes(publication), 0)
    if (bytes > caps.bytes) return { outcome: 'gap', why: 'too-many', position }
    return { outcome: 'recovered', publications, position }
  }

  async history(channel: string, page: PageRequest): Promise<HistoryPage> {
    this.#mustBeOpen()
    const known = this.#tails.find(channel, this.#now())
    if (known !== undefined) {
      const found = readPage(known, page)
      const { length } = found.publications
      if (known.position.offset === 0 || length === page.limit) return found
      if (page.after !== undefined && page.after >= known.position.offset - (known.ring?.count ?? 0)) return found
    }
    const { position, publications } = await this.#read({ type: 'page', channel, ...page, now: this.#now() })
    return { publications: cutToPage(publications, page), position }
  }

  /** The store says something about itself. */
  heard(event: StoreEvent): void {
    if (event.type === 'forgotten' || event.type === 'damaged') {
      this.#tails.forget(event.channel)
      this.#tails.forgetUnpublished()
      this.#deliveries.discontinued(event.channel)
    } else if (event.type === 'rolled-back' || event.type === 'set-aside') this.discontinued()
  }

  /** Nothing that was known of any channel can be relied on. */
  discontinued(): void {
    this.#tails.clear()
    this.#deliveries.discontinued(undefined)
  }

  /** Refuses new appends; resolves when those in hand are answered. */
  close(): Promise<void> {
    this.#closed = true
    this.flush()
    if (this.waiting.count === 0) return Promise.resolve()
    return new Promise((resolve) => (this.#idle = resolve))
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new StaywireError('closed', ERRORS.closed.meaning)
  }

  #fromTail(channel: string, from: Position, caps: RecoveryCaps): Recovery | undefined {
    const kept = this.#tails.find(channel, this.#now())
    if (kept === undefined) return undefined
    const recovery = readRecovery(kept, from, caps)
    return recovery.outcome === 'gap' && recovery.why === 'trimmed' ? undefined : recovery // the store may have more
  }

  /** Brings the tail of a channel into memory, once for all who ask meanwhile. */
  #load(channel: string): Promise<void> {
    let loading = this.#loading.get(channel)
    if (loading === undefined) {
      loading = this.#loadNow(channel).finally(() => this.#loading.delete(channel))
      this.#loading.set(channel, loading)
    }
    return loading
  }

  async #loadNow(channel: string): Promise<void> {
    const caps = { publications: TAIL.publications, bytes: TAIL.bytes }
    await this.#read({ type: 'tail', channel, caps, now: this.#now() }, (reply) => {
      this.#tails.load(channel, reply.position, reply.publications, reply)
    })
  }

  /** Asks the store. `first` is called in the turn of the answer, before anything later is heard of the store. */
  #read(request: ReadRequest, first?: (reply: ReadReply) => void): Promise<ReadReply> {
    return new Promise((resolve, reject) => {
      const answer = (reply: ReadReply | undefined) => {
        if (reply === undefined) {
          reject(
            new StaywireError('storage-unavailable', 'The store cannot be read now.', { retryAfterMs: RETRY_AFTER_MS }),
          )
        } else {
          first?.(reply)
          resolve(reply)
        }
      }
      this.#waitingReads.push({ request, answer })
      this.#nextRead()
    })
  }

  #nextRead(): void {
    while (this.#reads < READS) {
      const next = this.#waitingReads.shift()
      if (next === undefined) return
      this.#reads++
      this.#port.read(next.request, (reply) => {
        this.#reads--
        next.answer(reply)
        this.#nextRead()
      })
    }
  }

  #written(batch: QueuedBatch, result: BatchResult): void {
    this.#inFlight.delete(batch)
    if ('groups' in result) {
      for (const [index, group] of batch.groups.entries()) this.#tell(batch, group, result.groups[index] as GroupResult)
    } else this.#refuse(batch, { stored: false, ...result })
    this.flush()
    if (this.waiting.count === 0) this.#idle?.()
  }

  /** What waits was to follow: stored now it would come before what is refused here and sent again. */
  #refuse(batch: QueuedBatch, refused: Appended): void {
    batch.answerAll(refused)
    const followed = refusal('storage-unavailable', 'The store could not take what was to be stored before it.')
    while (this.#queue.count > 0) this.#queue.take(0).answerAll(followed)
  }

  #tell({ at }: QueuedBatch, group: QueuedGroup, { epoch, offsets, duplicates }: GroupResult): void {
    for (const [index, entry] of group.entries.entries()) {
      const offset = offsets[index] as number
      if (offset > 0) this.#deliver(group, epoch, entry, offset, at)
      group.answer(index, answerOf(entry, epoch, offset, duplicates))
    }
  }

  #deliver(group: QueuedGroup, epoch: string, entry: Append, offset: number, at: number): void {
    const publication = publicationOf(entry, offset, at)
    if (!this.#tails.push(group.channel, epoch, publication, group)) this.#deliveries.discontinued(group.channel)
    this.#deliveries.deliver(group.channel, publication)
  }
}

function answerOf(entry: Append, epoch: string, offset: number, duplicates: readonly Position[]): Appended {
  if (offset > 0) return { stored: true, position: { epoch, offset }, duplicate: false }
  const position = duplicates[-offset - 1]
  if (position !== undefined) return { stored: true, position, duplicate: true }
  const message = `The key ${JSON.stringify(entry.key)} was used before in ${entry.channel} with another payload.`
  return { stored: false, code: 'idempotency-conflict', message }
}

function refusal(code: ErrorCode, message: string): Appended {
  return { stored: false, code, message, retryAfterMs: RETRY_AFTER_MS }
}
