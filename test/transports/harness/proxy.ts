// An HTTP proxy as some networks have them: it may refuse upgrades, swallow them, cut what was upgraded after a while, hold
// answers back until they are whole, or lose an answer.

import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export interface ProxyRules {
  /** What becomes of upgrades. A number: they pass, and are cut after so many milliseconds. Default `pass`. */
  upgrades?: 'pass' | 'refuse' | 'swallow' | number
  /** Answers are held back until they are whole. */
  buffers?: boolean
  /** How long nothing may pass before a connection is cut, in milliseconds. */
  idleMs?: number
  /** Answers to requests below these paths are lost: the next one and no more. */
  loses?: Set<string>
}

export interface Proxy {
  readonly port: number
  /** May be changed while it runs. */
  readonly rules: ProxyRules
  /** Paths that were asked for. */
  readonly asked: string[]
  /** Requests and tunnels that are open. */
  readonly open: number
  /** Cuts what is open now. */
  cut(): void
  close(): Promise<void>
}

/** Opens one in front of `port`. */
export async function openProxy(port: number, rules: ProxyRules = {}): Promise<Proxy> {
  const asked: string[] = []
  const sockets = new Set<Duplex>()
  let open = 0
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    open++
    response.on('close', () => open--)
    forward(request, response, port, rules)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (request, near, head) => {
    asked.push(`upgrade ${request.url}`)
    const { upgrades = 'pass', idleMs } = rules
    near.on('error', () => undefined)
    if (upgrades === 'swallow') return
    if (upgrades === 'refuse') return void near.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
    const far = connect(port, '127.0.0.1', () => {
      const headers = request.rawHeaders.flatMap((value, n, all) => (n % 2 === 0 ? [`${value}: ${all[n + 1]}`] : []))
      far.write(`GET ${request.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
      far.write(head)
      near.pipe(far).pipe(near)
    })
    const end = (): void => {
      near.destroy()
      far.destroy()
    }
    open++
    sockets.add(far)
    far.on('close', () => {
      open--
      sockets.delete(far)
      near.destroy()
    })
    far.on('error', end)
    near.on('close', end)
    if (idleMs !== undefined) far.setTimeout(idleMs, end)
    if (typeof upgrades === 'number') setTimeout(end, upgrades)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    rules,
    asked,
    get open() {
      return open
    },
    cut,
    async close() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function forward(request: IncomingMessage, response: ServerResponse, port: number, rules: ProxyRules): void {
  const { url, method, headers } = request
  const far = ask({ port, host: '127.0.0.1', path: url, method, headers }, (answer) => {
    const lost = [...(rules.loses ?? [])].find((path) => url?.endsWith(path))
    if (lost !== undefined) {
      rules.loses?.delete(lost)
      answer.resume()
      answer.on('end', () => response.destroy())
      return
    }
    if (!rules.buffers) {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
      return
    }
    const parts: Buffer[] = []
    answer.on('data', (part: Buffer) => parts.push(part))
    answer.on('end', () => response.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(parts)))
  })
  far.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
  response.on('close', () => far.destroy())
  request.pipe(far)
}
