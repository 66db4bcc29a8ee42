// The shape of channel rules in the configuration: what the library calls `channels`, as far as it can be written down.
// Whether a rule can be reached is the library's to say.

import { z } from 'zod'
import { compilePattern } from 'staywire/protocol'

const retention = z.strictObject({
  /** Publications kept. Default 1,000. */
  size: z.exactOptional(z.int().min(1).max(1_000_000)),
  /** How long each is kept, in milliseconds. Default a day. */
  ttlMs: z.exactOptional(z.int().min(1).max(31_536_000_000)),
})

const rule = z.strictObject({
  /** `false`: an ephemeral channel. */
  history: z.exactOptional(z.union([z.literal(false), retention], { error: 'false, or { size, ttlMs }' })),
  durability: z.exactOptional(z.enum(['memory', 'disk'])),
  presence: z.exactOptional(z.boolean()),
  subscribe: z.exactOptional(z.boolean()),
  publish: z.exactOptional(z.boolean()),
  readPresence: z.exactOptional(z.boolean()),
  readHistory: z.exactOptional(z.boolean()),
  /** Several publications in one message. */
  batch: z.exactOptional(
    z.strictObject({
      /** How long the first of them waits for others, in milliseconds. */
      maxDelayMs: z.int().min(1).max(60_000),
      /** Default 100. */
      maxCount: z.exactOptional(z.int().min(2).max(10_000)),
    }),
  ),
})

/** Rules by pattern, in the order written. */
export const channelRules = z.record(z.string().check(wellFormed), rule)

/** What is wrong with a pattern, in the library's words. */
function wellFormed({ value, issues }: z.core.ParsePayload<string>): void {
  try {
    compilePattern(value)
  } catch (error) {
    issues.push({ code: 'custom', input: value, message: (error as RangeError).message })
  }
}
