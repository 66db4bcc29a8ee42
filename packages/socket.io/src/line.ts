// One Engine.IO connection under observation: what comes, what goes, what waits to be written. Several namespaces share it; what
// it carries counts for the first of them.

import type { IncomingMessage } from 'node:http'
import type { Socket as NetSocket } from 'node:net'
import type { AdoptedConnection, Adoption, Ending, TransportName } from 'staywire/adopt'
import {
  onCloseCode,
  ping,
  terminate,
  type EngineConnection,
  type EnginePacket,
  type EngineTransport,
} from './engine.ts'

/** The line of one client. */
export class Line {
  /** The namespaces that are adopted. */
  readonly sockets = new Set<AdoptedConnection>()
  /** The code its WebSocket was closed with. */
  closeCode: number | undefined
  readonly #connection: EngineConnection
  readonly #adoption: Adoption
  /** Bytes that Engine.IO has not handed down yet, and that it has, but that were not written. */
  #queued = 0
  #flying = 0
  /** Sockets on which polls were answered: an answer may wait there for a peer that does not read. */
  readonly #polled = new Set<NetSocket>()

  constructor(connection: EngineConnection, adoption: Adoption) {
    this.#connection = connection
    this.#adoption = adoption
    connection.on('packet', (packet) => this.#came(packet))
    connection.on('packetCreate', (packet) => this.#goes(packet))
    connection.on('flush', () => {
      this.#flying += this.#queued
      this.#queued = 0
    })
    connection.on('upgrade', (transport) => {
      this.#follow(transport)
      for (const socket of this.sockets) adoption.upgraded(socket, transportOf(transport))
    })
    this.#follow(connection.transport)
  }

  /** What carries it now. */
  get transport(): TransportName {
    return transportOf(this.#connection.transport)
  }

  /** Bytes that wait to be written, for the one they count for. */
  waitingFor(id: string): number {
    const [first] = this.sockets
    if (first?.id !== id) return 0
    let bytes = this.#queued + this.#flying
    for (const socket of this.#polled) {
      if (socket.destroyed || socket.writableLength === 0) this.#polled.delete(socket)
      else bytes += socket.writableLength
    }
    return bytes
  }

  /** Asks the peer for a sign of life. */
  ask(): void {
    ping(this.#connection)
  }

  /** Ends it once what waits is written: its clients come back. */
  close(): void {
    this.#allEnd()
    this.#connection.close()
  }

  /** Ends it at once, with all that waits. */
  drop(): void {
    this.#allEnd()
    terminate(this.#connection)
    for (const socket of this.#polled) socket.destroy()
    this.#polled.clear()
  }

  /** What one of its namespaces ends with, ends all of them. */
  #allEnd(): void {
    let ending: Ending | undefined
    for (const socket of this.sockets) ending ??= socket.ending
    for (const socket of this.sockets) socket.ending ??= ending
  }

  #follow(transport: EngineTransport): void {
    transport.on('drain', () => (this.#flying = 0))
    transport.on('headers', (_headers, { socket }: IncomingMessage) => void this.#polled.add(socket))
    onCloseCode(transport, (code) => (this.closeCode = code))
  }

  #came({ type, data }: EnginePacket): void {
    let bytes = bytesOf(data)
    for (const socket of this.sockets) {
      this.#adoption.heard(socket, bytes, type === 'message')
      if (type === 'pong') this.#adoption.ponged(socket)
      if (type === 'ping') this.#adoption.pinged(socket)
      bytes = 0
    }
  }

  #goes({ type, data }: EnginePacket): void {
    let bytes = bytesOf(data)
    for (const socket of this.sockets) {
      if (type === 'ping') this.#adoption.pinged(socket)
      this.#adoption.sending(socket, bytes)
      bytes = 0
    }
    this.#queued += bytesOf(data)
  }
}

function transportOf({ name }: EngineTransport): TransportName {
  return name === 'polling' ? 'poll' : 'websocket'
}

/** What is sent to many is measured once. */
let measured: { readonly text: string; readonly bytes: number } = { text: '', bytes: 0 }

function bytesOf(data: unknown): number {
  if (typeof data === 'string') {
    if (measured.text !== data) measured = { text: data, bytes: Buffer.byteLength(data) }
    return measured.bytes
  }
  return data instanceof ArrayBuffer || ArrayBuffer.isView(data) ? data.byteLength : 0
}
