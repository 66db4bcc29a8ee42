/** The servers that can be measured, in the order they take turns. */

/** What carries a scenario's messages. */
export type Wire = 'websocket' | 'sse' | 'poll'

/** A program under test, and how the load speaks to it. */
export interface Program {
  /** Relative to `bench/src`. */
  readonly file: string
  readonly dialect: 'plain' | 'socket.io' | 'staywire' | 'plain-stream' | 'staywire-stream' | 'staywire-poll'
}

/** One of them. It takes part where it speaks a scenario's wire. */
export interface ServerChoice extends Partial<Record<Wire, Program>> {
  readonly name: string
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
    websocket: { file: 'servers/net-floor.ts', dialect: 'plain' },
    sse: { file: 'servers/stream-floor.ts', dialect: 'plain-stream' },
    about: 'hand-made WebSocket or event stream on node:net, one prebuilt buffer to each socket',
  },
  {
    name: 'net-joined',
    websocket: { file: 'servers/net-joined.ts', dialect: 'plain' },
    about: 'the same, writes of a turn joined',
  },
  {
    name: 'staywire',
    websocket: { file: 'servers/staywire.ts', dialect: 'staywire' },
    sse: { file: 'servers/staywire.ts', dialect: 'staywire-stream' },
    poll: { file: 'servers/staywire.ts', dialect: 'staywire-poll' },
    about: 'sessions, offsets, history, bounded outbox, heartbeat, HS256 tokens',
  },
  {
    name: 'staywire-observed',
    websocket: { file: 'servers/staywire-observed.ts', dialect: 'staywire' },
    about: 'the same, with its operations: metrics, histories, findings',
  },
  {
    name: 'ws-prebuilt',
    websocket: { file: 'servers/ws-prebuilt.ts', dialect: 'plain' },
    about: '`ws`, one frame built per publication, written to each socket',
  },
  { name: 'ws-naive', websocket: { file: 'servers/ws-naive.ts', dialect: 'plain' }, about: '`ws`, a loop of `send`' },
  {
    name: 'socket.io',
    websocket: { file: 'servers/socket-io.ts', dialect: 'socket.io' },
    about: 'Socket.IO rooms, WebSocket only',
  },
  {
    name: 'bun',
    websocket: { file: 'servers/bun.ts', dialect: 'plain' },
    about: "Bun's own server with native channels",
    runtime: 'bun',
  },
  {
    name: 'node-response',
    sse: { file: 'servers/node-response.ts', dialect: 'plain-stream' },
    about: 'a loop of `response.write` on node:http, as most event streams are written by hand',
  },
  {
    name: 'better-sse',
    sse: { file: 'servers/better-sse.ts', dialect: 'plain-stream' },
    about: 'better-sse, a channel that broadcasts',
  },
]
