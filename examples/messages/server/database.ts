// The database: accounts, what keeps devices signed in, and messages. SQL and rows, and no rules.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, password TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS devices (
    secret TEXT PRIMARY KEY, device TEXT NOT NULL, user INTEGER NOT NULL REFERENCES users, expires INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, sender INTEGER NOT NULL REFERENCES users, receiver INTEGER NOT NULL REFERENCES users,
    text TEXT NOT NULL, at INTEGER NOT NULL, read INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS messages_of ON messages (receiver, sender, id);
`

/** Opens it, and makes what is missing. */
export function openDatabase(directory: string): DatabaseSync {
  mkdirSync(directory, { recursive: true })
  const database = new DatabaseSync(join(directory, 'messages.sqlite'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  database.exec(SCHEMA)
  return database
}
