// Keeps devices signed in: each has a long secret that buys a short token and the next secret, and is kept as a hash.

import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

/**
 * For so long a secret is still good after it was used: the answer may have been lost with its page, and another tab may not have
 * read the new one yet, for browsers take a moment to show each tab what another has stored.
 */
const GRACE_MS = 30_000

/** A device, and whose it is. */
export interface Device {
  readonly device: string
  readonly user: string
}

/** The signed-in devices of a database. */
export class Devices {
  readonly #database: DatabaseSync
  readonly #seconds: number

  constructor(database: DatabaseSync, seconds: number) {
    this.#database = database
    this.#seconds = seconds
  }

  /** A secret for a device of `user`: a new one, or one that was known before. */
  add(user: string, device: string = randomBytes(16).toString('base64url')): string {
    const secret = randomBytes(32).toString('base64url')
    const now = Date.now()
    this.#database.prepare('DELETE FROM devices WHERE expires < ?').run(now)
    const add = this.#database.prepare('INSERT INTO devices (secret, device, user, expires) VALUES (?, ?, ?, ?)')
    add.run(hashOf(secret), device, user, now + this.#seconds * 1_000)
    return secret
  }

  /** Uses a secret up; answers whose it is, `undefined` for one that is not good (any more). */
  use(secret: string): Device | undefined {
    const now = Date.now()
    const row = this.#database
      .prepare('UPDATE devices SET expires = MIN(expires, ?) WHERE secret = ? AND expires > ? RETURNING device, user')
      .get(now + GRACE_MS, hashOf(secret), now)
    return row === undefined ? undefined : { device: String(row['device']), user: String(row['user']) }
  }

  /** Forgets the device of a secret, with all secrets that it has. */
  remove(secret: string): void {
    const own = 'SELECT device FROM devices WHERE secret = ?'
    this.#database.prepare(`DELETE FROM devices WHERE device IN (${own})`).run(hashOf(secret))
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
