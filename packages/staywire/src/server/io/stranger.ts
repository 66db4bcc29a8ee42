// Peers that never got as far as a request: what a TLS handshake or the HTTP parser gave up on, or what was one too many for the host.
// It tells who, and otherwise does what Node would have done.

import type { Server as HttpServer } from 'node:http'
import type { DropArgument, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { answersForAll, markOwn } from './own-listener.ts'

/** `tls`: no handshake; `request`: no HTTP; `unfinished`: not all of a request in time; `capacity`: over the host's `maxConnections`. */
export type StrangeCause = 'tls' | 'request' | 'unfinished' | 'capacity'

/** What Node answers to an error of its parser, where nobody else listens (`socketOnError` in its `_http_server.js`). */
const ANSWERS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Listens; the returned function stops that. */
export function strangers(http: HttpServer, tell: (cause: StrangeCause, address: string) => void): () => void {
  const onTls = (_error: Error, socket: Socket): void => tell('tls', socket.remoteAddress ?? '')
  const onClient = markOwn((error: NodeJS.ErrnoException, socket: Duplex): void => {
    const { code = '' } = error
    const address = (socket as Socket).remoteAddress ?? ''
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT') tell('unfinished', address)
    // A reset of an idle connection is an end like any other.
    else if (code.startsWith('HPE_')) tell('request', address)
    if (!answersForAll(http, 'clientError', onClient)) return
    if (socket.writable && !isAnswered(socket))
      socket.write(`HTTP/1.1 ${ANSWERS[code] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`)
    socket.destroy(error)
  })
  const onDrop = (dropped?: DropArgument): void => tell('capacity', dropped?.remoteAddress ?? '')
  http.on('tlsClientError', onTls)
  http.on('drop', onDrop)
  http.on('clientError', onClient)
  return () => {
    http.off('tlsClientError', onTls)
    http.off('drop', onDrop)
    http.off('clientError', onClient)
  }
}

/** Whether an answer is under way on this socket already: another status line would be taken for a part of it. */
function isAnswered(socket: Duplex): boolean {
  const { _httpMessage: message } = socket as Duplex & { readonly _httpMessage?: { readonly headersSent?: boolean } }
  return message?.headersSent === true
}
