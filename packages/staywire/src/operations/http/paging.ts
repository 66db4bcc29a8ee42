// How long lists are cut into pages: live ones by offset, histories by number, so that what comes meanwhile moves nothing.

import type { Page } from '../history/ring.ts'
import { integer } from './field.ts'
import { COUNT, about, listOf, object, type Schema } from './schema.ts'

/** Of a list of what is there now. */
export const LIST = {
  limit: integer([0, 100_000], 'Most entries of one answer.', 1_000),
  offset: integer([0, 10_000_000], 'Entries to leave out at the beginning.', 0),
} as const

/** Of a history, newest first. */
export const HISTORY = {
  limit: integer([1, 10_000], 'Most entries of one answer.', 100),
  before: integer([1, Number.MAX_SAFE_INTEGER], 'Only what came before this number; `before` of the last answer.'),
} as const

/** One page of a list that is there as a whole. */
export function pageOf<Entry>(
  entries: readonly Entry[],
  { limit, offset }: { limit: number; offset: number },
): readonly Entry[] {
  return entries.slice(offset, offset + limit)
}

/** The window that a history is asked for. */
export function windowOf({ limit, before }: { limit: number; before: number | undefined }): {
  limit: number
  before?: number
} {
  return { limit, ...(before !== undefined && { before }) }
}

/** A page of a history under the name of what it holds. */
export function historyPage<Entry>(name: string, { entries, ...rest }: Page<Entry>): Readonly<Record<string, unknown>> {
  return { [name]: entries, ...rest }
}

/** The schema of such a page. */
export function historySchema(name: string, entry: Schema): Schema {
  const before = about('Ask for the next page with this; absent on the last.', COUNT)
  return object({ [name]: listOf(entry), total: COUNT }, { before })
}

/** Only what is there: for filters, whose absent fields are no fields. */
export function given<Values extends Readonly<Record<string, unknown>>>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  const there = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(there) as { [Name in keyof Values]?: Exclude<Values[Name], undefined> }
}
