// What a client needs of the world around it. `io/` implements it for browsers and Node, `testing/` in virtual time.

import type { Transport } from './api.ts'
import type { Connection } from './connection/connection.ts'
import type { Ending } from './connection/ending.ts'
import type { ConnectionUpkeep, Hint } from './connection/settings.ts'
import type { Env } from './env.ts'
import type { Line } from './owner/line.ts'

/** What a link tells. After `abandon` it tells nothing. */
export interface LinkListener {
  /** It can be sent over. */
  opened(): void
  text(text: string): void
  ended(ending: Ending): void
}

/** One live or opening way to the server. */
export interface Link {
  send(text: string): void
  /**
   * Handlers off, closed, forgotten. Nobody waits for its `close` event: on a dead network that comes after 20–60 s, in
   * Safari perhaps never.
   */
  abandon(): void
}

/** The one timer of a client. */
export interface Timer {
  /** Fires at `wakeAt`, or before; `Infinity`: not needed. */
  arm(wakeAt: number): void
  stop(): void
}

/** The way to one server. */
export interface Network {
  /** Opens a WebSocket; `undefined` when there can be none, which is told as a hopeless ending. */
  open(listener: LinkListener): Link | undefined
  /** What a connection in good health does without for a while, or a way to load it. */
  readonly spare: Spare | (() => Promise<Spare>)
}

/** What a connection needs once not all is well. */
export interface Spare {
  /** Makes what keeps a connection up. */
  upkeep(connection: Connection): ConnectionUpkeep
  /** Does what is wanted beside a line. */
  beside(line: Line): { listen(): void }
  /** Opens a link over another transport than a WebSocket. */
  open(transport: Exclude<Transport, 'websocket'>, listener: LinkListener): Link | undefined
  /** Keeps for later clients that a transport has stayed up on this network. */
  remember(transport: Transport): void
  /** Whether the server answers at all, be it over none of the transports. Never rejects. */
  probe(): Promise<boolean>
  /** Listens for hints until the answer is called. */
  listen(hint: (hint: Hint) => void): () => void
}

/** The world around one client, without the network. What its machines stand on is part of it. */
export interface World extends Env {
  /** Milliseconds of a clock that never goes back and runs on during sleep. */
  readonly clock: () => number
  /** `fire` is told how late it is called, in milliseconds. */
  timer(fire: (lateMs: number) => void): Timer
  /** Calls `act` after the turn of whoever runs now; what it throws is an uncaught error of the app's. */
  later(act: () => void): void
}
