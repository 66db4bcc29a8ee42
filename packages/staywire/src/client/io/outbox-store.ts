// Unanswered publishes in IndexedDB (https://w3c.github.io/IndexedDB/). Does what a keeper wants, in order and one transaction
// at a time; takes only what belongs to clients that are gone.

import type { Listening } from '../env.ts'
import type { KeptPublish } from '../outbox/kept-publish.ts'
import { holdLock, ifFree } from './life-lock.ts'

/** What a store tells. */
export interface StoreListener {
  loaded(scope: string, records: readonly KeptPublish[]): void
  /** Ids of records that were put, as often as they were. */
  written(ids: readonly string[]): void
  /** Nothing can be kept any more. */
  failed(reason: string): void
}

type Change = { readonly put: KeptPublish } | { readonly remove: string }

const DATABASE = 'staywire'
const RECORDS = 'outbox'
/** What has been over for so long belongs to nobody who will come back for it. */
const FORGET_MS = 86_400_000

/** The records of one browser, as one client sees them. */
export class OutboxStore implements Listening {
  readonly #client: Pick<KeptPublish, 'holder' | 'tab'>
  readonly #tell: StoreListener
  #database: Promise<IDBDatabase> | undefined
  #release: (() => void) | undefined
  #changes: Change[] = []
  #writing: Promise<void> | undefined

  constructor(client: Pick<KeptPublish, 'holder' | 'tab'>, tell: StoreListener) {
    this.#client = client
    this.#tell = tell
  }

  /** A keeper wants something: `load`, `put`, `remove` or `off`. */
  emit(event: string, [what, now]: readonly unknown[]): void {
    if (event === 'load') void this.#load(what as string, now as number).catch(this.#failed)
    else if (event === 'off') globalThis.console.warn(`[staywire] publishes are not persisted: ${String(what)}`)
    else {
      this.#changes.push(event === 'put' ? { put: what as KeptPublish } : { remove: what as string })
      // Everything wanted in one turn goes into one transaction, and what is wanted meanwhile into the next.
      this.#writing ??= Promise.resolve().then(() => this.#write())
    }
  }

  /** Lets go of the disk once everything wanted was done; from then on what is left may be taken by others. */
  close(): void {
    void Promise.resolve(this.#writing)
      .then(() => this.#database)
      .then(
        (database) => database?.close(),
        () => {},
      )
      .finally(() => this.#release?.())
  }

  readonly #failed = (error: unknown): void => this.#tell.failed(String(error))

  async #load(scope: string, now: number): Promise<void> {
    const { holder, tab } = this.#client
    const database = await (this.#database ??= open(this.#failed))
    // Nothing is written before others can see that its holder lives.
    this.#release ??= await holdLock(lockOf(holder))
    const others = new Map<string, string>()
    await transact(database, (records) => {
      read<KeptPublish[]>(records.index('scope').getAll(scope), (all) => {
        for (const record of all) if (record.holder !== holder) others.set(record.holder, record.tab)
      })
      const stale = IDBKeyRange.upperBound(now - FORGET_MS)
      read<IDBValidKey[]>(records.index('expiresAt').getAllKeys(stale), (ids) =>
        ids.forEach((id) => records.delete(id)),
      )
    })
    const taken: KeptPublish[] = []
    for (const [other, itsTab] of others) {
      const take = async (): Promise<void> => void taken.push(...(await this.#take(database, scope, other)))
      // This tab's earlier page is gone, even if its lock is not yet. Whether another tab lives only its lock can tell.
      if (itsTab === tab) await take()
      else await ifFree(lockOf(other), take)
    }
    this.#tell.loaded(scope, taken)
  }

  /** What a holder that is gone has left is this client's from now on. */
  async #take(database: IDBDatabase, scope: string, other: string): Promise<KeptPublish[]> {
    const taken: KeptPublish[] = []
    await transact(database, (records) =>
      // Looked at again: somebody may have been faster.
      read<KeptPublish[]>(records.index('scope').getAll(scope), (all) => {
        for (const record of all) {
          if (record.holder !== other) continue
          const mine = { ...record, ...this.#client }
          records.put(mine)
          taken.push(mine)
        }
      }),
    )
    return taken
  }

  async #write(): Promise<void> {
    while (this.#changes.length) {
      const changes = this.#changes
      this.#changes = []
      try {
        const database = await this.#database
        if (!database) return
        await transact(database, (records) => {
          for (const change of changes) {
            if ('put' in change) records.put(change.put)
            else records.delete(change.remove)
          }
        })
        this.#tell.written(changes.flatMap((change) => ('put' in change ? change.put.id : [])))
      } catch (error) {
        this.#failed(error)
        // A full disk takes nothing more, but what is to go can still go: once more, without what was to be put.
        const removals = changes.filter((change) => 'remove' in change)
        if (removals.length < changes.length) this.#changes.unshift(...removals)
      }
    }
    this.#writing = undefined
  }
}

function lockOf(holder: string): string {
  return `staywire:outbox:${holder}`
}

/** Opens the database. `lost` is called when it is taken away later: site data cleared, or a newer version wants to change it. */
function open(lost: (reason: string) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => {
      const records = request.result.createObjectStore(RECORDS, { keyPath: 'id' })
      records.createIndex('scope', 'scope')
      records.createIndex('expiresAt', 'expiresAt')
    }
    request.onerror = () => reject(request.error ?? new Error('IndexedDB cannot be opened.'))
    request.onsuccess = () => {
      const database = request.result
      database.onclose = () => lost('The database was closed.')
      database.onversionchange = () => {
        database.close()
        lost('The database is wanted by a newer version.')
      }
      resolve(database)
    }
  })
}

/**
 * Does something to the records in one transaction and waits until it is done. Survives the end of the process, as a crashed
 * tab needs it; `relaxed`: not necessarily a power cut.
 */
function transact(database: IDBDatabase, act: (records: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(RECORDS, 'readwrite', { durability: 'relaxed' })
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('A transaction was aborted.'))
    act(transaction.objectStore(RECORDS))
  })
}

function read<Value>(request: IDBRequest, got: (value: Value) => void): void {
  request.onsuccess = () => got(request.result as Value)
}
