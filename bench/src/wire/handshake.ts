/** Both ends of the opening handshake of RFC 6455 section 4, for clients and servers that write it by hand. */

import { createHash } from 'node:crypto'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** One key for every connection: what it must be is checked once, not per connection. */
const KEY = 'c3RheXdpcmUtYmVuY2gtMQ=='

/** `Sec-WebSocket-Accept` for a key (section 4.2.2). */
function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + GUID)
    .digest('base64')
}

const EXPECTED = acceptOf(KEY)

/** The request a load connection opens with; `headers` are further lines without CRLF. */
export function upgradeRequest(path: string, port: number, headers: readonly string[]): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${KEY}`,
    ...headers,
    '\r\n',
  ].join('\r\n')
}

/** What the upgrade answer says: `pending` until its end has arrived, else accepted or not, and where frames begin. */
export function readUpgrade(
  head: Buffer,
): { state: 'pending' } | { state: 'open'; end: number } | { state: 'refused'; line: string } {
  const end = head.indexOf('\r\n\r\n')
  if (end === -1) return { state: 'pending' }
  const text = head.toString('latin1', 0, end)
  if (text.startsWith('HTTP/1.1 101 ') && text.includes(EXPECTED)) return { state: 'open', end: end + 4 }
  return { state: 'refused', line: text.slice(0, text.indexOf('\r\n')) }
}

/** The answer of a hand-made server to a request head, with the path that was asked for; undefined if it is no upgrade. */
export function answerUpgrade(head: string): { path: string; answer: string } | undefined {
  const path = /^GET (\S+) HTTP\/1\.1\r\n/.exec(head)?.[1]
  const key = /\r\nsec-websocket-key: *(\S+)/i.exec(head)?.[1]
  if (path === undefined || key === undefined) return undefined
  const answer = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`
  return { path, answer }
}
