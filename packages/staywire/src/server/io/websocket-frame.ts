// Builds the bytes of an unmasked text message (RFC 6455 §5.2), so that one buffer can be written to every subscriber.

import type { FrameEncoder } from '../hub/encoded-frame.ts'

/** FIN and opcode 1 (text). */
const TEXT = 0x81

/** A WebSocket text message of a server: header and payload in one buffer. */
export const websocketEncoder: FrameEncoder = {
  encode(text) {
    const length = Buffer.byteLength(text)
    const bytes = withHeader(TEXT, length)
    bytes.write(text, bytes.length - length, 'utf8')
    return bytes
  },
  room: (bytes) => Buffer.allocUnsafe(bytes),
}

/** The same of a payload that is bytes already; `first` is the first byte of the header. */
export function textMessage(payload: Uint8Array, first: number): Uint8Array {
  const bytes = withHeader(first, payload.byteLength)
  bytes.set(payload, bytes.length - payload.byteLength)
  return bytes
}

/** Room for a message of so many bytes, with its header written. */
function withHeader(first: number, length: number): Buffer {
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const bytes = Buffer.allocUnsafe(header + length)
  bytes[0] = first
  if (header === 2) bytes[1] = length
  else if (header === 4) {
    bytes[1] = 126
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = 127
    bytes.writeUInt32BE(Math.floor(length / 2 ** 32), 2)
    bytes.writeUInt32BE(length >>> 0, 6)
  }
  return bytes
}
