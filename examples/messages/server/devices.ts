// Keeps devices signed in: each has a long secret that buys short tokens, is replaced whenever it is used, and is kept as a hash.

import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

/** The signed-in devices of a database. */
export class Devices {
  readonly #database: DatabaseSync
  readonly #seconds: number

  constructor(database: DatabaseSync, seconds: number) {
    this.#database = database
    this.#seconds = seconds
  }

  /** A secret for a device of `user`. */
  add(user: string): string {
    const secret = randomBytes(32).toString('base64url')
    const expires = Date.now() + this.#seconds * 1_000
    this.#database.prepare('INSERT INTO devices VALUES (?, ?, ?)').run(hashOf(secret), user, expires)
    return secret
  }

  /** Takes a secret back; answers whose it was, `undefined` for one that is not good (any more). */
  take(secret: string): string | undefined {
    const row = this.#database
      .prepare('DELETE FROM devices WHERE token = ? RETURNING user, expires')
      .get(hashOf(secret))
    return row !== undefined && Number(row['expires']) > Date.now() ? String(row['user']) : undefined
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
