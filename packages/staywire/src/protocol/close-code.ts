// The close codes of the protocol: one table, whose ranges carry the verdict, so that a client needs one comparison.

/** What a close means for the client: PROTOCOL.md, CLOSE. `network` is a connection that vanished without a code of ours. */
export type CloseClass = 'auth' | 'connection' | 'capacity' | 'final' | 'network'

/** One row of the table. */
export interface CloseCode {
  readonly code: number
  /** The name in code and metrics. */
  readonly name: string
  /** The reason text sent with it (RFC 6455 §5.5.1: at most 123 bytes). */
  readonly reason: string
  /** What happened, for people. */
  readonly meaning: string
}

/** Every close code that Staywire sends, by name. */
export const CLOSE = {
  tokenMissing: {
    code: 4001,
    name: 'tokenMissing',
    reason: 'token missing',
    meaning: 'The connection brought no token and anonymous connections are not allowed.',
  },
  tokenInvalid: {
    code: 4002,
    name: 'tokenInvalid',
    reason: 'token invalid',
    meaning: 'The token could not be verified.',
  },
  identityRefused: {
    code: 4003,
    name: 'identityRefused',
    reason: 'identity refused',
    meaning: 'The token is genuine, but its user may not connect. Not retried with the same identity.',
  },
  tokenExpired: {
    code: 4004,
    name: 'tokenExpired',
    reason: 'token expired',
    meaning: 'The token ran out and was not refreshed in time.',
  },
  tokenRevoked: {
    code: 4005,
    name: 'tokenRevoked',
    reason: 'token revoked',
    meaning: 'The token, the session or the user was revoked.',
  },
  shuttingDown: {
    code: 4101,
    name: 'shuttingDown',
    reason: 'shutting down',
    meaning: 'The node is draining; another one, or the next process, will take the connection.',
  },
  noPong: {
    code: 4102,
    name: 'noPong',
    reason: 'no pong',
    meaning: 'A ping was not answered in time: the peer is dead or hangs.',
  },
  slowConsumer: {
    code: 4103,
    name: 'slowConsumer',
    reason: 'slow consumer',
    meaning: 'The peer read too slowly and its outbox reached the limit; it reconnects and recovers.',
  },
  serverError: {
    code: 4104,
    name: 'serverError',
    reason: 'server error',
    meaning: 'The server failed (also: authentication is unavailable); not the fault of the client.',
  },
  connectTimeout: {
    code: 4105,
    name: 'connectTimeout',
    reason: 'connect timeout',
    meaning: 'No valid connect frame arrived in time.',
  },
  idle: {
    code: 4106,
    name: 'idle',
    reason: 'idle',
    meaning:
      'Nothing was subscribed or sent for longer than the idle timeout. The client stays down until it has something to do or becomes visible.',
  },
  moved: {
    code: 4107,
    name: 'moved',
    reason: 'moved',
    meaning: 'The connection should be opened anew (rebalance, close-all).',
  },
  rateLimited: {
    code: 4201,
    name: 'rateLimited',
    reason: 'rate limited',
    meaning: 'The connection or its user sent more than its rate allows.',
  },
  nodeFull: {
    code: 4202,
    name: 'nodeFull',
    reason: 'node full',
    meaning: 'The node holds as many connections as it may, or takes no more at the moment.',
  },
  addressLimit: {
    code: 4203,
    name: 'addressLimit',
    reason: 'address limit',
    meaning: 'The network address holds as many connections as it may.',
  },
  userLimit: {
    code: 4204,
    name: 'userLimit',
    reason: 'user limit',
    meaning: 'The user holds as many connections as they may.',
  },
  replaced: {
    code: 4501,
    name: 'replaced',
    reason: 'replaced',
    meaning: 'A newer claim of the same session or slot took the place of this connection.',
  },
  kicked: {
    code: 4502,
    name: 'kicked',
    reason: 'kicked',
    meaning: 'An operator or the application ended this connection.',
  },
  banned: { code: 4503, name: 'banned', reason: 'banned', meaning: 'The user is banned.' },
  protocolError: {
    code: 4504,
    name: 'protocolError',
    reason: 'protocol error',
    meaning:
      'The peer sent what the protocol does not allow (unparsable text, a binary message, a frame before connect).',
  },
  frameTooLarge: {
    code: 4505,
    name: 'frameTooLarge',
    reason: 'frame too large',
    meaning: 'A frame exceeded the hard size limit.',
  },
  versionUnsupported: {
    code: 4506,
    name: 'versionUnsupported',
    reason: 'version unsupported',
    meaning: 'None of the offered protocol versions is spoken here.',
  },
  evicted: {
    code: 4507,
    name: 'evicted',
    reason: 'evicted by a newer connection',
    meaning:
      'A limit was reached and its policy closed the older connection. The client may return when visible after hidden, at most once a minute.',
  },
} as const satisfies Record<string, CloseCode>

/** The name of a close code of ours. */
export type CloseName = keyof typeof CLOSE

/** The classes by hundred. */
const CLASSES: Readonly<Record<number, CloseClass>> = { 40: 'auth', 41: 'connection', 42: 'capacity', 45: 'final' }

/** The class of a close code: by range for ours (4000–4599), `network` for every other code and for none. */
export function closeClass(code = 0): CloseClass {
  return CLASSES[Math.floor(code / 100)] ?? 'network'
}

/** The row of a code, or `undefined` for one that is not ours. */
export function closeCode(code: number): CloseCode | undefined {
  return Object.values<CloseCode>(CLOSE).find((row) => row.code === code)
}

/**
 * Whether a server application may close with `code`: one of ours, or one of its own in 4600–4999 (class `network` for the client).
 */
export function isUsableCloseCode(code: number): boolean {
  return closeCode(code) !== undefined || (Number.isInteger(code) && code >= 4600 && code <= 4999)
}
