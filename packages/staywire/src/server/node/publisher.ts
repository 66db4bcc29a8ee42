// Publishes for the host: what a client's `publish` goes through, without asking who may. Resolves once stored.

import { utf8Length } from '../../protocol/byte-length.ts'
import { isChannelName } from '../../protocol/channel-name.ts'
import { isDeeperThan, key as checkKey, meta as checkMeta } from '../../protocol/check.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import type { Json } from '../../protocol/frame.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { Position } from '../../protocol/position.ts'
import type { Rules } from '../channel/rules.ts'
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
  async publish(channel: string, data: unknown, { key, meta }: Extras = {}): Promise<Published> {
    refuseMisfits(channel, key, meta)
    const { retention, data: schema } = this.#rules.of(channel)
    const text = this.#textOf(schema === undefined ? data : await check(schema, data))
    const answer = await this.#store.append({
      channel,
      data: text,
      ...(key !== undefined && { key }),
      ...(meta !== undefined && { meta: JSON.stringify(meta) }),
      retention,
    })
    if (answer.kind === 'stored')
      return { ...(answer.position && { position: answer.position }), duplicate: answer.duplicate }
    if (answer.kind !== 'failed') throw new TypeError(`An append was answered by ${answer.kind}.`)
    throw new StaywireError(
      answer.code,
      answer.message,
      answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs },
    )
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
