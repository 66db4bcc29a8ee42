// How the log of a store reaches the store: what it may ask, and in which order it is answered. The other side is in io/.

import type { Batch, BatchResult, ReadReply, ReadRequest } from './store-messages.ts'

/** Whom the store answers about a batch. */
export interface WriteAnswer {
  readonly done: (result: BatchResult) => void
  readonly late: () => void
}

/** The way to a store. Answers come later, in the order in which the store did the work: writes and reads in one line. */
export interface StorePort {
  /** Whether publications can be stored now. */
  readonly available: boolean
  /** Asks for a call of `DiskLog.flush` at the end of this turn. */
  soon(): void
  /** Stores a batch. `late` is called once if the answer takes too long; the answer still comes when there is one. */
  write(batch: Batch, answer: WriteAnswer): void
  /** Reads; `undefined` when the store cannot. */
  read(request: ReadRequest, answer: (reply: ReadReply | undefined) => void): void
}
