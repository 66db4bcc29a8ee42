// What is answered when handling a request failed: the status that fits, as JSON, or as a small page for somebody who looks
// at it in a browser. What went wrong inside stays inside.

import type { IncomingHttpHeaders } from 'node:http'
import { RouteError } from 'staywire/operations'
import { StaywireError, type ErrorCode } from 'staywire/server'
import { errorPage } from '../site/error-page.ts'
import { errorAnswer, type Answer } from './answer.ts'
import { HttpError } from './http-error.ts'

/** Statuses of the library's errors; 400 for those that are not here. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  closed: 503,
  forbidden: 403,
  'idempotency-conflict': 409,
  'invalid-data': 422,
  'no-history': 404,
  'no-presence': 404,
  'payload-too-large': 413,
  'rate-limited': 429,
  'server-error': 500,
  'storage-unavailable': 503,
  timeout: 504,
}

/** The answer for whatever was thrown. `unexpected` is called with what is nobody's fault but ours. */
export function answerOf(error: unknown, headers: IncomingHttpHeaders, unexpected: (error: unknown) => void): Answer {
  if (error instanceof HttpError) {
    if (error.status === 404 && wantsPage(headers)) return errorPage(404, 'Not found', error.message)
    return errorAnswer(error.status, error.code, error.message, error.headers)
  }
  if (error instanceof RouteError) return errorAnswer(error.status, error.code, error.message)
  if (error instanceof StaywireError) {
    const { code, message, fix, retryAfterMs } = error
    const retry = retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfterMs / 1_000)) }
    return errorAnswer(STATUS[code] ?? 400, code, fix === undefined ? message : `${message} ${fix}`, retry)
  }
  unexpected(error)
  return errorAnswer(500, 'server-error', 'The server failed; its log says more.')
}

/** Whether a person is looking: browsers ask for pages by name, programs do not. */
function wantsPage({ accept = '' }: IncomingHttpHeaders): boolean {
  return accept.includes('text/html')
}
