// What is used of Engine.IO, the connection below Socket.IO: types, and the two things that it can do but does not declare.

import type { IncomingMessage } from 'node:http'

/** A packet of Engine.IO. */
export interface EnginePacket {
  readonly type: string
  readonly data?: unknown
}

/** What carries packets at the moment. */
export interface EngineTransport {
  readonly name: string
  on(event: 'drain', listener: () => void): unknown
  on(event: 'headers', listener: (headers: object, request: IncomingMessage) => void): unknown
}

/** One client's connection, which all of its namespaces share. */
export interface EngineConnection {
  readonly protocol: number
  readonly transport: EngineTransport
  on(event: 'packet' | 'packetCreate', listener: (packet: EnginePacket) => void): unknown
  on(event: 'flush', listener: () => void): unknown
  on(event: 'upgrade', listener: (transport: EngineTransport) => void): unknown
  close(discard?: boolean): unknown
}

/** The protocol in which the server pings; before it clients did. */
const SERVER_PINGS = 4

/** Asks the peer for a sign of life, beside the pings that are sent anyway. Clients of old protocols ping by themselves. */
export function ping(connection: EngineConnection): void {
  const { sendPacket } = connection as { readonly sendPacket?: (type: string) => void }
  if (connection.protocol >= SERVER_PINGS) sendPacket?.call(connection, 'ping')
}

/** The WebSocket of a transport that has one. */
interface RawSocket {
  terminate?(): void
  prependListener?(event: 'close', listener: (code: number) => void): unknown
}

/** Ends a connection whose peer does not read. A WebSocket that is closed in order keeps what waits for half a minute. */
export function terminate(connection: EngineConnection): void {
  rawSocketOf(connection.transport)?.terminate?.()
  connection.close(true)
}

/** Tells the code that a WebSocket was closed with, before Socket.IO hears that it was. */
export function onCloseCode(transport: EngineTransport, told: (code: number) => void): void {
  rawSocketOf(transport)?.prependListener?.('close', told)
}

function rawSocketOf(transport: EngineTransport): RawSocket | undefined {
  const { socket } = transport as { readonly socket?: RawSocket }
  return typeof socket === 'object' ? socket : undefined
}
