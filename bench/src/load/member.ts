/** What the crowd knows of one client, whatever wire it speaks, and the socket below every one of them. */

import { connect, type Socket } from 'node:net'
import type { Role } from './dialect.ts'
import type { Tally } from './tally.ts'

/** One client of the load. */
export interface Member {
  readonly role: Role
  readonly deliveries: number
  readonly answers: number
  /** Asks for a body back. */
  echo(body: string): void
  /** Publishes a body. */
  publish(channel: string, body: string, acknowledged: boolean): void
  /** Ends with a reset: no TIME_WAIT is left behind. */
  leave(): void
}

/** What a member is opened with. */
export interface MemberOptions {
  readonly port: number
  readonly role: Role
  readonly tally: Tally
  /** Called once, when joined. */
  ready(): void
  /** Called once, when it ended without having been asked to. */
  failed(why: string): void
}

/** All sockets read into this one buffer: nothing is allocated per read. What must outlive the read is copied. */
const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024)

/** Source addresses, so that many connections to one port do not run out of ephemeral ports. Only Linux has all of 127/8. */
const SOURCES = process.platform === 'linux' ? ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'] : undefined

/** A socket to the server under test; `read` is lent each chunk. */
export function openSocket(
  port: number,
  index: number,
  read: (chunk: Buffer) => void,
  end: (why: string) => void,
): Socket {
  const source = SOURCES?.[index % SOURCES.length]
  const socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    ...(source !== undefined && { localAddress: source }),
    onread: {
      buffer: READ_BUFFER,
      callback(length) {
        read(READ_BUFFER.subarray(0, length))
        return true
      },
    },
  })
  socket.on('error', (error) => end(error.message))
  socket.on('close', () => end('the server closed the connection'))
  return socket
}
