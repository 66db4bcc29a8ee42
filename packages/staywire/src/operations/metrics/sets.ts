// The closed sets of label values. What is not in one is counted as its last value.

import { CLOSE, closeClass } from '../../protocol/close-code.ts'
import { ERRORS } from '../../protocol/error-code.ts'
import type { ClosedEvent, TransportName } from '../../server/observer/observer.ts'
import { OTHER } from './label.ts'

/** The transports. */
export const TRANSPORTS: readonly TransportName[] = ['websocket', 'sse', 'poll']

/** Close codes: ours, those of RFC 6455 §7.4.1 that browsers and networks send, and all others. */
export const CLOSE_CODES: readonly string[] = [
  ...['1000', '1001', '1005', '1006'],
  ...Object.values(CLOSE).map(({ code }) => String(code)),
  OTHER,
]

/** Codes of errors that are answered to frames. */
export const ERROR_CODES: readonly string[] = [...Object.keys(ERRORS), OTHER]

/** Why a handshake never became a connection. */
export const HANDSHAKE_CAUSES = [
  'tls',
  'request',
  'unfinished',
  'origin',
  'version',
  'draining',
  'auth',
  'capacity',
  'refused',
  'server',
  OTHER,
] as const

/** Why a handshake never became a connection. */
export type HandshakeCause = (typeof HANDSHAKE_CAUSES)[number]

/** Where the application's own code can fail. */
export const APPLICATION_PLACES: readonly string[] = [
  'authenticate',
  'authorize',
  'call',
  'connection',
  'observer',
  'presence',
  'signal',
  'listener',
  OTHER,
]

/** How streams end: in order, by silence or idleness, by a refusal or failure, or without a word. */
export const STREAM_ENDS = ['completed', 'timeout', 'error', 'dropped'] as const

const TIMEOUTS: readonly number[] = [CLOSE.noPong.code, CLOSE.connectTimeout.code, CLOSE.idle.code]
const ORDERLY: readonly number[] = [CLOSE.shuttingDown.code, CLOSE.moved.code, CLOSE.replaced.code]

/** How a stream ended. A bare stream can only be left without a word: for it that is an end in order. */
export function streamEnd({ code, by, lastReceived }: ClosedEvent): (typeof STREAM_ENDS)[number] {
  if (TIMEOUTS.includes(code)) return 'timeout'
  if (by === 'client' || ORDERLY.includes(code)) return 'completed'
  if (by === 'network') return lastReceived.length === 0 ? 'completed' : 'dropped'
  return 'error'
}

/** Why somebody who was let in never became a connection, by the code they were closed with. */
export function causeOfClose(code: number): HandshakeCause {
  switch (closeClass(code)) {
    case 'auth':
      return 'auth'
    case 'capacity':
      return 'capacity'
    case 'connection':
      return code === CLOSE.connectTimeout.code
        ? 'unfinished'
        : code === CLOSE.shuttingDown.code
          ? 'draining'
          : 'server'
    case 'final':
      return code === CLOSE.versionUnsupported.code ? 'version' : 'refused'
    case 'network':
      return 'unfinished'
  }
}

/** Causes that are told under another name before there is a connection. */
const TOLD: Readonly<Record<string, HandshakeCause>> = {
  forbidden: 'origin',
  closed: 'draining',
  handshake: 'request',
  target: 'request',
  'bad-frame': 'request',
}

/** Why a request was refused, by what was told. */
export function causeOfRefusal(told: string): HandshakeCause {
  return TOLD[told] ?? HANDSHAKE_CAUSES.find((cause) => cause === told) ?? OTHER
}

/** The place in the application that failed, without what varies: `listener of connected` is a listener. */
export function placeOf(where: string): string {
  return APPLICATION_PLACES.find((place) => where === place || where.startsWith(`${place} `)) ?? OTHER
}
