// Small checks for the fields of frames. A check answers what was expected when a value does not fit, and nothing when it does.

import { isChannelName } from './channel-name.ts'
import { CHANNEL_NAME_BYTES, KEY_BYTES, META_BYTES } from './limits.ts'
import { isOffset, isPosition } from './position.ts'

/** Answers what was expected, or `undefined` when the value fits. */
export type Check = (value: unknown) => string | undefined

/** One field of an object. */
interface Field {
  readonly name: string
  readonly optional: boolean
  readonly check: Check
}

/** The fields of one frame or of one object in it. Unknown fields are ignored. */
export type Fields = readonly Field[]

/** Fields from their checks by name; a name ending in `?` may be absent. Read once, not with each frame. */
export function fields(checks: Readonly<Record<string, Check>>): Fields {
  return Object.entries(checks).map(([text, check]) => {
    const optional = text.endsWith('?')
    return { name: optional ? text.slice(0, -1) : text, optional, check }
  })
}

const expect =
  (expected: string, fits: (value: unknown) => boolean): Check =>
  (value) =>
    fits(value) ? undefined : expected

export const anything: Check = expect('any JSON value', (value) => value !== undefined)
export const truth: Check = expect('true or false', (value) => typeof value === 'boolean')
export const count: Check = expect('an integer of 0 or more', isOffset)
export const id: Check = expect('a positive safe integer', (value) => isOffset(value) && value > 0)
export const channel: Check = expect(
  `a channel name (1–${CHANNEL_NAME_BYTES} ASCII letters, digits and : . _ - @ $ / %)`,
  isChannelName,
)
export const position: Check = expect('a position {"epoch": string, "offset": integer of 0 or more}', isPosition)
export const key: Check = /* @__PURE__ */ expect(
  `a key of 1–${KEY_BYTES} printable ASCII characters`,
  (value) => typeof value === 'string' && value.length <= KEY_BYTES && /^[!-~]+$/.test(value),
)
export const meta: Check = /* @__PURE__ */ expect(
  `an object of at most ${META_BYTES} bytes`,
  (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && JSON.stringify(value).length <= META_BYTES,
)

/** A string of at most `max` characters. */
export const text = (max: number): Check =>
  expect(`a string of at most ${max} characters`, (value) => typeof value === 'string' && value.length <= max)

/** One of a few words. */
export const oneOf = (...words: readonly string[]): Check =>
  expect(words.map((word) => JSON.stringify(word)).join(' or '), (value) => words.includes(value as string))

/** An array of at most `max` items that all fit `item`. */
export function list(item: Check, max = Number.MAX_SAFE_INTEGER): Check {
  return (value) => {
    if (!Array.isArray(value) || value.length > max) return `an array of at most ${max} items`
    for (const [index, one] of value.entries()) {
      const expected = item(one)
      if (expected !== undefined) return `${expected} at [${index}]`
    }
    return undefined
  }
}

/** An object whose fields fit. */
export function object(checks: Readonly<Record<string, Check>>): Check {
  const all = fields(checks)
  return (value) => {
    if (typeof value !== 'object' || value === null) return 'an object'
    const problem = firstMisfit(value as Record<string, unknown>, all)
    return problem === undefined ? undefined : `an object whose ${problem.field} is ${problem.expected}`
  }
}

/** The first field that does not fit, in their order. */
export function firstMisfit(
  value: Readonly<Record<string, unknown>>,
  all: Fields,
): { field: string; expected: string } | undefined {
  for (const { name, optional, check } of all) {
    const present = Object.hasOwn(value, name)
    if (optional && !present) continue
    const expected = check(present ? value[name] : undefined)
    if (expected !== undefined) return { field: name, expected }
  }
  return undefined
}

/** Whether `value` nests deeper than `levels`. Recursion ends at that depth, so hostile nesting costs nothing. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const inner of Object.values(value)) if (isDeeperThan(inner, levels - 1)) return true
  return false
}
