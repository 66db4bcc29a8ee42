/** A server on `ws` with its usual set-up: no compression, no limits of its own. How a frame is written is the caller's. */

import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { listen } from './listen.ts'
import type { Engine, EngineEvents } from './plain.ts'

/** What remembers the connection: the `WebSocket` itself, or the socket under it where frames are written by hand. */
export type Choose<Link> = (webSocket: WebSocket, socket: Duplex) => Link

/** The engine from which part of a connection is kept, what is prepared once, and how it is written. */
export function wsEngine<Link, Prepared>(
  choose: Choose<Link>,
  prepare: (text: string) => Prepared,
  write: (link: Link, prepared: Prepared) => void,
): Engine<Link, Prepared> {
  return { start: (events) => start(choose, events), prepare, write }
}

function start<Link>(choose: Choose<Link>, events: EngineEvents<Link>): Promise<number> {
  const acceptor = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    const path = request.url ?? '/'
    acceptor.handleUpgrade(request, socket, head, (webSocket) => {
      const link = choose(webSocket, socket)
      webSocket.on('message', (data: RawData) => events.text(link, (data as Buffer).toString()))
      webSocket.on('close', () => events.closed(link, path))
      webSocket.on('error', () => webSocket.terminate())
      events.opened(link, path)
    })
  })
  return listen(server)
}
