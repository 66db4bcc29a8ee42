// The tables of a store, and the version they are of. Read them with the sqlite3 tool: `SELECT * FROM publications WHERE channel = …`.

import { StaywireError } from '../../../../protocol/error-code.ts'
import type { Database } from './database.ts'

/** The version of the tables, kept in `PRAGMA user_version`. */
const SCHEMA_VERSION = 1
/** Marks the file as a Staywire store, in `PRAGMA application_id`: "Stay". */
const APPLICATION_ID = 0x53_74_61_79

/**
 * - `state`: one row for the whole store. `sequence` counts commits, `life` changes when the store went back in time: channels of
 *   another life get a new epoch when they are used next.
 * - `channels`: where each channel stands. `chain` is the checksum of its newest publication, `seal` that of the row.
 * - `chunks`: publications, one line each (record-line.ts), as many per row as one commit had for the channel. `checks` has the CRC-32C
 *   of each (four bytes, lowest first), which continues that of the one before it; `prev` is where the first continues from. In the
 *   order of arrival, not by channel: what is stored together lies together, which is an eighth of the writing.
 * - `keys`: idempotency keys, those of one commit per row (key-table.ts).
 * - `cells`: renewed parts of the base epoch. `graves`: forgotten channels whose chunks are still to be deleted.
 */
const TABLES = `
CREATE TABLE state(one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, base TEXT NOT NULL, life INTEGER NOT NULL,
  next_id INTEGER NOT NULL, channels INTEGER NOT NULL, dedupe_life TEXT NOT NULL, memory_keys INTEGER NOT NULL, seed INTEGER NOT NULL,
  seal INTEGER NOT NULL);
CREATE TABLE channels(name TEXT PRIMARY KEY, id INTEGER NOT NULL, epoch TEXT NOT NULL, newest INTEGER NOT NULL, oldest INTEGER NOT NULL,
  chain INTEGER NOT NULL, size INTEGER NOT NULL, ttl_ms INTEGER NOT NULL, used INTEGER NOT NULL, life INTEGER NOT NULL,
  seal INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE chunks(channel INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, at INTEGER NOT NULL, prev INTEGER NOT NULL,
  checks BLOB NOT NULL, records TEXT NOT NULL);
CREATE UNIQUE INDEX chunks_by_offset ON chunks(channel, first);
CREATE TABLE keys(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, fingerprints BLOB NOT NULL, entries BLOB NOT NULL, seal INTEGER NOT NULL);
CREATE TABLE cells(cell INTEGER PRIMARY KEY, renewals INTEGER NOT NULL);
CREATE TABLE graves(id INTEGER PRIMARY KEY);
CREATE VIEW publications AS
  SELECT c.name AS channel, c.epoch AS epoch, k.first + r.key AS offset, r.value ->> 0 AS at, r.value ->> 3 AS sender,
    r.value ->> 4 AS key, r.value -> 5 AS meta, r.value -> 6 AS data
  FROM channels c JOIN chunks k ON k.channel = c.id, json_each('[' || replace(rtrim(k.records, char(10)), char(10), ',') || ']') r
  WHERE k.first + r.key >= c.oldest;
`

/** Makes the tables in a new file; refuses a file of another program or of a newer version. Answers whether the file was new. */
export function prepareSchema(db: Database, path: string): boolean {
  const isEmpty = db.sql('SELECT count(*) AS count FROM sqlite_schema').get()?.['count'] === 0
  if (isEmpty) {
    db.transact(() => {
      db.exec(TABLES)
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`)
    })
    return true
  }
  const version = db.pragma('user_version')
  if (db.pragma('application_id') !== APPLICATION_ID) {
    const fix = 'Use another data directory, or move that file away.'
    throw new StaywireError('storage-unavailable', `${path} is a database of another program.`, { fix })
  }
  if (version !== SCHEMA_VERSION) {
    const message = `${path} has version ${String(version)} of the tables, and this program knows version ${SCHEMA_VERSION}.`
    throw new StaywireError('storage-unavailable', message, {
      fix: 'Use the version of Staywire that wrote it, or a newer one.',
    })
  }
  return false
}
