// What travels between the server's thread and that of the store.

import type { StoreEvent, ReadRequest } from '../store-messages.ts'
import type { StoreOptions } from './store-files.ts'
import type { PackedReply } from './store-reads.ts'
import type { WriteReply } from './store.ts'

/** What the store's thread is started with. */
export interface StoreThreadData {
  readonly options: StoreOptions
  /** Unix time in milliseconds, for what expired before the start. */
  readonly now: number
}

/** What the store is told. Each message with an `id` is answered by one with the same. */
export type ToStore =
  | { readonly type: 'write'; readonly id: number; readonly memory: ArrayBuffer; readonly length: number }
  | { readonly type: 'read'; readonly id: number; readonly request: ReadRequest }
  | { readonly type: 'tend'; readonly now: number }
  | { readonly type: 'memory-keys'; readonly id: number }
  | { readonly type: 'close'; readonly id: number }

/** What the store says. */
export type FromStore =
  | { readonly type: 'open'; readonly dedupeLife: string }
  | { readonly type: 'failed'; readonly message: string; readonly fix?: string }
  | { readonly type: 'event'; readonly event: StoreEvent; readonly dedupeLife: string }
  | {
      readonly type: 'written'
      readonly id: number
      readonly reply: WriteReply
      /** The memory of the batch, back for another one. */
      readonly memory: ArrayBuffer
      readonly dedupeLife: string
    }
  | { readonly type: 'read'; readonly id: number; readonly reply: PackedReply | undefined }
  | { readonly type: 'noted'; readonly id: number; readonly noted: boolean }
  | { readonly type: 'done'; readonly id: number }
