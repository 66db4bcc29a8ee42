// The high-water mark beside the database: how many commits were acknowledged. SQLite recovers from a lost or cut log by going back
// in silence; a mark that is ahead of the database proves that it did.
//
// Written after each commit, before it is acknowledged, and flushed about once a second and at the end. So it sees every roll-back after
// a killed process, and after a power cut all but what was acknowledged in the last second, if the disk also lost a log it had flushed.
// It also knows which file it belongs to: a directory that was copied back (restored) has other files.

import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
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

/** An open mark. */
export class Mark {
  readonly #file: number
  /** Of the database, and of the mark itself. */
  readonly #inodes: readonly [number, number]
  readonly #bytes = Buffer.alloc(SLOT_BYTES)
  #dirty = false
  #written = 0

  /** Opens or creates the mark at `path` of the database whose inode is given. */
  constructor(path: string, inode: number) {
    closeSync(openSync(path, 'a', 0o600))
    this.#file = openSync(path, 'r+')
    this.#inodes = [inode, fstatSync(this.#file).ino]
  }

  /** What was written last; `undefined` when there is none that is whole. */
  read(): MarkContent | undefined {
    let last: MarkContent | undefined
    for (let slot = 0; slot < SLOTS; slot++) {
      const bytes = Buffer.alloc(SLOT_BYTES)
      if (readSync(this.#file, bytes, 0, SLOT_BYTES, slot * SLOT_BYTES) < SLOT_BYTES) continue
      if (bytes.readUInt32LE(0) !== MAGIC || bytes.readUInt32LE(4) !== crc32c(0, bytes, 8)) continue
      const sequence = bytes.readDoubleLE(8)
      const sameFiles = this.#inodes.every((inode, index) => bytes.readDoubleLE(16 + index * 8) === inode)
      if (last === undefined || sequence > last.sequence) last = { sequence, sameFiles }
    }
    return last
  }

  /** What was noted last, whether or not it could be written. */
  get written(): number {
    return this.#written
  }

  /** Notes that `sequence` commits are on disk. */
  write(sequence: number): void {
    this.#written = sequence
    this.#bytes.writeDoubleLE(sequence, 8)
    for (const [index, inode] of this.#inodes.entries()) this.#bytes.writeDoubleLE(inode, 16 + index * 8)
    this.#bytes.writeUInt32LE(MAGIC, 0)
    this.#bytes.writeUInt32LE(crc32c(0, this.#bytes, 8), 4)
    writeSync(this.#file, this.#bytes, 0, SLOT_BYTES, (sequence % SLOTS) * SLOT_BYTES)
    this.#dirty = true
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
