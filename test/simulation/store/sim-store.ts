// The store of a simulated process: does one thing after another in virtual time, and answers when it is on the disk. The log in
// front of it is the product's own.

import {
  readPage,
  readRecovery,
  StaywireError,
  type Batch,
  type BatchResult,
  type Cancel,
  type ReadReply,
  type ReadRequest,
  type StoreEvent,
  type StorePort,
  type VirtualTime,
  type WriteAnswer,
} from '../product.ts'
import type { InterruptedWrite, SimDisk } from './sim-disk.ts'
import { StoreMemory } from './store-memory.ts'

/** Whom a store tells. */
export interface StoreListener {
  flush(): void
  heard(event: StoreEvent): void
}

/** Something to do. */
interface Job {
  readonly takesMs: () => number
  readonly done: () => void
  /** The process died while this was under way. */
  readonly interrupted?: (write: InterruptedWrite) => void
  readonly late?: () => void
  isLate?: boolean
  /** Calls the deadline off. */
  deadline?: Cancel
}

/** As the real store's link. */
const DEADLINE_MS = 4_000
const READ_MS = 1
/** How long a store that failed waits before it tries again. */
const RETRY_MS = 250

/** A store. */
export class SimStore implements StorePort {
  readonly time: VirtualTime
  readonly disk: SimDisk
  readonly listener: StoreListener
  readonly #dedupeWindowMs: number
  readonly #jobs: Job[] = []
  #memory: StoreMemory | undefined
  #cancel: Cancel | undefined
  #flushing = false
  #failing = false
  #retryAt = 0
  #late = 0
  #ended = false

  constructor(time: VirtualTime, disk: SimDisk, dedupeWindowMs: number, listener: StoreListener) {
    this.time = time
    this.disk = disk
    this.listener = listener
    this.#dedupeWindowMs = dedupeWindowMs
  }

  get available(): boolean {
    return !this.#failing && this.#late === 0
  }

  get dedupeLife(): string {
    return this.disk.life
  }

  /** Jobs that are not done. */
  get waiting(): number {
    return this.#jobs.length
  }

