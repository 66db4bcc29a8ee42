// The answer to a poll: several frames in one body. Judges none of them.

import { isOffset } from './position.ts'
import { parseObject } from './wire-text.ts'

/** What a poll brings. PROTOCOL.md, POLL-1. */
export interface Batch {
  readonly seq: number
  /** The frames, each as text again. */
  readonly frames: readonly string[]
}

/** Reads one; `undefined` for what is none. */
export function decodeBatch(text: string): Batch | undefined {
  const { seq, frames } = parseObject(text) ?? {}
  return isOffset(seq) && Array.isArray(frames)
    ? { seq, frames: frames.map((frame) => JSON.stringify(frame)) }
    : undefined
}
