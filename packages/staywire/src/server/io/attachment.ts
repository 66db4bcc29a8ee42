// Puts a server on an HTTP server of the host, beside whatever else listens there, and takes it off again.

import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { answersForAll, markOwn } from './own-listener.ts'
import { strangers, type StrangeCause } from './stranger.ts'
import { pathOf } from './upgrade.ts'
import { refuseUpgrade } from './websocket.ts'

/** What is put on. */
export interface Attached {
  readonly path: string
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Says whether the request was its own. */
  readonly request: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Told of peers that never got as far as a request. */
  readonly strange: (cause: StrangeCause, address: string) => void
}

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Attaches; the returned function detaches. Request listeners that are there already see what is not ours; an upgrade to
 * another path is left to the other listeners, and answered 404 when there is none.
 */
export function attach(http: HttpServer, { path, upgrade, request, strange }: Attached): () => void {
  const forget = strangers(http, strange)
  const onUpgrade = markOwn((incoming: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const wanted = pathOf(incoming)
    if (wanted === path) upgrade(incoming, socket, head)
    else if (answersForAll(http, 'upgrade', onUpgrade, wanted)) refuseUpgrade(socket, 404)
  }, path)
  const others = http.listeners('request') as RequestListener[]
  const onRequest: RequestListener = (incoming, response) => {
    if (request(incoming, response)) return
    for (const listener of others) listener.call(http, incoming, response)
    if (others.length === 0 && http.listenerCount('request') === 1) response.writeHead(404).end()
  }
  http.removeAllListeners('request')
  http.on('request', onRequest)
  http.on('upgrade', onUpgrade)
  return () => {
    forget()
    http.off('upgrade', onUpgrade)
    if (!http.listeners('request').includes(onRequest)) return
    http.off('request', onRequest)
    for (const listener of others) http.on('request', listener)
  }
}
