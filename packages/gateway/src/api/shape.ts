// What routes take and answer, as JSON Schemas made of the schemas that check it.

import type { Schema } from 'staywire/operations'
import { z } from 'zod'

/** Where a publication stands. */
export const position = z.object({ epoch: z.string(), offset: z.int() })

/** The schema of an answer. */
export function shapeOf(schema: z.ZodType): Schema {
  return plain(z.toJSONSchema(schema, { io: 'output' }))
}

/** The schema of a body; it may be left out where nothing in it has to be there. */
export function bodyShape(schema: z.ZodType): { readonly schema: Schema; readonly required: boolean } {
  const shape = plain(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  return { schema: shape, required: (shape.required ?? []).length > 0 }
}

/** The fields of a query. */
export function queryShape(schema: z.ZodObject): Readonly<Record<string, { readonly schema: Schema }>> {
  const { properties = {} } = plain(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }))
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, { schema: field }]))
}

/** As it can stand inside a document. The only definitions that ours have are those of "any JSON", which an empty schema says too. */
function plain({ $schema: _, $defs: __, ...shape }: z.core.JSONSchema.BaseSchema): Schema {
  const text = JSON.stringify(shape)
  return JSON.parse(text, (_key, value: unknown) => (isReference(value) ? {} : value)) as Schema
}

function isReference(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$ref' in value
}
