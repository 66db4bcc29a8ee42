// The HTTP server of the gateway: its time limits, and listening. What it answers is the router's business.

import { createServer, type Server, type ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Failure } from '../failure.ts'

const OPTIONS: ServerOptions = {
  // How long a client may take for its headers, and for a whole request; how often that is looked at. Milliseconds.
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 5_000,
  // Some HTTP clients (Java's for one) offer HTTP/2 with every request. An offer may be declined by answering (RFC 9110
  // §7.8); without this, Node would take it for a WebSocket. Known to Node from 24.9 on.
  shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
}

/** Sockets besides those of clients: of backends, of browsers that fetch pages, of proxies that check health. */
const OTHER_SOCKETS = 100

/** A server that does not listen yet. `clients`: how many may be connected; each has a stream or a poll, and a body beside it. */
export function makeHttpServer(clients: number): Server {
  const server = createServer(OPTIONS)
  // What comes beyond it is closed at once: somebody who opens sockets and says little must not use up the files of the process.
  server.maxConnections = 2 * clients + OTHER_SOCKETS
  return server
}

/** Listens, and answers the URL. Rejects with a `Failure` that says in one line why that is not possible. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, host, port)))
    server.listen(port, host, resolve)
  })
  const bound = (server.address() as AddressInfo).port
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${bound}`
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Failure {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Failure(`port ${port} on ${host} is in use: end the other program or choose another --port`, 1)
    case 'EACCES':
      return new Failure(
        `port ${port} on ${host} needs rights that this program does not have: choose a --port above 1023`,
        1,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Failure(`${host} is no address of this machine: choose another --host`, 1)
    case undefined:
    default:
      return new Failure(`cannot listen on ${host} port ${port}: ${error.message}`, 1)
  }
}
