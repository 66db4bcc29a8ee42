// Publishes for the host: what a client's `publish` goes through, without asking who may. Resolves once stored.

import { utf8Length } from '../../protocol/byte-length.ts'
import { isChannelName } from '../../protocol/channel-name.ts'
import { isDeeperThan, key as checkKey, meta as checkMeta } from '../../protocol/check.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import type { Json } from '../../protocol/frame.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { Position } from '../../protocol/position.ts'
import type { Append } from '../broker/broker.ts'
import type { Rule, Rules } from '../channel/rules.ts'
import type { Answer } from '../connection/ask.ts'
import { check } from './decisions.ts'
import type { Store } from './store.ts'

/** What is published, besides the data. */
export interface Extras {
  readonly key?: string
  readonly meta?: { readonly [key: string]: Json }
}

/** What became of it. */
export interface Published {
  readonly position?: Position
  readonly duplicate: boolean
}

/** Levels that a publication frame and its `data` have around what is published. */
const FRAME_LEVELS = 1

/** The host's own publisher. */
export class Publisher {
  readonly #rules: Rules
  readonly #store: Store
  readonly #maxBytes: number

  constructor(rules: Rules, store: Store, maxBytes: number) {
    this.#rules = rules
    this.#store = store
    this.#maxBytes = maxBytes
  }

  /** Publishes. Rejects with a `StaywireError` that says what was wrong with what. */
  publish(channel: string, data: unknown, extras: Extras = {}): Promise<Published> {
    try {
      refuseMisfits(channel, extras.key, extras.meta)
      const rule = this.#rules.of(channel)
      if (rule.data === undefined) return this.#append(channel, rule, this.#textOf(data), extras)
      return check(rule.data, data).then((checked) => this.#append(channel, rule, this.#textOf(checked), extras))
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new TypeError(String(error)))
    }
  }

  #append(channel: string, { retention }: Rule, data: string, { key, meta }: Extras): Promise<Published> {
    const entry: { -readonly [Name in keyof Append]: Append[Name] } = { channel, data, retention }
    if (key !== undefined) entry.key = key
    if (meta !== undefined) entry.meta = JSON.stringify(meta)
    return this.#store.append(entry).then(published)
  }

  #textOf(data: unknown): string {
    const levels = LIMITS.jsonDepth.value - FRAME_LEVELS
    if (isDeeperThan(data, levels))
      throw new StaywireError('too-deep', `The data is nested deeper than ${levels} levels.`, {
        fix: 'Publish it as text, or flatter.',
      })
    const text = jsonOf(data)
    const bytes = text === undefined ? 0 : utf8Length(text)
    if (text === undefined)
      throw new StaywireError('invalid-data', 'The data cannot be written as JSON.', {
        fix: 'Publish null, booleans, numbers, strings, arrays and plain objects.',
      })
    if (bytes > this.#maxBytes) {
      throw new StaywireError(
        'payload-too-large',
        `The data has ${bytes} bytes as JSON; at most ${this.#maxBytes} are accepted.`,
        { fix: 'Publish a reference to it, or raise limits.frameBytes.' },
      )
    }
    return text
  }
}

function published(answer: Answer): Published {
  if (answer.kind === 'stored') {
    const { position, duplicate } = answer
    return position === undefined ? { duplicate } : { position, duplicate }
  }
  if (answer.kind !== 'failed') throw new TypeError(`An append was answered by ${answer.kind}.`)
  const { code, message, retryAfterMs } = answer
  throw new StaywireError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs })
}

function refuseMisfits(channel: string, key: string | undefined, meta: unknown): void {
  if (!isChannelName(channel)) {
    throw new StaywireError('bad-channel', `${JSON.stringify(String(channel).slice(0, 200))} is not a channel name.`, {
      fix: 'Use 1–128 ASCII letters, digits and : . _ - @ $ / %, without an empty segment.',
    })
  }
  const misfit = (key === undefined ? undefined : checkKey(key)) ?? (meta === undefined ? undefined : checkMeta(meta))
  if (misfit !== undefined)
    throw new StaywireError(
      key !== undefined && checkKey(key) !== undefined ? 'bad-key' : 'invalid-data',
      `Expected ${misfit}.`,
    )
}

/** JSON text, or `undefined` for what has none: functions, cycles, bigints. */
function jsonOf(data: unknown): string | undefined {
  try {
    return JSON.stringify(data)
  } catch {
    return undefined
  }
}
