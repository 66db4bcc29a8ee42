// A WebSocket byte by byte (RFC 6455 §5.2): what goes up is whatever a test makes, what comes down is read only as far as the
// close. It keeps no rule of the protocol.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { upgradeRequest } from '../../conformance/harness/raw.ts'

/** What a frame looks like; by default a final, masked one without reserved bits, as long as it says. */
export interface FrameShape {
  readonly opcode: number
  readonly payload?: string | Buffer
  readonly final?: boolean
  readonly reserved?: number
  readonly masked?: boolean
  /** Instead of the true length. */
  readonly length?: bigint
}

const MASKED = 0x80

/** A frame. The mask is zero, so that payloads stay readable. */
export function frame({ opcode, payload = '', final = true, reserved = 0, masked = true, length }: FrameShape): Buffer {
  const body = Buffer.from(payload)
  const bit = masked ? MASKED : 0
  const first = (final ? 0x80 : 0) | (reserved << 4) | opcode
  const mask = masked ? Buffer.alloc(4) : Buffer.alloc(0)
  return Buffer.concat([headOf(first, bit, length ?? BigInt(body.length)), mask, body])
}

function headOf(first: number, bit: number, length: bigint): Buffer {
  if (length < 126n) return Buffer.of(first, bit | Number(length))
  if (length < 65_536n) return Buffer.of(first, bit | 126, Number(length) >> 8, Number(length) & 0xff)
  const head = Buffer.alloc(10)
  head[0] = first
  head[1] = bit | 127
  head.writeBigUInt64BE(length, 2)
  return head
}

/** How a server ended it: with the code of its close frame, or without one. */
export type RawEnding = number | 'none'

export class RawWebSocket {
  /** The socket below, to be paused, ended or destroyed. */
  readonly socket: Socket
  /** Resolves when the server has ended it. */
  readonly ended: Promise<RawEnding>

  private constructor(socket: Socket, first: Buffer) {
    this.socket = socket
    let unread = first
    let code: RawEnding = 'none'
    const read = (chunk: Buffer): void => {
      unread = Buffer.concat([unread, chunk])
      for (let next = firstOf(unread); next !== undefined; next = firstOf(unread)) {
        if (next.opcode === 8 && next.body.length >= 2) code = next.body.readUInt16BE(0)
        unread = next.rest
      }
    }
    read(Buffer.alloc(0))
    socket.on('data', read)
    this.ended = new Promise((resolve) => socket.on('close', () => resolve(code)))
  }

  /** Opens one; resolves when it was upgraded. */
  static async open(port: number): Promise<RawWebSocket> {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(upgradeRequest('/realtime', { Host: `127.0.0.1:${port}` }))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    const end = answer.indexOf('\r\n\r\n')
    const status = answer.toString('latin1', 0, end).split('\r\n')[0] ?? ''
    if (!status.startsWith('HTTP/1.1 101 ')) throw new Error(`The upgrade was answered ${status}.`)
    return new RawWebSocket(socket, answer.subarray(end + 4))
  }

  /** Sends bytes; resolves when there is room for more, or nobody to take it. */
  async send(bytes: Buffer): Promise<void> {
    if (this.socket.destroyed || this.socket.write(bytes)) return
    await Promise.race([once(this.socket, 'drain').catch(() => undefined), this.ended])
  }
}

/** The first whole frame of a server's bytes. */
function firstOf(bytes: Buffer): { opcode: number; body: Buffer; rest: Buffer } | undefined {
  if (bytes.length < 2) return undefined
  const short = (bytes[1] as number) & 0x7f
  const head = short === 127 ? 10 : short === 126 ? 4 : 2
  if (bytes.length < head) return undefined
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short
  if (bytes.length < head + length) return undefined
  return {
    opcode: (bytes[0] as number) & 0x0f,
    body: bytes.subarray(head, head + length),
    rest: bytes.subarray(head + length),
  }
}
