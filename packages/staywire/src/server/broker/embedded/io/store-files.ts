// Opening the files of a store: checks that they are ours, whole, and not older than what was acknowledged, before anybody uses them.

import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { StoreEvent } from '../store-messages.ts'
import { ChannelTable } from './channel-table.ts'
import { ChunkTable } from './chunk-table.ts'
import { Database, SQLITE, sqliteCode } from './database.ts'
import { KeyTable } from './key-table.ts'
import { Mark, type MarkContent } from './mark.ts'
import { prepareSchema } from './schema.ts'
import { StoreState } from './store-state.ts'

/** What a store is opened with. */
export interface StoreOptions {
  readonly directory: string
  readonly maxBytes: number
  readonly whenFull: 'trim' | 'refuse'
  readonly channels: number
  readonly keys: number
  readonly dedupeWindowMs: number
}

/** The parts of an open store. */
export interface StoreFiles {
  readonly db: Database
  readonly mark: Mark
  readonly state: StoreState
  readonly channels: ChannelTable
  readonly chunks: ChunkTable
  readonly keys: KeyTable
}

/** The name of the database in the data directory. */
const DATABASE_FILE = 'staywire.db'
/** A database in use is three files (https://sqlite.org/walformat.html). */
const FILE_SUFFIXES = ['', '-wal', '-shm']

/** Opens the database and its mark. Throws what SQLite and the file system throw, `StaywireError` for files that are not ours. */
export function openFiles(options: StoreOptions, now: number, report: (event: StoreEvent) => void): StoreFiles {
  const path = join(options.directory, DATABASE_FILE)
  const db = new Database(path)
  let mark: Mark | undefined
  try {
    const isNew = prepareSchema(db, path)
    mark = new Mark(join(options.directory, 'staywire.mark'), path)
    const state = db.transact(() => stateOf(db, isNew, mark?.last, report))
    const channels = new ChannelTable(db, state, { most: options.channels, report })
    const keys = new KeyTable(db, state, { windowMs: options.dedupeWindowMs, most: options.keys })
    if (!keys.load(now)) {
      db.transact(() => {
        state.loseKeys()
        state.save()
      })
      report({ type: 'keys-lost', why: 'stored keys could not be read' })
    }
    mark.write(state.sequence)
    mark.publish()
    flushDirectory(options.directory)
    return { db, mark, state, channels, chunks: new ChunkTable(db), keys }
  } catch (error) {
    mark?.close()
    db.close()
    throw error
  }
}

/** Sets a database that cannot be used aside, so that a new one can be made. Answers its new name; the one set aside before goes. */
export function setAside(directory: string): string {
  const aside = `${DATABASE_FILE}.damaged`
  for (const suffix of FILE_SUFFIXES) {
    rmSync(join(directory, aside + suffix), { force: true })
    try {
      renameSync(join(directory, DATABASE_FILE + suffix), join(directory, aside + suffix))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  flushDirectory(directory)
  return aside
}

/** Deletes a database that was only begun. */
export function removeDatabase(directory: string): void {
  for (const suffix of FILE_SUFFIXES) rmSync(join(directory, DATABASE_FILE + suffix), { force: true })
}

/** Whether an error says that the file itself is broken, so that no later try can succeed. */
export function isBroken(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === SQLITE.corrupt || code === SQLITE.notADatabase
}

function stateOf(
  db: Database,
  isNew: boolean,
  mark: MarkContent | undefined,
  report: (event: StoreEvent) => void,
): StoreState {
  const loaded = StoreState.load(db)
  const state = loaded ?? StoreState.create(db)
  const why = isNew ? lostAll(mark) : rollBack(loaded, mark)
  if (why !== undefined) {
    state.beginLife(mark?.sequence ?? 0)
    report({ type: 'rolled-back', why })
  }
  if (state.memoryKeys) {
    state.loseKeys()
    state.memoryKeys = false
  }
  state.save()
  return state
}

/** Why a new database should not be one: its write-ahead log may have been all there was of it. */
function lostAll(mark: MarkContent | undefined): string | undefined {
  if (mark === undefined || mark.sequence === 0) return undefined
  return `the database has 0 commits, and ${mark.sequence} were acknowledged`
}

/** Why the files may be older than what was acknowledged; `undefined` when they are not. */
function rollBack(state: StoreState | undefined, mark: MarkContent | undefined): string | undefined {
  if (state === undefined) return 'the row about the whole store is damaged'
  if (mark === undefined) return 'there is no high-water mark beside the database'
  if (!mark.sameFiles) return 'the files were copied here'
  if (mark.sequence <= state.sequence) return undefined
  return `the database has ${state.sequence} commits, and ${mark.sequence} were acknowledged`
}

function flushDirectory(directory: string): void {
  const file = openSync(directory, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
