/** The servers that can be measured, in the order they take turns. */

/** One of them. */
export interface ServerChoice {
  readonly name: string
  /** Program, relative to `bench/src`. */
  readonly file: string
  /** How the load speaks to it. */
  readonly dialect: 'plain' | 'socket.io' | 'staywire'
  /** What it is, in a few words for the report. */
  readonly about: string
  /** Runs on this instead of Node, and takes part only where it is installed. */
  readonly runtime?: 'bun'
}

/** Ratios are against this one. */
export const FLOOR = 'net-floor'

export const SERVERS: readonly ServerChoice[] = [
  {
    name: FLOOR,
    file: 'servers/net-floor.ts',
    dialect: 'plain',
    about: 'hand-made WebSocket on node:net, one prebuilt buffer to each socket',
  },
  { name: 'net-joined', file: 'servers/net-joined.ts', dialect: 'plain', about: 'the same, writes of a turn joined' },
  {
    name: 'staywire',
    file: 'servers/staywire.ts',
    dialect: 'staywire',
    about: 'sessions, offsets, history, bounded outbox, heartbeat, HS256 tokens',
  },
  {
    name: 'staywire-observed',
    file: 'servers/staywire-observed.ts',
    dialect: 'staywire',
    about: 'the same, with its operations: metrics, histories, findings',
  },
  {
    name: 'ws-prebuilt',
    file: 'servers/ws-prebuilt.ts',
    dialect: 'plain',
    about: '`ws`, one frame built per publication, written to each socket',
  },
  { name: 'ws-naive', file: 'servers/ws-naive.ts', dialect: 'plain', about: '`ws`, a loop of `send`' },
  { name: 'socket.io', file: 'servers/socket-io.ts', dialect: 'socket.io', about: 'Socket.IO rooms, WebSocket only' },
  {
    name: 'bun',
    file: 'servers/bun.ts',
    dialect: 'plain',
    about: "Bun's own server with native channels",
    runtime: 'bun',
  },
]
