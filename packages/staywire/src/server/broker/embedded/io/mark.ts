// The high-water mark beside the database: how many commits were acknowledged. SQLite recovers from a lost or cut log by going back
// in silence; a mark that is ahead of the database proves that it did.
//
// Written after each commit, before it is acknowledged, and flushed about once a second and at the end. So it sees every roll-back after
// a killed process, and after a power cut all but what was acknowledged in the last second, if the disk also lost a log it had flushed.
// It also knows which files it belongs to, itself included, and is made anew at every open: files that were copied back from a backup are
// other files, or have the mark of another open.

import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
  type BigIntStats,
} from 'node:fs'
import { crc32c } from '../crc32c.ts'

const MAGIC = 0x53_74_61_79 // "Stay"
const SLOT_BYTES = 64
/** Two slots, written in turn, so that one torn write leaves the other. */
const SLOTS = 2

/** What a mark says. */
export interface MarkContent {
  /** Commits acknowledged so far. */
  readonly sequence: number
  /** Whether it was written beside these very files, and not beside what they were copied from. */
  readonly sameFiles: boolean
}

/** The mark of an open store. */
export class Mark {
  /** What the mark of the last open says; `undefined` when there is none that is whole. */
  readonly last: MarkContent | undefined
  readonly #path: string
  readonly #file: number
  readonly #files: readonly number[]
  readonly #bytes = Buffer.alloc(SLOT_BYTES)
  #dirty = false
  #written = 0

  /** Reads the mark at `path` and begins another one, for the database at `database`. */
  constructor(path: string, database: string) {
    this.#path = path
    const ofDatabase = identityOf(statSync(database, { bigint: true }))
    this.last = readMark(path, ofDatabase)
    this.#file = openSync(`${path}.new`, 'w', 0o600)
    this.#files = [...ofDatabase, ...identityOf(fstatSync(this.#file, { bigint: true }))]
  }

  /** What was noted last, whether or not it could be written. */
  get written(): number {
    return this.#written
  }

  /** Notes that `sequence` commits are on disk. */
  write(sequence: number): void {
    this.#written = sequence
    this.#bytes.writeDoubleLE(sequence, 8)
    for (const [index, part] of this.#files.entries()) this.#bytes.writeDoubleLE(part, 16 + index * 8)
    this.#bytes.writeUInt32LE(MAGIC, 0)
    this.#bytes.writeUInt32LE(crc32c(0, this.#bytes, 8), 4)
    writeSync(this.#file, this.#bytes, 0, SLOT_BYTES, (sequence % SLOTS) * SLOT_BYTES)
    this.#dirty = true
  }

  /** Takes the place of the last one. */
  publish(): void {
    this.flush()
    renameSync(`${this.#path}.new`, this.#path)
  }

  /** Makes what was written survive a power cut. */
  flush(): void {
    if (this.#dirty) fdatasyncSync(this.#file)
    this.#dirty = false
  }

  close(): void {
    closeSync(this.#file)
  }
}

function readMark(path: string, ofDatabase: readonly number[]): MarkContent | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    const files = [...ofDatabase, ...identityOf(fstatSync(file, { bigint: true }))]
    let last: MarkContent | undefined
    for (let slot = 0; slot < SLOTS; slot++) {
      const bytes = Buffer.alloc(SLOT_BYTES)
      if (readSync(file, bytes, 0, SLOT_BYTES, slot * SLOT_BYTES) < SLOT_BYTES) continue
      if (bytes.readUInt32LE(0) !== MAGIC || bytes.readUInt32LE(4) !== crc32c(0, bytes, 8)) continue
      const sequence = bytes.readDoubleLE(8)
      const sameFiles = files.every((part, index) => bytes.readDoubleLE(16 + index * 8) === part)
      if (last === undefined || sequence > last.sequence) last = { sequence, sameFiles }
    }
    return last
  } finally {
    closeSync(file)
  }
}

/** What a file has and its copy has not: the inode, and the time of birth, as inodes are used again. */
function identityOf({ ino, birthtimeNs }: BigIntStats): readonly number[] {
  return [Number(ino), Number(birthtimeNs)]
}
