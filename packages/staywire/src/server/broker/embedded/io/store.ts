// The store itself, in its own thread: one file, one writer, every call done when it returns. It acknowledges nothing that is not on disk,
// serves nothing whose checksum is wrong, and after a failed write starts over from what the disk says.

import { join } from 'node:path'
import { StaywireError } from '../../../../protocol/error-code.ts'
import type { ReadRequest, StoreEvent } from '../store-messages.ts'
import { appendBatch, type BatchReply, type Before } from './append-batch.ts'
import { SQLITE, sqliteCode } from './database.ts'
import { salvage } from './salvage.ts'
import { isBroken, openFiles, removeDatabase, setAside, type StoreFiles, type StoreOptions } from './store-files.ts'
import { readStored, type PackedReply } from './store-reads.ts'
import { Sweeper } from './sweeper.ts'

/** What became of a batch. */
export type WriteReply = BatchReply | { readonly refused: string }

/** How long a store that failed waits before it tries again, in milliseconds: at first, and at most. */
const RETRY_MS = { first: 250, most: 5_000 } as const
/** How often the store sweeps, and how long one sweep works: in between, and after a commit while the file is nearly full. */
const SWEEP_MS = { every: 1_000, between: 10, pressed: 5 } as const

interface Open {
  readonly files: StoreFiles
  readonly sweeper: Sweeper
}

/** An open store, or one that failed and opens again by itself. */
export class Store {
  readonly #options: StoreOptions
  readonly #report: (event: StoreEvent) => void
  readonly #clock: () => number
  #open: Open | undefined
  #available = false
  #sweepAt = 0
  #retry: { waitMs: number; at: number } = { waitMs: RETRY_MS.first, at: 0 }
  /** Why the file cannot be used any more. */
  #broken: unknown
  /** What it is called now, until a new one is there. */
  #aside: string | undefined
  /** What a batch changed whose commit failed: to be taken back if it is on disk after all. */
  #undo: { sequence: number; before: readonly Before[] } | undefined
  /** Refusals that wait until that is done. */
  #unsettled: (() => void)[] = []
  /** Told when the transaction that they belong to is on disk. */
  #events: StoreEvent[] = []

  /** `clock`: milliseconds from anywhere, only ever going forwards. */
  constructor(options: StoreOptions, clock: () => number, report: (event: StoreEvent) => void) {
    this.#options = options
    this.#clock = clock
    this.#report = report
  }

  /** Which life of the memory of keys this is. */
  get dedupeLife(): string {
    return this.#open?.files.state.dedupeLife ?? ''
  }

  /** Opens the files. Throws when they cannot be used. */
  open(now: number): void {
    try {
      this.#openFiles(now)
    } catch (error) {
      if (!isBroken(error)) throw error
      this.#broken = error
      this.#openFiles(now)
    }
    this.#setAvailable(true, 'the store is open')
  }

  /**
   * Stores a batch: all of it, or none. When the disk failed on the way the answer waits until the store is open again and the batch is
   * surely not in it: `refused` means that nothing was stored.
   */
  write(bytes: Buffer, answer: (reply: WriteReply) => void): void {
    if (this.#open === undefined || !this.#available) {
      answer({ refused: 'The store is not available.' })
    } else if (this.#options.whenFull === 'refuse' && this.#open.sweeper.pressed) {
      answer({ refused: `The store is as large as it may be, ${this.#options.maxBytes} bytes.` })
    } else this.#write(this.#open, bytes, answer)
  }

