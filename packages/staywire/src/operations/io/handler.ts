// Mounts the operations API on a Node HTTP server of the host. Closed by default: who may come in is the host's to say.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OperationsRoute, RouteAnswer } from '../http/route.ts'
import { RouteError } from '../http/route-error.ts'

/** Says who may use the API. A throw counts as no. */
export type Authorize = (request: IncomingMessage) => boolean | Promise<boolean>

const MAX_BODY_BYTES = 65_536

/** Answers what is a route of the API, and says whether it was one: everything else is left alone. Never rejects. */
export type OperationsHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

/** Makes the handler. */
export function makeHandler(routes: readonly OperationsRoute[], authorize: Authorize): OperationsHandler {
  return async (request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://any')
    const found = url === null ? undefined : find(routes, url.pathname)
    if (url === null || found === undefined) return false
    try {
      if (!(await isAllowed(authorize, request))) throw new RouteError(403, 'forbidden', 'This is not for you.')
      const chosen = found.routes.find(({ method }) => method === request.method)
      if (chosen === undefined) throw new RouteError(405, 'method-not-allowed', 'This cannot be done here.')
      const query = Object.fromEntries(url.searchParams)
      const body = await readBody(request)
      send(response, 200, await chosen.handle({ parameters: found.parameters, query, body }))
    } catch (error) {
      sendError(response, error)
    }
    return true
  }
}

interface Found {
  readonly routes: readonly OperationsRoute[]
  readonly parameters: Readonly<Record<string, string>>
}

function find(routes: readonly OperationsRoute[], path: string): Found | undefined {
  for (const { path: pattern } of routes) {
    const parameters = match(pattern, path)
    if (parameters !== undefined) return { routes: routes.filter((route) => route.path === pattern), parameters }
  }
  return undefined
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const segments = path.split('/')
  if (wanted.length !== segments.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, want] of wanted.entries()) {
    const segment = segments[index] ?? ''
    if (!want.startsWith(':')) {
      if (want !== segment) return undefined
    } else {
      const value = decoded(segment)
      if (value === undefined || value === '') return undefined
      parameters[want.slice(1)] = value
    }
  }
  return parameters
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

async function isAllowed(authorize: Authorize, request: IncomingMessage): Promise<boolean> {
  try {
    return (await authorize(request)) === true
  } catch {
    return false
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).byteLength
    if (bytes > MAX_BODY_BYTES) throw new RouteError(413, 'payload-too-large', `At most ${MAX_BODY_BYTES} bytes.`)
    chunks.push(chunk as Buffer)
  }
  if (bytes === 0) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown
  } catch {
    throw new RouteError(400, 'bad-json', 'The body is not JSON.')
  }
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof RouteError)
    return send(response, error.status, { json: { error: { code: error.code, message: error.message } } })
  send(response, 500, { json: { error: { code: 'server-error', message: 'The server failed.' } } })
}

function send(response: ServerResponse, status: number, answer: RouteAnswer): void {
  if (response.headersSent || response.destroyed) return
  const [text, type] =
    'text' in answer
      ? [answer.text, answer.contentType]
      : [`${JSON.stringify(answer.json)}\n`, 'application/json; charset=utf-8']
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(text)
}
