// Bytes on a TCP socket, for what no well-behaved client library would send.

import { connect } from 'node:net'

/** Sends `bytes` as they are and returns all that comes back until the server ends the socket. */
export function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => (answer += chunk))
    socket.on('close', () => resolve(answer))
    // A reset is an ending like another: what counts is what came before.
    socket.on('error', () => undefined)
    socket.setTimeout(5_000, () => {
      socket.destroy()
      reject(
        new Error(
          `The server left the socket open for 5 s after ${JSON.stringify(bytes.slice(0, 80))}; it said ${JSON.stringify(answer)}`,
        ),
      )
    })
  })
}

/** How long a first byte may take, on however busy a machine. */
const FIRST_BYTE_MS = 20_000

/** Sends `bytes` as they are and returns what came back within `forMs` after its first byte, or until the socket ended. */
export function overhear(port: number, bytes: string, forMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('latin1')
    socket.on('error', reject)
    const end = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    let timer = setTimeout(end, FIRST_BYTE_MS)
    socket.on('close', end)
    socket.on('data', (chunk: string) => {
      if (answer === '') {
        clearTimeout(timer)
        timer = setTimeout(end, forMs)
      }
      answer += chunk
    })
  })
}

/** A correct upgrade request (RFC 6455 §4.1), lines to be changed at will. */
export function upgradeRequest(path: string, lines: Readonly<Record<string, string>> = {}): string {
  const headers = {
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': 'staywire.v1',
    ...lines,
  }
  const text = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\n${text.join('')}\r\n`
}
