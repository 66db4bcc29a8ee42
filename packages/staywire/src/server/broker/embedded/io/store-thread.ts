// The store's thread: does one message after another. Started by store-link.ts; it keeps nothing of its own but the store.

import { existsSync, mkdirSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { StaywireError } from '../../../../protocol/error-code.ts'
import { DirectoryLock } from './directory-lock.ts'
import { Store } from './store.ts'
import type { FromStore, StoreThreadData, ToStore } from './thread-messages.ts'

/** How often the store looks whether there is something to tidy up or to try again, in milliseconds. */
const TEND_MS = 250

function say(message: FromStore, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer)
}

function run({ options, now }: StoreThreadData): void {
  if (!existsSync(options.directory)) mkdirSync(options.directory, { recursive: true, mode: 0o700 })
  const lock = new DirectoryLock(options.directory)
  const store = new Store(
    options,
    () => performance.now(),
    (event) => say({ type: 'event', event, dedupeLife: store.dedupeLife }),
  )
  try {
    store.open(now)
  } catch (error) {
    lock.release()
    throw error
  }
  let time = now
  const timer = setInterval(() => store.tend(time), TEND_MS)
  say({ type: 'open', dedupeLife: store.dedupeLife })
  parentPort?.on('message', (message: ToStore) => {
    if (message.type === 'tend') time = message.now
    else if (message.type !== 'close') work(store, message)
    else {
      clearInterval(timer)
      try {
        store.close()
        lock.release()
      } finally {
        say({ type: 'done', id: message.id })
        parentPort?.close()
      }
    }
  })
}

function work(store: Store, message: Exclude<ToStore, { type: 'tend' | 'close' }>): void {
  const { id } = message
  if (message.type === 'write') {
    const { memory, length } = message
    store.write(Buffer.from(memory, 0, length), (reply) => {
      const transfer = 'offsets' in reply ? [memory, reply.offsets.buffer] : [memory]
      say({ type: 'written', id, reply, memory, dedupeLife: store.dedupeLife }, transfer)
    })
  } else if (message.type === 'memory-keys') {
    say({ type: 'noted', id, noted: store.useMemoryKeys() })
  } else {
    try {
      const reply = store.read(message.request)
      say({ type: 'read', id, reply }, [reply.lines.buffer])
    } catch {
      say({ type: 'read', id, reply: undefined })
    }
  }
}

const { options } = workerData as StoreThreadData
try {
  run(workerData as StoreThreadData)
} catch (error) {
  if (error instanceof StaywireError) say({ type: 'failed', message: error.message, ...fixOf(error) })
  else {
    const message = `The data directory ${options.directory} cannot be used: ${error instanceof Error ? error.message : String(error)}`
    say({ type: 'failed', message, fix: 'See that it exists, is writable and has space, or use another one.' })
  }
}

function fixOf({ fix }: StaywireError): { fix?: string } {
  return fix === undefined ? {} : { fix }
}
