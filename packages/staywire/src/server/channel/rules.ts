// What the options say about channels: the first pattern that matches decides. It grants nothing itself; the guard does.

import { compilePattern, covers, type ChannelPattern } from '../../protocol/channel-pattern.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { Schema } from '../../protocol/schema.ts'
import type { Retention } from '../broker/broker.ts'
import type { BatchRule } from '../hub/gathering.ts'
import type { ChannelOptions } from '../options.ts'

/** What is in force for a channel. */
export interface Rule {
  /** The pattern as written; `undefined` for channels that no rule names. */
  readonly pattern: string | undefined
  readonly retention: Retention
  readonly presence: boolean
  /** `true`: everybody; `false`: nobody but by claim of the full name; `undefined`: by claim or `authorize`. */
  readonly subscribe: boolean | undefined
  readonly publish: boolean | undefined
  /** The same for seeing presence and reading history; `undefined`: as for `subscribe`. */
  readonly readPresence: boolean | undefined
  readonly readHistory: boolean | undefined
  readonly data: Schema | undefined
  /** How its publications are gathered; `undefined`: each is sent at once. */
  readonly batch: BatchRule | undefined
}

/** Channels whose rule is remembered; beyond it all are forgotten and looked up again. */
const MAX_REMEMBERED = 10_000
/** So many rules are held against a name sooner than it is found among all that are remembered. */
const FEW = 8

/** The rules of a server. */
export class Rules {
  readonly #rules: readonly { readonly pattern: ChannelPattern; readonly rule: Rule }[]
  readonly #unnamed: Rule
  readonly #remembered = new Map<string, Rule>()
  /** The one that was asked for last: whoever asks about a channel asks several times in a row. */
  #lastChannel = ''
  #lastRule: Rule

  /** Throws a `StaywireError` `bad-option` for a malformed pattern, one that is never reached, or a value that cannot be used. */
  constructor(channels: Readonly<Record<string, ChannelOptions>>, durability: Retention['durability']) {
    const patterns = Object.keys(channels)
    this.#rules = Object.entries(channels).map(([text, options], index) => {
      const earlier = patterns.slice(0, index).find((pattern) => covers(pattern, text))
      if (earlier !== undefined) {
        throw badRule(
          text,
          `is never reached: ${JSON.stringify(earlier)} matches all of its channels and is written before it`,
          'Write the narrower pattern first.',
        )
      }
      return { pattern: compile(text), rule: makeRule(text, options, durability) }
    })
    this.#unnamed = this.#lastRule = makeRule(undefined, {}, durability)
  }

  /** The rule of a channel (a valid name). */
  of(channel: string): Rule {
    if (channel === this.#lastChannel) return this.#lastRule
    this.#lastChannel = channel
    return (this.#lastRule = this.#rules.length <= FEW ? this.#find(channel) : this.#recall(channel))
  }

  #recall(channel: string): Rule {
    let rule = this.#remembered.get(channel)
    if (rule === undefined) {
      rule = this.#find(channel)
      if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear()
      this.#remembered.set(channel, rule)
    }
    return rule
  }

  #find(channel: string): Rule {
    for (const { pattern, rule } of this.#rules) if (pattern.matches(channel)) return rule
    return this.#unnamed
  }
}

function makeRule(pattern: string | undefined, options: ChannelOptions, durability: Retention['durability']): Rule {
  const { history = {}, presence = false, subscribe, publish, readPresence, readHistory, data, batch } = options
  return {
    pattern,
    presence,
    subscribe,
    publish,
    readPresence,
    readHistory,
    data,
    batch: batch && {
      maxDelayMs: positive(pattern, 'batch.maxDelayMs', batch.maxDelayMs),
      maxCount: positive(pattern, 'batch.maxCount', batch.maxCount ?? LIMITS.batchCount.value),
    },
    retention: {
      durability: options.durability ?? durability,
      ...(history !== false && {
        history: {
          size: positive(pattern, 'history.size', history.size ?? LIMITS.historySize.value),
          ttlMs: positive(pattern, 'history.ttlMs', history.ttlMs ?? LIMITS.historyTtlMs.value),
        },
      }),
    },
  }
}

function positive(pattern: string | undefined, name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw badRule(
    pattern ?? '',
    `has ${name} ${value}, which is no integer above 0`,
    'Use an integer above 0; a channel with `history: false` keeps nothing.',
  )
}

function compile(text: string): ChannelPattern {
  try {
    return compilePattern(text)
  } catch (error) {
    throw new StaywireError('bad-option', (error as RangeError).message, {
      fix: 'Use names, `*` for one segment and `**` at the end for the rest.',
      cause: error,
    })
  }
}

function badRule(pattern: string, problem: string, fix: string): StaywireError {
  return new StaywireError('bad-option', `The channel rule ${JSON.stringify(pattern)} ${problem}.`, { fix })
}
