/**
 * The least of RFC 6455 framing that a load generator and a floor server need: whole text frames, both ways.
 * It refuses fragmented messages, which none of the servers under test sends.
 */

/** Opcodes of RFC 6455 section 5.2. */
export const TEXT = 0x1
export const CLOSE = 0x8
export const PING = 0x9
export const PONG = 0xa

/** Not zero: `ws` skips unmasking for an all-zero key, which would flatter it. */
const MASK = [0x37, 0xfa, 0x21, 0x3d] as const

const FINAL = 0x80
const MASKED = 0x80

/** Called once per whole frame; `bytes` is unmasked from `start` to `end` (exclusive). */
export type Visit<Context> = (context: Context, opcode: number, bytes: Buffer, start: number, end: number) => void

/** A server-to-client text frame. */
export function encodeText(text: string): Buffer {
  return encode(TEXT, text, false)
}

/** A client-to-server frame, masked with a fixed key (RFC 6455 section 5.3 wants a random one; nothing here is a secret). */
export function encodeMasked(opcode: number, text: string): Buffer {
  return encode(opcode, text, true)
}

function encode(opcode: number, text: string, masked: boolean): Buffer {
  const length = Buffer.byteLength(text)
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const head = 2 + extended + (masked ? 4 : 0)
  const frame = Buffer.allocUnsafe(head + length)
  frame[0] = FINAL | opcode
  frame[1] = (masked ? MASKED : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127)
  if (extended === 2) frame.writeUInt16BE(length, 2)
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2)
  frame.write(text, head)
  if (masked) {
    frame.set(MASK, head - 4)
    unmask(frame, head - 4, head, head + length)
  }
  return frame
}

function unmask(bytes: Buffer, key: number, start: number, end: number): void {
  for (let at = start; at < end; at += 1) bytes[at] = (bytes[at] ?? 0) ^ (bytes[key + ((at - start) & 3)] ?? 0)
}

/**
 * Visits every whole frame in `bytes`, unmasking in place, and answers how many bytes those frames took;
 * the caller keeps the rest and puts it before the next chunk.
 */
export function scan<Context>(bytes: Buffer, context: Context, visit: Visit<Context>): number {
  let at = 0
  for (;;) {
    if (bytes.length - at < 2) return at
    const first = bytes[at] ?? 0
    const second = bytes[at + 1] ?? 0
    let start = at + 2
    let length = second & 0x7f
    if (length === 126) {
      if (bytes.length - at < 4) return at
      length = bytes.readUInt16BE(at + 2)
      start += 2
    } else if (length === 127) {
      if (bytes.length - at < 10) return at
      length = Number(bytes.readBigUInt64BE(at + 2))
      start += 8
    }
    if ((second & MASKED) !== 0) start += 4
    const end = start + length
    if (bytes.length < end) return at
    if ((first & FINAL) === 0 || (first & 0x0f) === 0)
      throw new Error('a fragmented message: the bench reads whole frames only')
    if ((second & MASKED) !== 0) unmask(bytes, start - 4, start, end)
    visit(context, first & 0x0f, bytes, start, end)
    at = end
  }
}
