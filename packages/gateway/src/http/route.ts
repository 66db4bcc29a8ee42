// One route: a method, a path with named segments, who may call it, and what it does. Matches; does not dispatch.

import type { IncomingMessage } from 'node:http'
import type { DescribedRoute } from 'staywire/operations'
import type { Answer } from './answer.ts'

/**
 * Who may call a route: `anyone`; `admin`, see `admin-rule.ts`; `local`, only in development and only from this machine.
 */
export type Access = 'anyone' | 'admin' | 'local'

/** A request as a handler sees it. */
export interface RouteRequest {
  /** The named segments of the path, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The JSON body; `undefined` without one. Rejects with an `HttpError`. */
  json(): Promise<unknown>
  readonly raw: IncomingMessage
}

/** What a route takes and answers. */
export type RouteShape = Pick<DescribedRoute, 'query' | 'body' | 'answer' | 'errors'>

/** A route. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `/api/v1/connections/:id`: a segment that begins with a colon takes any one segment. */
  readonly path: string
  readonly access: Access
  /** What it does, in a sentence. */
  readonly about: string
  /** What it takes and answers, for the OpenAPI document. */
  readonly shape: RouteShape
  handle(request: RouteRequest): Answer | Promise<Answer>
}

/** The named segments of a path, when it matches the pattern. An empty segment matches no name. */
export function matchPath(pattern: string, segments: readonly string[]): Record<string, string> | undefined {
  const wanted = pattern.slice(1).split('/')
  if (wanted.length !== segments.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, want] of wanted.entries()) {
    const segment = segments[index] ?? ''
    if (want.startsWith(':') && segment !== '') parameters[want.slice(1)] = segment
    else if (want !== segment) return undefined
  }
  return parameters
}
