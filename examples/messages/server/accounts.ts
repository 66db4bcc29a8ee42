// Who there is, and whether a password is theirs. Passwords are kept as Argon2id hashes (RFC 9106) and nowhere else.

import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { argon2id, argon2Verify } from 'hash-wasm'

/** Somebody with an account. `id` is the user id of their connections. */
export interface Person {
  readonly id: string
  readonly name: string
}

interface Row {
  readonly id: number
  readonly name: string
  readonly password: string
}

/** What a guess costs: the first choice of OWASP's Password Storage Cheat Sheet, 19 MiB and two passes. */
const COST = { memorySize: 19_456, iterations: 2, parallelism: 1, hashLength: 32 } as const

function hash(password: string): Promise<string> {
  return argon2id({ password, salt: randomBytes(16), outputType: 'encoded', ...COST })
}

/** The accounts of a database. */
export class Accounts {
  readonly #database: DatabaseSync
  /** What is verified when there is no such name, so that an answer takes as long. */
  readonly #nobody = hash(randomBytes(16).toString('hex'))

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** A new account; `undefined` when the name is taken. */
  async register(name: string, password: string): Promise<Person | undefined> {
    const add = this.#database.prepare('INSERT OR IGNORE INTO users (name, password) VALUES (?, ?)')
    const { changes, lastInsertRowid } = add.run(name, await hash(password))
    return changes === 0 ? undefined : { id: String(lastInsertRowid), name }
  }

  /** Whose name and password these are; `undefined` when they are not. */
  async check(name: string, password: string): Promise<Person | undefined> {
    const row = this.#database.prepare('SELECT * FROM users WHERE name = ?').get(name) as Row | undefined
    const good = await argon2Verify({ password, hash: row?.password ?? (await this.#nobody) })
    return good && row !== undefined ? personOf(row) : undefined
  }

  get(id: string): Person | undefined {
    const row = this.#database.prepare('SELECT * FROM users WHERE id = ?').get(id) as Row | undefined
    return row === undefined ? undefined : personOf(row)
  }

  /** Everybody but `id`, by name. */
  others(id: string): Person[] {
    const rows = this.#database.prepare('SELECT * FROM users WHERE id <> ? ORDER BY name LIMIT 100').all(id)
    return (rows as unknown as Row[]).map(personOf)
  }
}

function personOf({ id, name }: Row): Person {
  return { id: String(id), name }
}
