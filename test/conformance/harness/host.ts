// A host that embeds a real server on a port of its own, as PROTOCOL.md describes the server of its transcripts. A token is
// the name of its user.

import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createServer, type AuthenticateRequest, type Identity, type Server, type ServerOptions } from 'staywire/server'
import { Peer, type PeerOptions, type Wire } from './peer.ts'

export interface Host {
  readonly server: Server
  readonly http: HttpServer
  readonly port: number
  /** The WebSocket URL. */
  readonly url: string
  open(options?: PeerOptions): Promise<Peer>
  connect(user: string, more?: object): Promise<Peer & { readonly connected: Wire }>
  close(): Promise<void>
}

const open = { subscribe: true, publish: true }

/** The server of the transcripts. */
export const SPEC_OPTIONS = {
  authenticate: ({ token }: AuthenticateRequest): Identity | null => (token === undefined ? null : { user: token }),
  channels: {
    'room:**': { ...open, presence: true },
    'live:**': open,
    'typing:**': { ...open, history: false },
    'secret:**': { subscribe: false, publish: false },
  },
  calls: { add: (data: unknown) => (data as number[]).reduce((sum, one) => sum + one) },
} as const satisfies ServerOptions

/** What peers who answer no pings can live with for as long as a busy machine takes. */
const NO_HEARTBEAT = { enabled: false } as const

/** Starts one, without heartbeats; `options` replace those of the transcripts. Close it with `close`. */
export async function startHost(options: ServerOptions = {}, path = '/realtime'): Promise<Host> {
  const server = createServer({ ...SPEC_OPTIONS, heartbeat: NO_HEARTBEAT, ...options })
  const http = createHttpServer((request, response) => {
    if (server.handleRequest(request, response)) return
    response.writeHead(404).end()
  })
  server.attach(http, { path })
  await server.ready
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const url = `ws://127.0.0.1:${port}${path}`
  return {
    server,
    http,
    port,
    url,
    open: (peerOptions) => Peer.open(url, peerOptions),
    connect: (user, more) => Peer.connect(url, user, more),
    async close() {
      await server.close()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

/** Starts one for the running test, which closes it at its end. */
export async function hostForTest(options: ServerOptions = {}): Promise<Host> {
  const host = await startHost(options)
  onTestFinished(() => host.close())
  return host
}
