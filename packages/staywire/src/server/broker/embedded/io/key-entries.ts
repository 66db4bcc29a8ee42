// The keys of one commit as bytes: one entry after another, and their fingerprints beside them. An entry is the lengths of channel, scope
// and epoch (2, 2 and 1 bytes), the offset (a double), the first 128 bits of SHA-256 over the payload, then channel, scope and epoch.

import type { Position } from '../../../../protocol/position.ts'
import type { Fingerprint } from './key-index.ts'

const DIGEST_AT = 13
const HEAD_BYTES = DIGEST_AT + 16

/** A key, to be looked up and stored. */
export interface Key {
  readonly channel: string
  /** User and key, as the record has them. */
  readonly scope: Buffer
  readonly fingerprint: Fingerprint
  /** The first 128 bits of SHA-256 over the payload. */
  readonly digest: Buffer
}

/** What is remembered of a key. */
export interface Remembered {
  readonly position: Position
  readonly digest: Buffer
}

/** Keys that are being collected for a commit. */
export class KeyEntries {
  #entries = Buffer.allocUnsafe(4_096)
  #length = 0
  #fingerprints: number[] = []
  /** Where entries of a fingerprint begin. */
  #starts = new Map<number, number[]>()

  get count(): number {
    return this.#fingerprints.length / 2
  }

  add({ channel, scope, fingerprint, digest }: Key, { epoch, offset }: Position): void {
    const start = this.#length
    this.#reserve(HEAD_BYTES + channel.length + scope.length + epoch.length)
    this.#entries.writeUInt16LE(channel.length, start)
    this.#entries.writeUInt16LE(scope.length, start + 2)
    this.#entries.writeUInt8(epoch.length, start + 4)
    this.#entries.writeDoubleLE(offset, start + 5)
    digest.copy(this.#entries, start + DIGEST_AT)
    const scopeAt = start + HEAD_BYTES + this.#entries.write(channel, start + HEAD_BYTES, 'latin1')
    const epochAt = scopeAt + scope.copy(this.#entries, scopeAt)
    this.#length = epochAt + this.#entries.write(epoch, epochAt, 'latin1')
    this.#fingerprints.push(fingerprint.high, fingerprint.low)
    const name = numberOf(fingerprint)
    const starts = this.#starts.get(name)
    if (starts === undefined) this.#starts.set(name, [start])
    else starts.push(start)
  }

  find(key: Key): Remembered | undefined {
    for (const start of this.#starts.get(numberOf(key.fingerprint)) ?? []) {
      const found = readEntry(this.#entries.subarray(start, this.#length), 0, key)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Hands out everything and begins again. */
  take(): { fingerprints: Buffer; entries: Buffer } {
    const fingerprints = Buffer.allocUnsafe(this.#fingerprints.length * 4)
    for (const [index, half] of this.#fingerprints.entries()) fingerprints.writeUInt32LE(half, index * 4)
    const entries = this.#entries.subarray(0, this.#length)
    this.#entries = Buffer.allocUnsafe(Math.max(4_096, this.#length))
    this.#length = 0
    this.#fingerprints = []
    this.#starts = new Map()
    return { fingerprints, entries }
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#entries.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#entries.length * 2, this.#length + more))
    this.#entries.copy(larger, 0, 0, this.#length)
    this.#entries = larger
  }
}

/** The entry with that index, if it is of this very key. */
export function readEntry(entries: Buffer, index: number, { channel, scope }: Key): Remembered | undefined {
  let start = 0
  for (let left = index; start < entries.length; left--) {
    const scopeAt = start + HEAD_BYTES + entries.readUInt16LE(start)
    const epochAt = scopeAt + entries.readUInt16LE(start + 2)
    const end = epochAt + entries.readUInt8(start + 4)
    if (left === 0) {
      const same =
        entries.toString('latin1', start + HEAD_BYTES, scopeAt) === channel &&
        entries.subarray(scopeAt, epochAt).equals(scope)
      if (!same) return undefined
      const position = { epoch: entries.toString('latin1', epochAt, end), offset: entries.readDoubleLE(start + 5) }
      return { position, digest: Buffer.from(entries.subarray(start + DIGEST_AT, start + HEAD_BYTES)) }
    }
    start = end
  }
  return undefined
}

function numberOf({ high, low }: Fingerprint): number {
  return high * 0x20_0000 + (low >>> 11)
}
