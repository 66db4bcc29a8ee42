// Publishes of one connection that were refused for a while, and what must therefore not overtake them: a client has sent more before
// it learns of a refusal, and will send the refused ones again. Bounded per channel; it stores nothing and forgets with its connection.

import { ERRORS } from '../../protocol/error-code.ts'
import type { Failure } from './request.ts'

/** The refusals of one channel. */
interface Hold {
  readonly failure: Failure
  /** Keys that were refused. */
  readonly keys: Set<string>
  /** When the first one after it was stopped. */
  since: number | undefined
}

/** Keys that are remembered for a channel. */
const KEYS = 1_024
/** A client that sends none of them again by then does not care for order, and is not kept waiting. */
const LONGEST_MS = 10_000

/** What was refused. */
export class Refusals {
  readonly #holds = new Map<string, Hold>()

  /** A publish failed. Only what may be sent again under its key is waited for. */
  note(channel: string, key: string, failure: Failure): void {
    if (!ERRORS[failure.code].temporary) return
    const hold = this.#holds.get(channel)
    if (hold === undefined) this.#holds.set(channel, { failure, keys: new Set([key]), since: undefined })
    else if (hold.keys.size < KEYS) hold.keys.add(key)
  }

  /** Why a publish must not be stored now; `undefined` when it may: also when it was refused before, for then the client knows. */
  stops(channel: string, key: string, now: number): Failure | undefined {
    const hold = this.#holds.get(channel)
    if (hold === undefined) return undefined
    hold.since ??= now
    if (hold.keys.has(key) || now - hold.since >= LONGEST_MS) {
      this.#holds.delete(channel)
      return undefined
    }
    return hold.failure
  }
}
