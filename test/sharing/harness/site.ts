// The site that a person visits: pages, tokens and the server path under one origin, with a line to the gateway that can be
// cut. Counts what is asked of it, for a client that asks in a loop is as bad as one that leaks.

import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { SignJWT } from 'jose'

/** Answers what is neither the gateway's nor the site's own. */
export type Pages = (request: IncomingMessage, response: ServerResponse) => void

/** How often something was asked for since the last look. */
export interface Asked {
  /** Requests and upgrades below `/realtime`, without the worker's script. */
  readonly server: number
  readonly tokens: number
}

/** A site that is up. */
export interface Site {
  readonly origin: string
  /** For what listens on the same port: a development server, or a Socket.IO server. */
  readonly http: Server
  /** Ends every line to the gateway and lets none through: neither server path nor token. */
  cut(): void
  /** Lets lines through again. */
  mend(): void
  /** The worker's script is there or not. */
  serveWorker(there: boolean): void
  /** How long tokens are good for from now on. Default: an hour. */
  tokensLast(seconds: number): void
  /** What was asked since the last call. */
  asked(): Asked
  close(): Promise<void>
}

/** The secret that the gateway behind the site must be started with. */
export const SECRET = 'the site and its gateway know this'
const PATH = '/realtime'
const WORKER = `${PATH}/worker.js`
const HOUR = 3_600

/** Opens a site in front of the gateway at `port`. */
export async function openSite(port: number, pages: Pages): Promise<Site> {
  const lines = new Set<Socket>()
  let whole = true
  let worker = true
  let seconds = HOUR
  let asked = { server: 0, tokens: 0 }

  const http = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site')
    if (pathname === '/token') {
      asked.tokens++
      if (!whole) return void request.socket.destroy()
      return void sign(searchParams.get('user') ?? '', seconds).then((token) => response.end(token))
    }
    if (pathname === WORKER && !worker) return void response.writeHead(404).end()
    if (!pathname.startsWith(PATH)) return pages(request, response)
    if (pathname !== WORKER) asked.server++
    if (whole) pass(request, response, port)
    else request.socket.destroy()
  })
  http.on('upgrade', (request: IncomingMessage, near: Socket, head: Buffer) => {
    if (!request.url?.startsWith(PATH)) return // somebody else listens for it
    asked.server++
    if (!whole) return void near.destroy()
    lines.add(near)
    near.on('close', () => lines.delete(near))
    join(near, request, head, port)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('The site has no port.')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    http,
    cut() {
      whole = false
      for (const line of lines) line.destroy()
    },
    mend: () => void (whole = true),
    serveWorker: (there) => void (worker = there),
    tokensLast: (newSeconds) => void (seconds = newSeconds),
    asked() {
      const now = asked
      asked = { server: 0, tokens: 0 }
      return now
    },
    close: () =>
      new Promise((resolve) => {
        for (const line of lines) line.destroy()
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}

function sign(user: string, seconds: number): Promise<string> {
  const token = new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setSubject(user).setIssuedAt()
  return token.setExpirationTime(Math.floor(Date.now() / 1000) + seconds).sign(new TextEncoder().encode(SECRET))
}

function pass(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url, headers } = request
  const onward = httpRequest({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.destroy())
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}

/** Repeats an upgrade as it came, then relays bytes: the `Host` stays the site's, which is the origin of its pages. */
function join(near: Socket, { method, url, rawHeaders }: IncomingMessage, head: Buffer, port: number): void {
  const far = connect(port, '127.0.0.1')
  const fields = rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('')
  far.write(`${method} ${url} HTTP/1.1\r\n${fields}\r\n`)
  far.write(head)
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.pipe(to)
    from.on('error', () => {})
    from.on('close', () => to.destroy())
  }
}
