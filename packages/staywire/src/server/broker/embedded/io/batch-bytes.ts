// A batch of appends as one piece of memory that moves to the store's thread without being copied, and the way back to its parts.

import { encodeLine } from '../record-line.ts'
import type { Batch } from '../store-messages.ts'

/** Bytes of the table entry of one record: three lengths and a flag. */
const ENTRY_BYTES = 13

/** The appends to one channel, as they are found in a batch. Positions are counted from the beginning of the batch. */
export interface PackedGroup {
  readonly channel: string
  readonly size: number
  readonly ttlMs: number
  readonly records: readonly PackedRecord[]
}

/** One line, and where its parts begin. */
export interface PackedRecord {
  readonly start: number
  readonly scope: number
  readonly payload: number
  readonly end: number
  readonly keyed: boolean
}

/** Writes a batch into `memory`, or into larger memory where it does not fit. The result's buffer is meant to be transferred. */
export function packBatch({ at, groups }: Batch, memory: ArrayBuffer): Buffer<ArrayBuffer> {
  const out = new Growing(memory)
  out.reserve(12)
  out.bytes.writeDoubleLE(at, 0)
  out.bytes.writeUInt32LE(groups.length, 8)
  out.length = 12
  for (const { channel, size, ttlMs, entries } of groups) {
    out.reserve(22 + channel.length + entries.length * ENTRY_BYTES)
    out.length = out.bytes.writeUInt16LE(channel.length, out.length)
    out.length += out.bytes.write(channel, out.length, 'latin1')
    out.length = out.bytes.writeDoubleLE(size, out.length)
    out.length = out.bytes.writeDoubleLE(ttlMs, out.length)
    let entryAt = out.bytes.writeUInt32LE(entries.length, out.length)
    out.length = entryAt + entries.length * ENTRY_BYTES
    for (const entry of entries) {
      const { head, scope, payload } = encodeLine(entry, at)
      out.reserve(3 * (head.length + scope.length + payload.length))
      const start = out.length
      out.length += out.bytes.write(head, start, 'latin1')
      const scopeAt = out.length
      out.length += out.bytes.write(scope, scopeAt)
      const payloadAt = out.length
      out.length += out.bytes.write(payload, payloadAt)
      entryAt = out.bytes.writeUInt32LE(out.length - start, entryAt)
      entryAt = out.bytes.writeUInt32LE(scopeAt - start, entryAt)
      entryAt = out.bytes.writeUInt32LE(payloadAt - start, entryAt)
      entryAt = out.bytes.writeUInt8(entry.key === undefined ? 0 : 1, entryAt)
    }
  }
  return out.bytes.subarray(0, out.length)
}

/** Reads what `packBatch` wrote. */
export function unpackBatch(bytes: Buffer): { at: number; groups: PackedGroup[] } {
  const at = bytes.readDoubleLE(0)
  const groups: PackedGroup[] = []
  let position = 12
  for (let count = bytes.readUInt32LE(8); count > 0; count--) {
    const nameEnd = position + 2 + bytes.readUInt16LE(position)
    const channel = bytes.toString('latin1', position + 2, nameEnd)
    const size = bytes.readDoubleLE(nameEnd)
    const ttlMs = bytes.readDoubleLE(nameEnd + 8)
    const recordCount = bytes.readUInt32LE(nameEnd + 16)
    const records: PackedRecord[] = []
    let start = nameEnd + 20 + recordCount * ENTRY_BYTES
    for (let entryAt = nameEnd + 20; records.length < recordCount; entryAt += ENTRY_BYTES) {
      const end = start + bytes.readUInt32LE(entryAt)
      const scope = start + bytes.readUInt32LE(entryAt + 4)
      const payload = start + bytes.readUInt32LE(entryAt + 8)
      records.push({ start, scope, payload, end, keyed: bytes[entryAt + 12] === 1 })
      start = end
    }
    groups.push({ channel, size, ttlMs, records })
    position = start
  }
  return { at, groups }
}

/** Memory that doubles when it is full. Its own, not from a shared pool: it is given away. */
class Growing {
  bytes: Buffer<ArrayBuffer>
  length = 0

  constructor(memory: ArrayBuffer) {
    this.bytes = Buffer.from(memory)
  }

  /** Makes sure that `more` bytes fit. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = Buffer.from(new ArrayBuffer(Math.max(this.bytes.length * 2, this.length + more)))
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
  }
}
