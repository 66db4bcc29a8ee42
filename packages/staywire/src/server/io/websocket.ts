// The WebSocket transport: refuses upgrades that must not be, turns the others into links, and gets rid of them at the end.

import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type Server as WsServer, type ServerOptions as WsOptions } from 'ws'
import { CLOSE } from '../../protocol/close-code.ts'
import { SUBPROTOCOL } from '../../protocol/frame.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { Node } from '../node/node.ts'
import type { Entrance } from './entrance.ts'
import { chooseSubprotocol, isWellFormed } from './upgrade.ts'
import { DEFLATE_TERMS, DeflateEncoder, takesAnyWindow } from './websocket-deflate.ts'
import { websocketEncoder } from './websocket-frame.ts'
import { LinkedSocket, WebSocketLink } from './websocket-link.ts'
import { WriteTick } from './write-tick.ts'

/** Fragments of one message, and pieces of it that wait for the rest: a flood of tiny ones would cost far more than it carries. */
const MAX_FRAGMENTS = 64
const MAX_BUFFERED_CHUNKS = 1_024
/** When a client that is refused by a draining node may ask again: another process should be there by then. */
const RETRY_AFTER_SECONDS = 1

/** Accepts WebSockets for a node. */
export class WebSocketTransport {
  readonly #node: Node
  readonly #entrance: Entrance
  readonly #ws: WsServer<typeof LinkedSocket>
  readonly #tick = new WriteTick(websocketEncoder)
  readonly #deflate: DeflateEncoder
  readonly #deflateTick: WriteTick
  readonly #sockets = new Set<LinkedSocket>()
  readonly #gone = (socket: LinkedSocket): void => this.#forget(socket)
  readonly #empty: (() => void)[] = []
  /** While set, nobody new is let in. */
  draining = false

  constructor(node: Node, entrance: Entrance) {
    this.#node = node
    this.#entrance = entrance
    const { compression } = node.settings
    this.#deflate = new DeflateEncoder(compression.thresholdBytes)
    this.#deflateTick = new WriteTick(this.#deflate)
    // `closeTimeout` is an option of ws that its types do not know yet.
    const options: WsOptions<typeof LinkedSocket> & { closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: compression.enabled && DEFLATE_TERMS,
      maxPayload: node.settings.limits.hardFrameBytes,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: MAX_BUFFERED_CHUNKS,
      closeTimeout: LIMITS.closeGraceMs.value,
      handleProtocols: chooseSubprotocol,
      WebSocket: LinkedSocket,
    }
    this.#ws = new WebSocketServer(options)
    // What ws itself does not take, such as a key of the wrong length.
    this.#ws.on('wsClientError', (_error, socket, request) =>
      this.#refuse(request, socket, request.method === 'GET' ? 400 : 405, 'handshake'),
    )
  }

  /** What compression did. */
  get compression(): DeflateEncoder['figures'] {
    return this.#deflate.figures
  }

  /** How many sockets there are, closing ones included. */
  get size(): number {
    return this.#sockets.size
  }

  /** Handles an upgrade request. Everything that is wrong with it is answered with an HTTP status. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.draining) return this.#refuse(request, socket, 503, 'draining', { 'Retry-After': RETRY_AFTER_SECONDS })
    // ws would take the drafts before RFC 6455 as well (its §4.4 names the answer).
    if (request.headers['sec-websocket-version'] !== '13')
      return this.#refuse(request, socket, 426, 'version', { 'Sec-WebSocket-Version': '13' })
    if (!isWellFormed(request)) return this.#refuse(request, socket, 400, 'target')
    if (!this.#entrance.origins.allows(request.headers)) return this.#refuse(request, socket, 403, 'origin')
    this.#ws.handleUpgrade(request, socket, head, (upgraded) => this.#open(upgraded, socket, request))
  }

  /** Resolves when no socket is left. */
  async empty(): Promise<void> {
    if (this.#sockets.size > 0) await new Promise<void>((resolve) => this.#empty.push(resolve))
  }

  /** Destroys what is left. */
  terminate(): void {
    for (const socket of this.#sockets) socket.terminate()
  }

  #open(socket: LinkedSocket, raw: Duplex, request: IncomingMessage): void {
    this.#sockets.add(socket)
    const tick = socket.extensions !== '' && takesAnyWindow(request) ? this.#deflateTick : this.#tick
    const link = new WebSocketLink(socket, raw, tick, this.#node, this.#gone)
    const { protocol } = socket
    if (protocol === '' || protocol === SUBPROTOCOL) return link.open(this.#entrance.approach(request, protocol))
    const { code, reason } = CLOSE.versionUnsupported
    link.close(code, reason)
  }

  #forget(socket: LinkedSocket): void {
    this.#sockets.delete(socket)
    if (this.#sockets.size === 0) for (const resolve of this.#empty.splice(0)) resolve()
  }

  #refuse(
    request: IncomingMessage,
    socket: Duplex,
    status: number,
    cause: string,
    headers: Readonly<Record<string, string | number>> = {},
  ): void {
    this.#node.reporting.report({ type: 'refused', status, cause, address: this.#entrance.addresses.of(request) })
    refuseUpgrade(socket, status, headers)
  }
}

/** Answers an upgrade with an HTTP status and ends the socket. */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  headers: Readonly<Record<string, string | number>> = {},
): void {
  socket.on('error', () => socket.destroy())
  const body = `${STATUS_CODES[status] ?? ''}\n`
  const lines = Object.entries({
    Connection: 'close',
    'Content-Type': 'text/plain',
    'Content-Length': body.length,
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`)
}
