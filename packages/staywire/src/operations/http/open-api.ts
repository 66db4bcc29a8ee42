// The OpenAPI document (version 3.1) of a list of routes. It describes what it is given; that it is all there is, a test sees to.

import { COMPONENTS } from './components.ts'
import type { Fields } from './field.ts'
import { named, type Schema } from './schema.ts'

/** What has to be known of a route to describe it. */
export interface DescribedRoute {
  readonly method: string
  readonly path: string
  readonly about: string
  /** Whether anybody may call it. */
  readonly open: boolean
  /** The fields of its query. */
  readonly query?: Fields | Readonly<Record<string, { readonly schema: Schema }>>
  /** The schema of its body, and whether there has to be one. */
  readonly body?: { readonly schema: Schema; readonly required: boolean }
  /** The schema of its answer, or its content type where that is not JSON. */
  readonly answer: Schema | { readonly contentType: string }
  /** Further statuses that it answers, with what they mean. */
  readonly errors?: Readonly<Record<number, string>>
}

const ANY_ADMIN: Readonly<Record<number, string>> = {
  401: 'No admin key was brought.',
  403: 'It is not the admin key.',
  404: 'There is no admin API, or nothing of that name.',
}
const KEY = 'adminKey'

/** The schema of a body that is made of fields. */
export function bodySchema(fields: Fields): { schema: Schema; required: boolean } {
  const properties = Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema]))
  return { schema: { type: 'object', properties, additionalProperties: false }, required: false }
}

/** The document. */
export function openApi(version: string, routes: readonly DescribedRoute[]): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) (paths[templated(route.path)] ??= {})[route.method.toLowerCase()] = operation(route)
  return {
    openapi: '3.1.0',
    info: { title: 'Staywire', version, description: 'Admin API, metrics and health of a Staywire node.' },
    paths,
    components: {
      schemas: COMPONENTS,
      securitySchemes: { [KEY]: { type: 'http', scheme: 'bearer', description: 'The admin key.' } },
    },
  }
}

function operation({ method, path, about, open, query = {}, body, answer, errors = {} }: DescribedRoute) {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const inQuery = Object.entries(query).map(([name, { schema }]) => ({ name, in: 'query', schema }))
  const content = 'contentType' in answer ? { [answer.contentType]: {} } : { 'application/json': { schema: answer } }
  const refusals = { 400: 'What was sent cannot be used.', ...(open ? {} : ANY_ADMIN), ...errors }
  return {
    operationId: idOf(method, path),
    summary: about,
    parameters: [...inPath, ...inQuery],
    ...(body && { requestBody: { required: body.required, content: { 'application/json': { schema: body.schema } } } }),
    responses: {
      200: { description: 'It is done.', content },
      ...Object.fromEntries(Object.entries(refusals).map(([status, what]) => [status, refusal(what)])),
    },
    security: open ? [] : [{ [KEY]: [] }],
  }
}

function refusal(description: string) {
  return { description, content: { 'application/json': { schema: named('Error') } } }
}

function templated(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}')
}

/** `getConnectionsById` for `GET /api/v1/connections/:id`. */
function idOf(method: string, path: string): string {
  const words = path
    .replace('/api/v1', '')
    .replaceAll(/:(\w+)/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
  return method.toLowerCase() + words.map((one) => one.charAt(0).toUpperCase() + one.slice(1)).join('')
}
