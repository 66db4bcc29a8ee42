// Answers over HTTP that are no stream: JSON, never kept by anybody. What is refused is said by a frame, so that a client reads
// one language on every transport.

import { CLOSE } from '../../../protocol/close-code.ts'
import { ERRORS, type ErrorCode } from '../../../protocol/error-code.ts'
import type { DisconnectFrame } from '../../../protocol/frame.ts'
import type { Exchange } from './exchange.ts'

/** When a client that is refused for want of room may ask again, where nothing else is told. */
const RETRY_AFTER_MS = 1_000

/** HTTP statuses for close codes; 503 for all others. PROTOCOL.md, POST-2. */
const STATUS: Readonly<Record<number, number>> = {
  [CLOSE.tokenMissing.code]: 401,
  [CLOSE.tokenInvalid.code]: 401,
  [CLOSE.identityRefused.code]: 403,
  [CLOSE.tokenExpired.code]: 401,
  [CLOSE.tokenRevoked.code]: 401,
  [CLOSE.connectTimeout.code]: 408,
  [CLOSE.rateLimited.code]: 429,
  [CLOSE.addressLimit.code]: 429,
  [CLOSE.userLimit.code]: 429,
  [CLOSE.replaced.code]: 409,
  [CLOSE.kicked.code]: 403,
  [CLOSE.banned.code]: 403,
  [CLOSE.protocolError.code]: 400,
  [CLOSE.frameTooLarge.code]: 413,
}

/** Why a request is refused. */
export interface HttpRefusal {
  readonly status: number
  readonly code: ErrorCode
  readonly message: string
}

/** With these some of the request may not have been read: it must not be taken for the next one. */
const UNREAD: readonly number[] = [408, 413, 503]

/** Sends JSON, once. */
export function answerJson(exchange: Exchange, status: number, json: string | Uint8Array): void {
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(json),
    'Cache-Control': 'no-store',
    ...(UNREAD.includes(status) && { Connection: 'close' }),
  }
  exchange.answer(status, headers, json)
}

/** Refuses a request with an `error` frame. */
export function refuse(exchange: Exchange, { status, code, message }: HttpRefusal): void {
  const { temporary } = ERRORS[code]
  if (status === 503) exchange.setHeader('Retry-After', String(RETRY_AFTER_MS / 1_000))
  answerJson(exchange, status, JSON.stringify({ type: 'error', code, message, temporary }))
}

/** Refuses a connection that never came to be with its `disconnect` frame. */
export function turnAway(exchange: Exchange, frame: DisconnectFrame): void {
  const status = STATUS[frame.code] ?? 503
  if (status === 503 || status === 429)
    exchange.setHeader('Retry-After', String(Math.ceil((frame.retryAfterMs ?? RETRY_AFTER_MS) / 1_000)))
  answerJson(exchange, status, JSON.stringify(frame))
}
