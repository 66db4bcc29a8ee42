// The link to the store's thread: one packed message per batch, answers in order, a deadline for each. A thread that dies is replaced;
// what it had in hand is answered as not known.

import { Worker } from 'node:worker_threads'
import { StaywireError } from '../../../../protocol/error-code.ts'
import { decodeLine } from '../record-line.ts'
import type { Batch, BatchResult, GroupResult, ReadReply, ReadRequest, StoreEvent } from '../store-messages.ts'
import type { StorePort, WriteAnswer } from '../store-port.ts'
import { packBatch } from './batch-bytes.ts'
import type { StoreOptions } from './store-files.ts'
import type { PackedReply } from './store-reads.ts'
import type { WriteReply } from './store.ts'
import type { FromStore, StoreThreadData, ToStore } from './thread-messages.ts'

/** How long to wait before a thread that died is replaced, in milliseconds. */
const REPLACE_MS = 500
/** How often deadlines are looked at, in milliseconds. */
const LOOK_MS = 250

/** Memory of a batch at first, and what of it is kept for later ones, in bytes. */
const BATCH_BYTES = 65_536
const MOST_SPARE_BYTES = 16_777_216
/** How long a thread that has closed its store may take to end, in milliseconds. */
const END_MS = 1_000

/** Whom a link tells. */
export interface LinkListener {
  /** The end of the turn in which `soon` was called. */
  flush(): void
  heard(event: StoreEvent): void
  /** The thread died and another one has opened the store. */
  replaced(): void
}

/** What is needed to link. */
export interface LinkOptions {
  readonly store: StoreOptions
  readonly deadlineMs: number
  readonly now: () => number
}

interface Waiting {
  readonly since: number
  isLate: boolean
  /** Called with the answer, or without when there will be none. */
  readonly answer: (message: FromStore | undefined) => void
  readonly late: () => void
}

/** A link. Opened once, closed once. */
export class StoreLink implements StorePort {
  readonly #options: LinkOptions
  readonly #listener: LinkListener
  readonly #waiting = new Map<number, Waiting>()
  /** Memory of batches that came back. */
  readonly #spare: ArrayBuffer[] = []
  #worker: Worker | undefined
  #timer: NodeJS.Timeout | undefined
  #storeAvailable = false
  #lateCount = 0
  #lastId = 0
  #flushing = false
  #closing = false
  #dedupeLife = ''

  constructor(options: LinkOptions, listener: LinkListener) {
    this.#options = options
    this.#listener = listener
  }

  get available(): boolean {
    return this.#storeAvailable && this.#lateCount === 0
  }

  /** Which life of the memory of keys on disk this is. */
  get dedupeLife(): string {
    return this.#dedupeLife
  }

  /** Starts the thread and opens the store. Rejects with `storage-unavailable` when it cannot be used. */
  async open(): Promise<void> {
    await this.#start()
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
    this.#timer.unref()
  }

