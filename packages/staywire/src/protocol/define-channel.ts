// A channel definition shared by server and client: the pattern, the type of its data and the run-time check for it.

import { isChannelName } from './channel-name.ts'
import { compilePattern } from './channel-pattern.ts'
import { StaywireError } from './error-code.ts'
import { describeIssues, type Schema, type SchemaResult } from './schema.ts'

declare const dataOf: unique symbol

/** A channel name that remembers the type of its data. At run time a plain string. */
export type ChannelName<Data> = string & { readonly [dataOf]?: Data }

/** What `defineChannel` returns. */
export interface ChannelDefinition<Data> {
  /** The channel pattern, as a rule of a server names it. */
  readonly pattern: string
  /** The check for the data of every publication. */
  readonly data: Schema<Data>
  /** Whether a channel is one of the pattern. */
  matches(channel: string): boolean
  /** Runs the check. Throws `invalid-data` when it does not fit; a promise where the schema takes its time. */
  check(data: unknown): void | Promise<void>
  /** A channel of this pattern: its wildcards replaced, in order. `chat.name('1')` is `chat:1`. Throws `RangeError` when it does not fit. */
  name(...segments: readonly string[]): ChannelName<Data>
}

/**
 * Defines a channel once for both sides.
 * @example export const chat = defineChannel('chat:*', { data: z.object({ text: z.string() }) })
 */
export function defineChannel<Data>(pattern: string, { data }: { data: Schema<Data> }): ChannelDefinition<Data> {
  const compiled = compilePattern(pattern)
  const judge = ({ issues }: SchemaResult<Data>): void => {
    if (issues !== undefined)
      throw new StaywireError('invalid-data', `The data does not fit ${pattern}: ${describeIssues(issues)}.`)
  }
  return {
    pattern,
    data,
    matches: compiled.matches,
    check(value) {
      const result = data['~standard'].validate(value)
      return result instanceof Promise ? result.then(judge) : judge(result)
    },
    name(...segments) {
      const rest = [...segments]
      const parts = pattern
        .split(':')
        .flatMap((part) => (part === '**' ? rest.splice(0) : part === '*' ? rest.splice(0, 1) : [part]))
      const name = parts.join(':')
      if (rest.length > 0 || !isChannelName(name) || !compiled.matches(name))
        throw new RangeError(`${JSON.stringify(name)} is not a channel of the pattern ${pattern}.`)
      return name
    },
  }
}
