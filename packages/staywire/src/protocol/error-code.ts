// The errors of the protocol and of the public APIs: one table, one class.

/** One row of the table. */
export interface ErrorRow {
  /** Whether trying the same again later may succeed. */
  readonly temporary: boolean
  /** Who reports it: the server in an `error` frame, or the client library to its application. */
  readonly origin: 'server' | 'client' | 'both'
  readonly meaning: string
}

/** Every error code. `docs/errors.md` has an entry for each. */
export const ERRORS = {
  'bad-frame': {
    temporary: false,
    origin: 'server',
    meaning: 'A frame has a missing field or a field of the wrong type.',
  },
  'unknown-frame': { temporary: false, origin: 'server', meaning: 'The frame type is not known to this server.' },
  'bad-channel': { temporary: false, origin: 'both', meaning: 'The channel name is not valid.' },
  'bad-position': { temporary: false, origin: 'server', meaning: 'The position is not an epoch and an offset.' },
  'bad-key': {
    temporary: false,
    origin: 'both',
    meaning: 'The idempotency key is empty, too long or has characters outside printable ASCII.',
  },
  'too-deep': { temporary: false, origin: 'both', meaning: 'The JSON is nested deeper than the limit.' },
  'payload-too-large': {
    temporary: false,
    origin: 'both',
    meaning: 'The publication or call is larger than the limit.',
  },
  'invalid-data': {
    temporary: false,
    origin: 'both',
    meaning: 'The data does not fit the schema of the channel or method.',
  },
  forbidden: { temporary: false, origin: 'server', meaning: 'No rule or claim allows this.' },
  'too-many-subscriptions': {
    temporary: false,
    origin: 'server',
    meaning: 'The connection has as many subscriptions as it may.',
  },
  'not-subscribed': {
    temporary: false,
    origin: 'server',
    meaning: 'The request needs a subscription to that channel.',
  },
  'no-history': { temporary: false, origin: 'server', meaning: 'The channel is ephemeral: it keeps no history.' },
  'no-presence': { temporary: false, origin: 'server', meaning: 'The channel does not keep presence.' },
  'idempotency-conflict': {
    temporary: false,
    origin: 'server',
    meaning: 'The key was used before with another payload.',
  },
  'unknown-method': { temporary: false, origin: 'server', meaning: 'No handler is registered for the called method.' },
  'call-failed': { temporary: false, origin: 'server', meaning: 'The handler of the call refused or failed.' },
  'token-refused': {
    temporary: false,
    origin: 'server',
    meaning: 'The new token was not accepted; the connection keeps the old one until it expires.',
  },
  'storage-unavailable': {
    temporary: true,
    origin: 'server',
    meaning: 'The store cannot take the publication now; nothing was stored.',
  },
  'rate-limited': { temporary: true, origin: 'server', meaning: 'Too many frames; retry after the told time.' },
  'server-error': { temporary: true, origin: 'server', meaning: 'The server or the application on it failed.' },
  timeout: { temporary: true, origin: 'both', meaning: 'No decision came in time.' },
  'outbox-full': {
    temporary: true,
    origin: 'client',
    meaning: 'The outbox holds as much as it may and its policy refuses more.',
  },
  unknown: {
    temporary: false,
    origin: 'client',
    meaning: 'The connection was lost and it can no longer be told whether this was done.',
  },
  expired: {
    temporary: false,
    origin: 'client',
    meaning: 'The time to live of the publish ran out before the server could answer.',
  },
  disconnected: { temporary: true, origin: 'client', meaning: 'There is no connection and this cannot wait for one.' },
  closed: { temporary: false, origin: 'both', meaning: 'The client, the server or the connection was closed.' },
  'bad-url': { temporary: false, origin: 'client', meaning: 'The URL cannot be used for a connection from this page.' },
  'bad-option': { temporary: false, origin: 'both', meaning: 'An option has a value that cannot be used.' },
  'no-websocket': { temporary: false, origin: 'client', meaning: 'This runtime has no WebSocket.' },
  unsupported: {
    temporary: false,
    origin: 'both',
    meaning: 'This is not possible in this runtime or on this transport.',
  },
} as const satisfies Record<string, ErrorRow>

/** The code of an error. */
export type ErrorCode = keyof typeof ERRORS

/** The codes whose row says `temporary`. */
type TemporaryCode = { [Code in ErrorCode]: (typeof ERRORS)[Code]['temporary'] extends true ? Code : never }[ErrorCode]

/** The same again, apart from the table: a client bundle need not carry all the words. A test holds the two together. */
const TEMPORARY: readonly TemporaryCode[] = [
  'storage-unavailable',
  'rate-limited',
  'server-error',
  'timeout',
  'outbox-full',
  'disconnected',
]

/** Whether the same may succeed later. */
export function isTemporary(code: string): boolean {
  return (TEMPORARY as readonly string[]).includes(code)
}

/** The one error class of the library: `message` says what went wrong with the value and the limit, `fix` what to do first. */
export class StaywireError extends Error {
  override readonly name = 'StaywireError'
  declare readonly code: ErrorCode
  /** What to do about it, first thing first. */
  declare readonly fix: string | undefined
  /** Whether the same may succeed later. */
  declare readonly temporary: boolean
  /** How long to wait before trying again, in milliseconds, where the server said so. */
  declare readonly retryAfterMs: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    more: { fix?: string; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, more)
    this.code = code
    this.temporary = isTemporary(code)
    this.fix = more.fix
    this.retryAfterMs = more.retryAfterMs
  }
}

/** Whether a word from the wire is a code of this version; others are treated as `server-error`. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value)
}
