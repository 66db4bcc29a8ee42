// The keys of one commit as bytes: one entry after another, and their fingerprints beside them. An entry is the lengths of channel, scope
// and epoch (2, 2 and 1 bytes), the offset (a double), the first 128 bits of SHA-256 over the payload, then channel, scope and epoch.

import type { Position } from '../../../../protocol/position.ts'
import type { Fingerprint } from './key-index.ts'

const DIGEST_AT = 13
/** Bytes of a digest, one Latin-1 character each. */
export const DIGEST_BYTES = 16
const HEAD_BYTES = DIGEST_AT + DIGEST_BYTES

/** A key, to be looked up and stored. Lives as long as the batch that it points into. */
export interface Key {
  readonly channel: string
  /** User and key, as the record has them: from `start` to `end` in `bytes`. */
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  readonly fingerprint: Fingerprint
  /** The first 128 bits of SHA-256 over the payload, as Latin-1 text. */
  readonly digest: string
}

/** What is remembered of a key. */
export interface Remembered {
  readonly position: Position
  readonly digest: string
}

/** Keys that are being collected for a commit. */
export class KeyEntries {
  #entries = Buffer.allocUnsafe(4_096)
  #length = 0
  #fingerprints: number[] = []
  /** Where the entries of a fingerprint begin. */
  #starts = new Map<number, number | number[]>()

  get count(): number {
    return this.#fingerprints.length / 2
  }

  add({ channel, bytes, start, end, fingerprint, digest }: Key, { epoch, offset }: Position): void {
    const at = this.#length
    this.#reserve(HEAD_BYTES + channel.length + end - start + epoch.length)
    const entries = this.#entries
    entries.writeUInt16LE(channel.length, at)
    entries.writeUInt16LE(end - start, at + 2)
    entries[at + 4] = epoch.length
    entries.writeDoubleLE(offset, at + 5)
    entries.write(digest, at + DIGEST_AT, 'latin1')
    let length = at + HEAD_BYTES + entries.write(channel, at + HEAD_BYTES, 'latin1')
    for (let index = start; index < end; index++) entries[length++] = bytes[index] as number
    this.#length = length + entries.write(epoch, length, 'latin1')
    this.#fingerprints.push(fingerprint.high, fingerprint.low)
    this.#noteStart(numberOf(fingerprint), at)
  }

  find(key: Key): Remembered | undefined {
    const starts = this.#starts.get(numberOf(key.fingerprint))
    if (starts === undefined) return undefined
    for (const start of typeof starts === 'number' ? [starts] : starts) {
      const found = readEntry(this.#entries.subarray(start, this.#length), 0, key)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Hands out everything and begins again. */
  take(): { fingerprints: Buffer; entries: Buffer } {
    const fingerprints = Buffer.allocUnsafe(this.#fingerprints.length * 4)
    const halves = new DataView(fingerprints.buffer, fingerprints.byteOffset, fingerprints.length)
    for (const [index, half] of this.#fingerprints.entries()) halves.setUint32(index * 4, half, true)
    const entries = this.#entries.subarray(0, this.#length)
    this.#entries = Buffer.allocUnsafe(Math.max(4_096, this.#length))
    this.#length = 0
    this.#fingerprints = []
    this.#starts = new Map()
    return { fingerprints, entries }
  }

  #noteStart(name: number, start: number): void {
    const starts = this.#starts.get(name)
    if (starts === undefined) this.#starts.set(name, start)
    else if (typeof starts === 'number') this.#starts.set(name, [starts, start])
    else starts.push(start)
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#entries.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#entries.length * 2, this.#length + more))
    this.#entries.copy(larger, 0, 0, this.#length)
    this.#entries = larger
  }
}

/** The entry with that index, if it is of this very key. */
export function readEntry(entries: Buffer, index: number, key: Key): Remembered | undefined {
  let start = 0
  for (let left = index; start < entries.length; left--) {
    const scopeAt = start + HEAD_BYTES + entries.readUInt16LE(start)
    const epochAt = scopeAt + entries.readUInt16LE(start + 2)
    const end = epochAt + entries.readUInt8(start + 4)
    if (left === 0) {
      if (entries.toString('latin1', start + HEAD_BYTES, scopeAt) !== key.channel) return undefined
      if (entries.compare(key.bytes, key.start, key.end, scopeAt, epochAt) !== 0) return undefined
      const position = { epoch: entries.toString('latin1', epochAt, end), offset: entries.readDoubleLE(start + 5) }
      return { position, digest: entries.toString('latin1', start + DIGEST_AT, start + HEAD_BYTES) }
    }
    start = end
  }
  return undefined
}

function numberOf({ high, low }: Fingerprint): number {
  return high * 0x20_0000 + (low >>> 11)
}
