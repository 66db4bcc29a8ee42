// Waiting for what must become true, with a deadline that a busy machine does not reach.

import { expect } from 'vitest'

const DEADLINE_MS = 60_000

/** `expect` on the newest of `value()`, again and again until it holds. `message` says what it is about. */
export function eventually<Value>(value: () => Value | Promise<Value>, message = '') {
  return expect.poll(value, { timeout: DEADLINE_MS, message })
}