  /** Reads. Throws `storage-unavailable` when that cannot be done. */
  read(request: ReadRequest): PackedReply {
    try {
      if (this.#open === undefined) throw new Error('The store is not available.')
      const reply = readStored(this.#open.files, request)
      this.#tellEvents()
      return reply
    } catch (error) {
      if (this.#open !== undefined) this.#fail(error)
      throw new StaywireError('storage-unavailable', refusalOf(error), { cause: error })
    }
  }

  /** Notes that keys are now remembered in memory only, so that the next open begins a new life of keys. Answers whether it is noted. */
  useMemoryKeys(): boolean {
    const files = this.#open?.files
    if (files === undefined) return false
    try {
      files.db.transact(() => {
        files.state.memoryKeys = true
        files.state.save()
      })
      return true
    } catch (error) {
      this.#fail(error)
      return false
    }
  }

  /** Deletes what is kept no longer; after a failure, tries again when it is time to. */
  tend(now: number): void {
    if (!this.#available && this.#clock() < this.#retry.at) return
    try {
      if (this.#open === undefined) this.#openFiles(now)
      const { files, sweeper } = this.#opened()
      if (!this.#available) files.db.transact(() => files.state.save())
      if (this.#clock() >= this.#sweepAt) {
        this.#sweepAt = this.#clock() + SWEEP_MS.every
        sweeper.sweep(now, SWEEP_MS.between, this.#clock)
        files.mark.flush()
      }
      this.#tellEvents()
      this.#setAvailable(true, 'writing works again')
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Puts everything into the one file and lets go of it. */
  close(): void {
    const open = this.#open
    this.#open = undefined
    this.#available = false
    this.#retry.at = Infinity
    if (open === undefined) return
    try {
      open.files.db.checkpoint()
      open.files.mark.flush()
    } finally {
      letGo(open.files)
    }
  }

  #write({ files, sweeper }: Open, bytes: Buffer, answer: (reply: WriteReply) => void): void {
    const before: Before[] = []
    let reply: BatchReply
    try {
      reply = files.db.transact(() => appendBatch(files, sweeper, bytes, before))
    } catch (error) {
      this.#fail(error, before)
      const refuse = () => answer({ refused: refusalOf(error) })
      if (this.#undo === undefined) refuse()
      else this.#unsettled.push(refuse)
      return
    }
    this.#retry.waitMs = RETRY_MS.first
    this.#tellEvents()
    try {
      files.mark.write(files.state.sequence)
      sweeper.measure()
      if (sweeper.pressed) sweeper.sweep(reply.at, SWEEP_MS.pressed, this.#clock)
    } catch (error) {
      this.#fail(error) // what is committed stays committed
    }
    answer(reply)
  }

  #opened(): Open {
    if (this.#open === undefined) throw new Error('The store is not open.')
    return this.#open
  }

  #openFiles(now: number): void {
    if (this.#aside !== undefined) removeDatabase(this.#options.directory) // begun, and not finished
    else if (this.#broken !== undefined) this.#aside = setAside(this.#options.directory)
    const files = openFiles(this.#options, now, (event) => this.#events.push(event))
    try {
      if (this.#aside !== undefined) {
        const salvaged = salvage(join(this.#options.directory, this.#aside), files)
        this.#events.push({ type: 'set-aside', file: this.#aside, ...salvaged, why: refusalOf(this.#broken) })
        this.#broken = undefined
        this.#aside = undefined
      }
      // After a failed flush nobody knows which part of the log is on disk: all of it is written again, into the database.
      if (this.#undo !== undefined && !files.db.checkpoint())
        throw new Error('Another process is reading the database.')
      this.#takeBack(files)
      this.#open = { files, sweeper: new Sweeper(files, this.#options.maxBytes) }
    } catch (error) {
      letGo(files)
      throw error
    }
    this.#tellEvents()
  }

  /** Undoes the batch whose commit failed, if it is there: its publications were refused. */
  #takeBack({ db, state, channels }: StoreFiles): void {
    const undo = this.#undo
    if (undo !== undefined && state.sequence > undo.sequence) {
      db.transact(() => {
        for (const { name, row } of undo.before) channels.putBack(name, row)
        db.sql('DELETE FROM keys WHERE seq > ?').run(undo.sequence)
        state.save()
      })
    }
    this.#undo = undefined
    for (const refuse of this.#unsettled) refuse()
    this.#unsettled = []
  }

  /** Nothing of the last transaction counts. Where it only did not fit, the store goes on reading; else the files are opened again. */
  #fail(error: unknown, before: readonly Before[] = []): void {
    this.#events = []
    this.#setAvailable(false, refusalOf(error))
    this.#retry = { waitMs: Math.min(this.#retry.waitMs * 2, RETRY_MS.most), at: this.#clock() + this.#retry.waitMs }
    const files = this.#open?.files
    if (files === undefined) return
    if (isBroken(error)) this.#broken = error
    else if (isPassing(error)) {
      try {
        files.keys.forgetPending()
        files.channels.clearCache()
        files.state.reload()
        return
      } catch {
        // Not even reading works.
      }
    }
    this.#undo = { sequence: files.mark.written, before }
    this.#open = undefined
    letGo(files)
  }

  #setAvailable(available: boolean, why: string): void {
    if (this.#available === available) return
    this.#available = available
    this.#report({ type: 'availability', available, why })
  }

  #tellEvents(): void {
    const events = this.#events
    this.#events = []
    for (const event of events) this.#report(event)
  }
}

/** Errors after which SQLite has undone everything and the file is as good as before. */
function isPassing(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === SQLITE.full || code === SQLITE.busy || code === SQLITE.locked
}

function letGo(files: StoreFiles): void {
  try {
    files.mark.close()
  } finally {
    files.db.close()
  }
}

/** Why something was refused, in one line. */
function refusalOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
