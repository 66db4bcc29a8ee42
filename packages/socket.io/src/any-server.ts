// Servers and sockets of Socket.IO whatever their events are called: types only.

import type { Server, Socket } from 'socket.io'

/** A Socket.IO server with events and data of any type. */
export interface AnyServer {
  readonly sockets: unknown
  readonly engine: unknown
  of(name: string): unknown
}

/** The sockets of a server. */
export type SocketOf<Io> =
  Io extends Server<infer Listen, infer Emit, infer Between, infer Data> ? Socket<Listen, Emit, Between, Data> : Socket
