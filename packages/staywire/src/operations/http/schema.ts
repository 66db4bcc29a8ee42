// JSON Schemas (draft 2020-12, as OpenAPI 3.1 uses them) of what the routes take and answer, and the few words they are made of.

/** A schema, as it stands in the document. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly (string | boolean)[]
  readonly const?: string | boolean
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly default?: unknown
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly anyOf?: readonly Schema[]
}

export const TEXT: Schema = { type: 'string' }
export const NUMBER: Schema = { type: 'number' }
export const COUNT: Schema = { type: 'integer', minimum: 0 }
export const YES_NO: Schema = { type: 'boolean' }
/** Unix time in milliseconds. */
export const TIME: Schema = { type: 'integer', description: 'Unix time in milliseconds.' }

/** The same, with a sentence about it. */
export function about(description: string, schema: Schema): Schema {
  return { ...schema, description }
}

/** One of some words. */
export function oneOf(words: readonly string[]): Schema {
  return { type: 'string', enum: words }
}

/** A list. */
export function listOf(items: Schema): Schema {
  return { type: 'array', items }
}

/** An object whose keys are not known, with values of one kind. */
export function mapOf(values: Schema): Schema {
  return { type: 'object', additionalProperties: values }
}

/** An object: `required` fields are always there, `optional` ones where they mean something. Nothing else is. */
export function object(
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  }
}

/** A schema that stands in the document under a name. */
export function named(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` }
}
