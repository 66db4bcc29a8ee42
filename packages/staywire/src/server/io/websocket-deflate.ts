// Compressed WebSocket messages (permessage-deflate, RFC 7692), without a context between messages: so a message is compressed once for
// all who get it, and no connection holds a window. Writing is done here; `ws` agrees on the extension and reads what clients compress.

import type { IncomingMessage } from 'node:http'
import { constants, deflateRawSync } from 'node:zlib'
import type { PerMessageDeflateOptions } from 'ws'
import type { FrameEncoder } from '../hub/encoded-frame.ts'
import { textMessage, websocketEncoder } from './websocket-frame.ts'

/** The terms on which the extension is accepted: neither side keeps a context, and few messages are inflated at a time. */
export const DEFLATE_TERMS: PerMessageDeflateOptions = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  concurrencyLimit: 10,
}

/** RFC 7692 §6: FIN, RSV1 and opcode 1 (text). */
const COMPRESSED_TEXT = 0xc1
/** RFC 7692 §7.2.1: the end of a flushed block, left out of a message. */
const TAIL_BYTES = 4
/** Higher levels take twice the time for a twentieth less. */
const LEVEL = 3
/** Brings the secret of the session: it must not stand in one context with what others can choose. */
const CONNECTED = '{"type":"connected"'

/** Whether a client that got the extension takes windows of any size: ours are of one size, for all. */
export function takesAnyWindow({ headers }: IncomingMessage): boolean {
  return !String(headers['sec-websocket-extensions']).includes('server_max_window_bits')
}

/** Compresses messages from a size on, and counts what that saves. */
export class DeflateEncoder implements FrameEncoder {
  readonly #thresholdBytes: number
  /** Messages that were compressed, their bytes before and after. */
  readonly figures = { messages: 0, bytesBefore: 0, bytesAfter: 0 }

  constructor(thresholdBytes: number) {
    this.#thresholdBytes = thresholdBytes
  }

  encode(text: string): Uint8Array {
    if (Buffer.byteLength(text) < this.#thresholdBytes || text.startsWith(CONNECTED))
      return websocketEncoder.encode(text)
    const plain = Buffer.from(text)
    const flushed = deflateRawSync(plain, { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH })
    const payload = flushed.subarray(0, flushed.length - TAIL_BYTES)
    if (payload.length >= plain.length) return websocketEncoder.encode(text)
    this.figures.messages++
    this.figures.bytesBefore += plain.length
    this.figures.bytesAfter += payload.length
    return textMessage(payload, COMPRESSED_TEXT)
  }
}
