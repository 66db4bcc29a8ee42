// Things that stand between clients and servers in the wild, each with one bad habit.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGzip } from 'node:zlib'
import { onTestFinished } from 'vitest'

/** What is done with an answer on its way back. */
type PassOn = (answer: IncomingMessage, response: ServerResponse) => void

/** An HTTP proxy that knows nothing of upgrades. Answers its origin. */
export function withoutUpgrades(port: number): Promise<string> {
  return listen(httpProxy(port, passOn))
}

/** One that passes an answer on once it has all of it, or enough to fill its buffer. */
export function buffering(port: number): Promise<string> {
  return listen(httpProxy(port, collect))
}

/** One that compresses whatever it passes on. */
export function compressing(port: number): Promise<string> {
  return listen(
    httpProxy(port, (answer, response) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-encoding': 'gzip' })
      const gzip = createGzip({ flush: 2 })
      answer.pipe(gzip).pipe(response)
    }),
  )
}

/** One that speaks TLS with a certificate that nobody trusts. */
export function untrusted(port: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'staywire-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-days', '30']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  })
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, response) => {
    forward(port, incoming, response, passOn)
  })
  return listen(server, 'https')
}

/** A firewall that forgets connections which were silent for `ms`. */
export function forgetting(port: number, ms: number): Promise<string> {
  return listen(tcpProxy(port, (socket, end) => void socket.setTimeout(ms, end)))
}

/** One that ends connections on which `bytes` come at once. */
export function narrow(port: number, bytes: number): Promise<string> {
  return listen(
    tcpProxy(port, (socket, end) => {
      let [burst, since] = [0, 0]
      socket.on('data', ({ length }) => {
        burst = performance.now() - since < 20 ? burst + length : length
        since = performance.now()
        if (burst > bytes) end()
      })
    }),
  )
}

const passOn: PassOn = (answer, response) => {
  response.writeHead(answer.statusCode ?? 502, answer.headers)
  answer.pipe(response)
}

const collect: PassOn = (answer, response) => {
  const chunks: Buffer[] = []
  answer.on('data', (chunk: Buffer) => chunks.push(chunk))
  answer.on('end', () => response.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(chunks)))
}

function httpProxy(port: number, pass: PassOn): Server {
  return createServer((incoming, response) => forward(port, incoming, response, pass))
}

function forward(port: number, incoming: IncomingMessage, response: ServerResponse, pass: PassOn): void {
  const { method, url, headers } = incoming
  const { upgrade: _, connection: __, ...kept } = headers
  const outgoing = request({ host: '127.0.0.1', port, method, path: url, headers: kept }, (answer) =>
    pass(answer, response),
  )
  outgoing.on('error', () => response.destroy())
  response.on('close', () => outgoing.destroy())
  incoming.pipe(outgoing)
}

function tcpProxy(port: number, watch: (socket: Socket, end: () => void) => void): TcpServer {
  return createTcpServer((socket) => {
    const onward = connect(port, '127.0.0.1')
    const end = (): void => {
      socket.destroy()
      onward.destroy()
    }
    for (const side of [socket, onward]) side.on('error', end).on('close', end)
    socket.pipe(onward).pipe(socket)
    watch(socket, end)
  })
}

async function listen(server: Server | TcpServer, scheme = 'http'): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
  return `${scheme}://localhost:${(server.address() as AddressInfo).port}`
}
