/** The floor of event streams: one prebuilt chunk (RFC 9112 section 7.1) written to each socket. No limits, no safety. */

import { createServer, type Socket } from 'node:net'
import { serve } from './bench-server.ts'
import { listen } from './listen.ts'
import { plainServer, type EngineEvents } from './plain.ts'

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'

function start(events: EngineEvents<Socket>): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.once('data', (head: Buffer) => {
      const path = /^GET (\S+) /.exec(head.toString('latin1'))?.[1] ?? '/'
      socket.write(HEAD)
      events.opened(socket, path)
      socket.on('close', () => events.closed(socket, path))
      socket.resume()
    })
    socket.on('error', () => socket.destroy())
  })
  return listen(server)
}

function prepare(text: string): Buffer {
  const event = `data: ${text}\n\n`
  return Buffer.from(`${event.length.toString(16)}\r\n${event}\r\n`)
}

serve(plainServer({ start, prepare, write: (socket, chunk) => socket.write(chunk) }))