  get memory(): StoreMemory {
    if (this.#memory === undefined) throw new StaywireError('storage-unavailable', 'The store is not open.')
    return this.#memory
  }

  /** Reads the disk, and repairs what it finds. */
  open(): void {
    this.repair()
    this.#memory = new StoreMemory(this.disk, this.#dedupeWindowMs)
  }

  /** A torn tail was never acknowledged: it is dropped. What was acknowledged and is missing renews every epoch. */
  repair(): void {
    const { disk } = this
    if (disk.torn) {
      disk.torn = false
      disk.repairs.torn++
    }
    if (disk.rolledBack) disk.renewAll()
    disk.accept()
    if (disk.memoryKeys) disk.life = disk.newName('life')
    disk.memoryKeys = false
  }

  soon(): void {
    if (this.#flushing) return
    this.#flushing = true
    this.time.schedule(this.time.now, () => {
      this.#flushing = false
      if (!this.#ended) this.listener.flush()
    })
  }

  write(batch: Batch, { done, late }: WriteAnswer): void {
    this.enqueue({
      takesMs: () => (this.#failing ? 0 : this.disk.flushMs),
      late,
      done: () => done(this.#stored(batch)),
      interrupted: (write) => {
        if (write === 'stored') this.persist(batch)
        if (write === 'torn') this.disk.torn = true
      },
    })
  }

  read(request: ReadRequest, answer: (reply: ReadReply | undefined) => void): void {
    let answered = false
    const once = (reply: ReadReply | undefined): void => {
      if (!answered) answer(reply)
      answered = true
    }
    this.enqueue({
      takesMs: () => READ_MS,
      late: () => once(undefined),
      done: () => once(this.#failing ? undefined : this.#look(request)),
    })
  }

  /** Notes that a restart will not know all keys, if that can be written. */
  noteMemoryKeys(): Promise<boolean> {
    return new Promise((resolve) => {
      const miss = (): void => {
        this.disk.missedNote = true
        resolve(false)
      }
      if (this.#ended || !this.available) return miss()
      this.enqueue({
        takesMs: () => this.disk.flushMs,
        late: miss,
        done: () => {
          if (this.#failing || this.time.now < this.disk.failsUntil) return miss()
          this.disk.memoryKeys = true
          resolve(true)
        },
      })
    })
  }

  tend(now: number): void {
    if (this.#ended) return
    this.#memory?.expire(now)
    if (this.#failing && now >= Math.max(this.disk.failsUntil, this.#retryAt)) this.#setFailing(false)
  }

  /** The process dies now. What was being written may or may not be on the disk. */
  crash(write: InterruptedWrite): void {
    const [job] = this.#jobs
    this.#end()
    job?.interrupted?.(write)
  }

  /** Does what is in hand, and ends. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#end()
        resolve()
      }
      this.enqueue({ takesMs: () => 0, done })
    })
  }

  /** Puts a batch on the disk. */
  persist(batch: Batch): BatchResult {
    const { results, records } = this.memory.apply(batch)
    if (records.length > 0) this.disk.store({ at: batch.at, records })
    return { groups: results }
  }

  /** Adds something to do after everything else. */
  enqueue(job: Job): void {
    if (this.#ended) return
    this.#jobs.push(job)
    job.deadline = this.time.schedule(this.time.now + DEADLINE_MS, () => {
      job.isLate = true
      this.#late++
      job.late?.()
    })
    if (this.#jobs.length === 1) this.#work()
  }

  #end(): void {
    this.#ended = true
    this.#cancel?.()
    for (const { deadline } of this.#jobs) deadline?.()
    this.#jobs.length = 0
  }

  #work(): void {
    const [job] = this.#jobs
    if (job === undefined) return
    this.#cancel = this.time.schedule(this.time.now + job.takesMs(), () => {
      this.#jobs.shift()
      job.deadline?.()
      if (job.isLate === true) this.#late--
      job.done()
      this.#work()
    })
  }

  #stored(batch: Batch): BatchResult {
    if (this.#failing || this.time.now < this.disk.failsUntil) {
      this.#setFailing(true)
      return { code: 'storage-unavailable', message: 'The disk cannot be written.', retryAfterMs: 1_000 }
    }
    return this.persist(batch)
  }

  #setFailing(failing: boolean): void {
    if (failing === this.#failing) return
    this.#failing = failing
    this.#retryAt = this.time.now + RETRY_MS
    this.listener.heard({ type: 'availability', available: !failing, why: 'the disk' })
  }

  #look(request: ReadRequest): ReadReply {
    const { channel } = request
    const now = 'now' in request ? request.now : this.time.now
    if (request.type !== 'position' && this.disk.damaged.delete(channel)) this.#isDamaged(channel)
    const kept = this.memory.read(channel, now)
    const { position } = kept
    const reply = { position, publications: [], ...this.memory.rulesOf(channel) }
    if (request.type === 'position') return reply
    if (request.type === 'page') return { ...reply, publications: readPage(kept, request).publications }
    if (request.type === 'tail') {
      return { ...reply, publications: readPage(kept, { limit: request.caps.publications }).publications }
    }
    const recovery = readRecovery(kept, request.from, request.caps)
    if (recovery.outcome === 'gap') return { ...reply, gap: recovery.why }
    return { ...reply, publications: recovery.publications }
  }

  #isDamaged(channel: string): void {
    const upTo = this.memory.read(channel, this.time.now).position.offset
    if (upTo === 0) return
    this.disk.renew(channel, upTo)
    this.memory.forget(channel)
    this.listener.heard({ type: 'damaged', channel, upTo, why: 'a checksum is wrong' })
  }
}
