// What a handler answers, and how it goes out: JSON by default, security headers always.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { LIMITS } from 'staywire/protocol'

/** An answer. At most one of `json` and `bytes`. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly bytes?: Uint8Array
}

/**
 * In every answer. Pages run only their own scripts and styles, talk only to this origin, and are framed by nobody; what is
 * no page is not sniffed into one.
 */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

/** 200 with a JSON body. */
export function ok(json: unknown): Answer {
  return { status: 200, json }
}

/** The body of every error: `{ error: { code, message } }`. */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers, json: { error: { code, message } } }
}

/** Sends an answer, and breaks it off when nobody reads on. Without a body for HEAD and 304. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, json, bytes }: Answer,
): void {
  const body = json === undefined ? bytes : Buffer.from(`${JSON.stringify(json)}\n`)
  const described =
    json === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' }
  const length = body === undefined || status === 304 ? {} : { 'Content-Length': String(body.byteLength) }
  response.setTimeout(LIMITS.unreadAnswerMs.value, () => response.destroy())
  response.writeHead(status, { ...SECURITY_HEADERS, ...described, ...length, ...headers })
  response.end(request.method === 'HEAD' || status === 304 ? undefined : body)
}
