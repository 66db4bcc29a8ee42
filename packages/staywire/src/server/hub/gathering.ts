// What a channel with a `batch` rule gathers before it is sent: publications of one message, in order. Owns no timer and sends nothing.

import { EncodedFrame } from './encoded-frame.ts'

/** How publications of a channel are gathered. */
export interface BatchRule {
  /** Longest time for which the first of them waits for others. */
  readonly maxDelayMs: number
  /** Most of them in one message. */
  readonly maxCount: number
}

/** Most characters of a message of several publications: larger ones gain nothing. */
const MOST_CHARS = 65_536

/** The publications of one channel that wait. */
export class Gathering {
  readonly rule: BatchRule
  #frames: EncodedFrame[] = []
  #chars = 0
  /** Goes up with each message, so that a timer of an earlier one finds that it comes too late. */
  #round = 0

  constructor(rule: BatchRule) {
    this.rule = rule
  }

  /** Which message is being gathered. */
  get round(): number {
    return this.#round
  }

  /** How many wait. */
  get size(): number {
    return this.#frames.length
  }

  /** Adds one; says whether the message is full. */
  add(frame: EncodedFrame): boolean {
    this.#frames.push(frame)
    this.#chars += frame.text.length
    return this.#frames.length >= this.rule.maxCount || this.#chars >= MOST_CHARS
  }

  /** Takes what waits. */
  take(): readonly EncodedFrame[] {
    const frames = this.#frames
    this.#frames = []
    this.#chars = 0
    this.#round++
    return frames
  }
}

/** Several frames as one message. PROTOCOL.md, BATCH-2. */
export function joined(frames: readonly EncodedFrame[]): EncodedFrame {
  const [first, ...more] = frames
  if (first !== undefined && more.length === 0) return first
  return new EncodedFrame(`[${frames.map(({ text }) => text).join(',')}]`, first?.droppable, frames.length)
}
