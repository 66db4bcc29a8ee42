// Checks what callers of the API send, and says in words what does not fit.

import { z } from 'zod'
import { describeIssues } from 'staywire/protocol'
import { HttpError } from '../http/http-error.ts'
import type { RouteRequest } from '../http/route.ts'

/** The body of a request, checked. Throws an `HttpError` 400. */
export async function bodyOf<Output>(request: RouteRequest, schema: z.ZodType<Output>): Promise<Output> {
  return checked(schema, await request.json())
}

/** The query of a request, checked; of a repeated parameter the first counts. Throws an `HttpError` 400. */
export function queryOf<Output>({ query }: RouteRequest, schema: z.ZodType<Output>): Output {
  const first = Object.fromEntries([...query.keys()].map((name) => [name, query.get(name)]))
  return checked(schema, first)
}

/** An integer in a query. */
export function integer(least: number, most: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^\d{1,16}$/, 'must be an integer')
    .transform(Number)
    .pipe(z.int().min(least).max(most))
}

/** Any JSON value, but there has to be one. */
export const anyJson = z.unknown().refine((value) => value !== undefined, 'is missing')

function checked<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new HttpError(400, 'bad-request', describeIssues(result.error.issues))
}
