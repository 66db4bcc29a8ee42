// One process per data directory. The lock is the operating system's, held through SQLite, so it ends with the process however it ends.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StaywireError } from '../../../../protocol/error-code.ts'
import { SQLITE, sqliteCode } from './database.ts'

/** A held lock. */
export class DirectoryLock {
  readonly #db: DatabaseSync

  /** Takes the lock of `directory`. Throws `storage-unavailable` when another process has it. */
  constructor(directory: string) {
    const owner = join(directory, 'staywire.pid')
    this.#db = new DatabaseSync(join(directory, 'staywire.lock'))
    try {
      this.#db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    } catch (error) {
      this.#db.close()
      if (sqliteCode(error) !== SQLITE.busy) throw error
      const message = `The data directory ${directory} is in use by another process${pidFrom(owner)}.`
      const fix = 'Stop that process, or use another data directory.'
      throw new StaywireError('storage-unavailable', message, { fix })
    }
    writeFileSync(owner, `${process.pid}\n`, { mode: 0o600 })
  }

  release(): void {
    this.#db.close()
  }
}

/** The process id that the owner left, in words; empty when it cannot be told. */
function pidFrom(file: string): string {
  try {
    return ` (pid ${readFileSync(file, 'utf8').trim()})`
  } catch {
    return ''
  }
}
