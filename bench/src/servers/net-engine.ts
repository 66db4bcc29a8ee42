/** A hand-made WebSocket server on node:net: the least a server on Node can do. No limits, no pings, no fragmentation, no safety. */

import { createServer, type Socket } from 'node:net'
import { CLOSE, encodeText, scan, TEXT } from '../wire/frame.ts'
import { answerUpgrade } from '../wire/handshake.ts'
import { listen } from './listen.ts'
import type { Engine, EngineEvents } from './plain.ts'

/** A socket with what the engine remembers of it: no object and no closure per connection beside it. */
export interface Link extends Socket {
  /** Set once the upgrade is answered. */
  path?: string
  /** Bytes of an unfinished head or frame. */
  rest?: Buffer | undefined
  /** Frames of this turn, where writes are joined. */
  queued?: Buffer[]
}

/** The engine, given how a prepared frame reaches a link. */
export function netEngine(write: (link: Link, frame: Buffer) => void): Engine<Link, Buffer> {
  return { start: (events) => start(events), prepare: encodeText, write }
}

function start(events: EngineEvents<Link>): Promise<number> {
  function onData(this: Link, chunk: Buffer): void {
    const bytes = this.rest === undefined ? chunk : Buffer.concat([this.rest, chunk])
    const used = this.path === undefined ? upgrade(this, bytes) : scan(bytes, this, onFrame)
    this.rest = used < bytes.length ? bytes.subarray(used) : undefined
  }

  function upgrade(link: Link, bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n')
    if (end === -1) return 0
    const answered = answerUpgrade(bytes.toString('latin1', 0, end + 2))
    if (answered === undefined) {
      link.destroy()
      return bytes.length
    }
    link.path = answered.path
    link.write(answered.answer, 'latin1')
    events.opened(link, answered.path)
    const after = end + 4
    return after + scan(bytes.subarray(after), link, onFrame)
  }

  function onFrame(link: Link, opcode: number, bytes: Buffer, from: number, to: number): void {
    if (opcode === TEXT) events.text(link, bytes.toString('utf8', from, to))
    else if (opcode === CLOSE) link.destroy()
  }

  function onClose(this: Link): void {
    if (this.path !== undefined) events.closed(this, this.path)
  }

  function onError(this: Link): void {
    this.destroy()
  }

  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', onData)
    socket.on('close', onClose)
    socket.on('error', onError)
  })
  return listen(server)
}