  soon(): void {
    if (this.#flushing) return
    this.#flushing = true
    setImmediate(() => {
      this.#flushing = false
      this.#listener.flush()
    })
  }

  write(batch: Batch, { done, late }: WriteAnswer): void {
    if (this.#worker === undefined) return done({ code: 'storage-unavailable', message: 'The store stopped.' })
    const { buffer, length } = packBatch(batch, this.#spare.pop() ?? new ArrayBuffer(BATCH_BYTES))
    const answer = (message: FromStore | undefined) => {
      if (message?.type !== 'written') {
        done({ code: 'timeout', message: 'The store stopped; the publication may be stored.' })
        return
      }
      if (message.memory.byteLength <= MOST_SPARE_BYTES) this.#spare.push(message.memory)
      done(resultOf(batch, message.reply))
    }
    const id = this.#expect(answer, late)
    this.#post({ type: 'write', id, memory: buffer, length }, [buffer])
  }

  read(request: ReadRequest, answer: (reply: ReadReply | undefined) => void): void {
    if (this.#worker === undefined) return answer(undefined)
    let answered = false
    const once = (reply: ReadReply | undefined) => {
      if (!answered) answer(reply)
      answered = true
    }
    const id = this.#expect(
      (message) =>
        once(message?.type === 'read' && message.reply !== undefined ? unpackReply(message.reply) : undefined),
      () => once(undefined),
    )
    this.#post({ type: 'read', id, request })
  }

  /** Tells the store the time, by which it lets go of what expired. */
  tend(now: number): void {
    this.#post({ type: 'tend', now })
  }

  /** Has the store note that keys are remembered in memory only. Resolves to whether that is known to be on disk. */
  noteMemoryKeys(): Promise<boolean> {
    if (this.#closing || !this.available) return Promise.resolve(false)
    return new Promise((resolve) => {
      const id = this.#expect(
        (message) => resolve(message?.type === 'noted' && message.noted),
        () => resolve(false),
      )
      this.#post({ type: 'memory-keys', id })
    })
  }

  /** Closes the store and ends the thread, by force when it does not answer in time. */
  async close(): Promise<void> {
    this.#closing = true
    const worker = this.#worker
    if (worker === undefined) return
    await new Promise<void>((resolve) => {
      const id = this.#expect(() => resolve(), resolve)
      this.#post({ type: 'close', id })
    })
    clearInterval(this.#timer)
    const timer = setTimeout(() => void worker.terminate(), END_MS)
    if (this.#worker !== undefined) await new Promise((resolve) => worker.once('exit', resolve))
    clearTimeout(timer)
  }

  #start(): Promise<void> {
    const data: StoreThreadData = { options: this.#options.store, now: this.#options.now() }
    // Beside this file lies the thread's, compiled or not as this one is.
    const file = new URL(`./store-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
    // node:sqlite warns that it is experimental on Node 22.
    const worker = new Worker(file, {
      workerData: data,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      name: 'staywire-store',
    })
    this.#worker = worker
    worker.unref()
    return new Promise((resolve, reject) => {
      const fail = (message: string, fix?: string) =>
        reject(new StaywireError('storage-unavailable', message, fix === undefined ? {} : { fix }))
      worker.on('message', (message: FromStore) => {
        if (message.type === 'open') {
          this.#storeAvailable = true
          this.#dedupeLife = message.dedupeLife
          resolve()
        } else if (message.type === 'failed') fail(message.message, message.fix)
        else this.#receive(message)
      })
      worker.on('error', (error) => fail(error.message))
      worker.on('exit', () => {
        fail('The thread of the store ended.')
        if (this.#worker === worker) this.#died()
      })
    })
  }

  #receive(message: Exclude<FromStore, { type: 'open' | 'failed' }>): void {
    if ('dedupeLife' in message) this.#dedupeLife = message.dedupeLife
    if (message.type === 'event') {
      if (message.event.type === 'availability') this.#storeAvailable = message.event.available
      this.#listener.heard(message.event)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#forget(message.id)
    waiting?.answer(message)
  }

  #expect(answer: Waiting['answer'], late: () => void): number {
    const id = ++this.#lastId
    this.#waiting.set(id, { since: performance.now(), isLate: false, answer, late })
    return id
  }

  #post(message: ToStore, transfer: ArrayBuffer[] = []): void {
    this.#worker?.postMessage(message, transfer)
    if ('id' in message && this.#worker !== undefined) this.#worker.ref() // until it answers the process stays
  }

  #forget(id: number): void {
    if (this.#waiting.get(id)?.isLate === true) this.#lateCount--
    this.#waiting.delete(id)
    if (this.#waiting.size === 0) this.#worker?.unref()
  }

  #look(): void {
    const before = performance.now() - this.#options.deadlineMs
    for (const waiting of this.#waiting.values()) {
      if (waiting.since > before) break
      if (waiting.isLate) continue
      waiting.isLate = true
      this.#lateCount++
      waiting.late()
    }
  }

  /** The thread ended by itself. */
  #died(): void {
    this.#worker = undefined
    this.#storeAvailable = false
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#lateCount = 0
    for (const { answer } of waiting) answer(undefined)
    if (this.#closing || this.#timer === undefined) return
    this.#listener.heard({ type: 'availability', available: false, why: 'the thread of the store ended' })
    setTimeout(() => this.#replace(), REPLACE_MS).unref()
  }

  #replace(): void {
    if (this.#closing) return
    this.#start().then(
      () => this.#listener.replaced(),
      () => undefined, // its exit calls again
    )
  }
}

function resultOf(batch: Batch, reply: WriteReply): BatchResult {
  if ('refused' in reply) return { code: 'storage-unavailable', message: reply.refused, retryAfterMs: 1_000 }
  let start = 0
  const groups = batch.groups.map(({ entries }, index): GroupResult => {
    const offsets = reply.offsets.subarray(start, (start += entries.length))
    return { epoch: reply.epochs[index] ?? '', offsets, duplicates: reply.duplicates }
  })
  return { groups }
}

function unpackReply({ position, gap, first, lines, size, ttlMs }: PackedReply): ReadReply {
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.length)
  const publications = []
  for (let start = 0, offset = first; start < bytes.length; offset++) {
    const end = bytes.indexOf(10, start) + 1
    publications.push(decodeLine(bytes.toString('utf8', start, end), offset))
    start = end
  }
  return { position, publications, size, ttlMs, ...(gap === undefined ? undefined : { gap }) }
}
