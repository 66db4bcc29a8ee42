// What callers of the routes may send, field by field: how it is read, and what the document says of it. Unknown fields are
// refused: a filter that was misspelt must not answer everything.

import { RouteError } from './route-error.ts'
import type { Schema } from './schema.ts'

/** One field of a query or a body. */
export interface Field<Value> {
  readonly schema: Schema
  /** Reads a value that is there: text of a query, or JSON of a body. `undefined` when it does not fit. */
  read(value: unknown): Value | undefined
  /** What it is where it is left out. */
  readonly preset: Value
}

/** Fields by name. */
export type Fields = Readonly<Record<string, Field<unknown>>>

/** The values of fields. */
export type Values<Of extends Fields> = {
  readonly [Name in keyof Of]: Of[Name] extends Field<infer Value> ? Value : never
}

/** Any text, 1–256 characters. */
export function text(description: string): Field<string | undefined> {
  const read = (value: unknown): string | undefined =>
    typeof value === 'string' && value.length > 0 && value.length <= 256 ? value : undefined
  return { schema: { type: 'string', description }, read, preset: undefined }
}

/** One of some words. */
export function word<Word extends string>(words: readonly Word[], description: string): Field<Word | undefined> {
  const read = (value: unknown): Word | undefined => words.find((one) => one === value)
  return { schema: { type: 'string', enum: words, description }, read, preset: undefined }
}

/** A whole number in a range; without a preset it may be left out. */
export function integer(range: readonly [least: number, most: number], description: string): Field<number | undefined>
export function integer(
  range: readonly [least: number, most: number],
  description: string,
  preset: number,
): Field<number>
export function integer(
  [least, most]: readonly [least: number, most: number],
  description: string,
  preset?: number,
): Field<number | undefined> {
  const schema: Schema = { type: 'integer', minimum: least, maximum: most, description }
  return {
    schema: preset === undefined ? schema : { ...schema, default: preset },
    read: (value) => {
      const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
      return Number.isInteger(number) && (number as number) >= least && (number as number) <= most
        ? (number as number)
        : undefined
    },
    preset,
  }
}

/** A number above 0. */
export function positive(description: string): Field<number | undefined> {
  const read = (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined
  return { schema: { type: 'number', exclusiveMinimum: 0, description }, read, preset: undefined }
}

/** Reads what was sent. Throws a `RouteError` 400 that names the first field which cannot be used. */
export function readFields<Of extends Fields>(fields: Of, sent: Readonly<Record<string, unknown>>): Values<Of> {
  const unknown = Object.keys(sent).find((name) => !Object.hasOwn(fields, name))
  if (unknown !== undefined)
    throw badField(unknown, `is not known here; there are: ${Object.keys(fields).join(', ') || 'none'}`)
  const values = Object.entries(fields).map(([name, field]) => {
    const value = Object.hasOwn(sent, name) ? sent[name] : undefined
    if (value === undefined) return [name, field.preset]
    const read = field.read(value)
    if (read === undefined) throw badField(name, `must be ${inWords(field.schema)}`)
    return [name, read]
  })
  return Object.fromEntries(values) as Values<Of>
}

function badField(name: string, what: string): RouteError {
  return new RouteError(400, 'bad-request', `${JSON.stringify(name.slice(0, 100))} ${what}.`)
}

function inWords({ type, enum: words, minimum, maximum, exclusiveMinimum }: Schema): string {
  if (words !== undefined) return `one of ${words.join(', ')}`
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`
  return exclusiveMinimum === undefined ? 'text of 1 to 256 characters' : `a number above ${exclusiveMinimum}`
}
