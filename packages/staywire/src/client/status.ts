// Where a client stands and why. Types only.

import type { CloseClass } from '../protocol/close-code.ts'

/**
 * Where a client stands.
 * `idle`: nothing has asked for a connection yet · `connecting` · `connected` · `waiting`: dropped, the next attempt is at `retryAt` ·
 * `signed-out`: `getToken` returned nothing · `failed`: refused for its identity, waits for a new token or `connect()` ·
 * `gave-up`: the attempts are used up · `stopped`: the server ended it for good · `asleep`: closed as idle until there is something to do ·
 * `disconnected`: by the app's own `disconnect()` · `closed`: by `close()`, for ever.
 */
export type Status =
  | 'idle'
  | 'connecting'
  | 'connected'
  | 'waiting'
  | 'signed-out'
  | 'failed'
  | 'gave-up'
  | 'stopped'
  | 'asleep'
  | 'disconnected'
  | 'closed'

/** How frames travel: over a WebSocket, down in an event stream and up in requests, or in requests only. */
export type Transport = 'websocket' | 'sse' | 'poll'

/** Why the network failed, as far as the evidence tells. PROTOCOL.md, CAUSE. */
export type NetworkCause = 'offline' | 'server-down' | 'blocked' | 'proxy-timeout' | 'woke-up' | 'unknown'

/** Why the status is what it is. */
export interface Cause {
  /** The close code, where there was one of ours. */
  readonly code?: number | undefined
  readonly class: CloseClass | 'app'
  /** In words, for people. */
  readonly reason: string
  /** With class `network`. */
  readonly network?: NetworkCause | undefined
}

/** One entry of `client.errors()`. */
export interface ConnectionError extends Cause {
  /** Unix time in milliseconds. */
  readonly at: number
  /** What it is concluded from. */
  readonly evidence: {
    /** How far the attempt had come. */
    readonly phase: 'opening' | 'opened' | 'early' | 'connected'
    readonly transport?: Transport | undefined
    /** How long the connection had lived, in milliseconds. */
    readonly ageMs: number
    /** How long nothing had been heard, in milliseconds. */
    readonly silentMs: number
    readonly onLine?: boolean | undefined
    /** How late the last timer came, in milliseconds. */
    readonly timerLateMs: number
    readonly wireCode?: number | undefined
    /** Whether the server answered a probe, where one was made. */
    readonly answers?: boolean | undefined
  }
}
