// Answers the probe of clients: `GET <path>/health`. Everything else is somebody else's.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Origins } from './origin.ts'
import { pathOf } from './upgrade.ts'

/** Answers `GET <path>/health`; says whether the request was its own. PROTOCOL.md, HTTP-3. */
export function answerHealth(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  origins: Origins,
  open: boolean,
): boolean {
  if (pathOf(request) !== `${path}/health`) return false
  const { origin } = request.headers
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Vary', 'Origin')
  if (origin !== undefined && origins.allows(request.headers)) response.setHeader('Access-Control-Allow-Origin', origin)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end()
    return true
  }
  response.writeHead(open ? 200 : 503, { 'Content-Type': 'application/json' })
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify({ status: open ? 'ok' : 'draining' }))
  return true
}
