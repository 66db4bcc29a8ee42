// One route of the operations API: a method, a path, what it takes, what it answers and how. It knows no HTTP server: whoever
// mounts it sees to who may call it.

import { readFields, type Fields, type Values } from './field.ts'
import { RouteError } from './route-error.ts'
import type { Schema } from './schema.ts'

/** A request as a route takes it. */
export interface RouteInput {
  /** The named segments of the path, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>
  /** Of a repeated parameter, any one. */
  readonly query: Readonly<Record<string, string>>
  /** The JSON body; `undefined` without one. */
  readonly body: unknown
}

/** What a route answers: JSON, or text of another type. */
export type RouteAnswer = { readonly json: unknown } | { readonly text: string; readonly contentType: string }

/** What the document says of a route. */
export interface RouteDescription {
  readonly query?: Fields
  readonly body?: Fields
  /** What a good answer looks like; absent where it is not JSON. */
  readonly answer?: Schema
  /** Statuses that it answers besides 200 and those that any route may have, with what they mean. */
  readonly errors?: Readonly<Record<number, string>>
}

/** A route. */
export interface OperationsRoute extends RouteDescription {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `/api/v1/connections/:id`: a segment that begins with a colon takes any one segment. */
  readonly path: string
  /** What it does, in a sentence. */
  readonly about: string
  /** Answers; rejects with a `RouteError`. */
  handle(input: RouteInput): Promise<RouteAnswer>
}

/** A route as it is written: its handler gets what was read. */
interface Draft<Query extends Fields, Body extends Fields> extends Pick<
  OperationsRoute,
  'method' | 'path' | 'about' | 'answer' | 'errors'
> {
  readonly query?: Query
  readonly body?: Body
  readonly handle: (request: {
    readonly parameters: Readonly<Record<string, string>>
    readonly query: Values<Query>
    readonly body: Values<Body>
  }) => unknown
}

type NoFields = Readonly<Record<never, never>>

/** Makes a route of a draft; what its handler returns is the JSON of the answer. */
export function route<Query extends Fields = NoFields, Body extends Fields = NoFields>(
  draft: Draft<Query, Body>,
): OperationsRoute {
  return {
    ...draft,
    handle: async ({ parameters, query, body }) => ({
      json: await draft.handle({
        parameters,
        query: readFields(draft.query ?? ({} as Query), query),
        body: readFields(draft.body ?? ({} as Body), fieldsOf(body)),
      }),
    }),
  }
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined) return {}
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new RouteError(400, 'bad-request', 'The body must be a JSON object.')
  return body as Readonly<Record<string, unknown>>
}
