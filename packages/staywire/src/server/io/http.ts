// Answers the probe of clients: `GET <path>/health`. Everything else is somebody else's.

import type { Exchange } from './http/exchange.ts'
import type { Origins } from './origin.ts'
import { pathOf } from './upgrade.ts'

/** Answers `GET <path>/health`; says whether the request was its own. PROTOCOL.md, HTTP-3. */
export function answerHealth(exchange: Exchange, path: string, origins: Origins, open: boolean): boolean {
  const { request } = exchange
  if (pathOf(request) !== `${path === '/' ? '' : path}/health`) return false
  const { origin } = request.headers
  exchange.setHeader('Cache-Control', 'no-store')
  exchange.setHeader('Vary', 'Origin')
  if (origin !== undefined && origins.allows(request.headers)) exchange.setHeader('Access-Control-Allow-Origin', origin)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    exchange.answer(405, { Allow: 'GET, HEAD' })
    return true
  }
  const json = JSON.stringify({ status: open ? 'ok' : 'draining' })
  exchange.answer(
    open ? 200 : 503,
    { 'Content-Type': 'application/json' },
    request.method === 'HEAD' ? undefined : json,
  )
  return true
}
