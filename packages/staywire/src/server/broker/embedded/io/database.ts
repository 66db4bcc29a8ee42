// One SQLite database as the store wants it: write-ahead log, every commit on disk before it returns, and both read back on every open.
// Format: https://sqlite.org/fileformat2.html.

import { DatabaseSync, type StatementSync } from 'node:sqlite'

/** Primary result codes of SQLite (https://sqlite.org/rescode.html) that mean something to the store. */
export const SQLITE = { busy: 5, locked: 6, corrupt: 11, full: 13, notADatabase: 26 } as const

/** How long a commit waits for another process that is writing (an operator with `sqlite3`), in milliseconds. */
const BUSY_TIMEOUT_MS = 1_000
/** Pages in the write-ahead log (4 KiB each) at which a commit also moves them into the database. */
const CHECKPOINT_PAGES = 4_096

/** An open database. Throws what SQLite throws. */
export class Database {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  /** Opens or creates the file at `path`. */
  constructor(path: string) {
    this.#db = new DatabaseSync(path)
    try {
      this.#db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
      this.#setAndCheck('journal_mode', 'wal')
      this.#setAndCheck('synchronous', 2)
      this.#setAndCheck('wal_autocheckpoint', CHECKPOINT_PAGES)
      this.#db.exec('PRAGMA cache_size = -32768; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY')
    } catch (error) {
      this.#db.close()
      throw error
    }
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction
  }

  /** The prepared statement of `sql`, prepared once. */
  sql(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)))
    return statement
  }

  exec(sql: string): void {
    this.#db.exec(sql)
  }

  /** Runs `work` in one transaction: after it returned everything is on disk, after it threw nothing was done. */
  transact<Result>(work: () => Result): Result {
    this.sql('BEGIN IMMEDIATE').run()
    try {
      const result = work()
      this.sql('COMMIT').run()
      return result
    } catch (error) {
      if (this.#db.isTransaction) this.sql('ROLLBACK').run()
      throw error
    }
  }

  /** The value of a pragma that has one row and one column. */
  pragma(name: string): unknown {
    const row = this.sql(`PRAGMA ${name}`).get()
    return row === undefined ? undefined : Object.values(row)[0]
  }

  /** Moves everything from the write-ahead log into the database, on disk; answers whether nobody was in the way. */
  checkpoint(): boolean {
    const row = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
    return row?.['busy'] === 0
  }

  close(): void {
    this.#statements.clear()
    this.#db.close()
  }

  #setAndCheck(pragma: string, value: string | number): void {
    this.#db.exec(`PRAGMA ${pragma} = ${value}`)
    const is = this.pragma(pragma)
    if (is !== value) throw new Error(`SQLite answers ${pragma} = ${String(is)} instead of ${value}.`)
  }
}

/** The primary result code of an error that SQLite threw; `undefined` for any other. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}
