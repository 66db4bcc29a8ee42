// A message of a client that is an array of frames, and how large each of them is. It handles none of them.

import { utf8Length } from '../../protocol/byte-length.ts'
import { LIMITS } from '../../protocol/limits.ts'
import { objectOf, parseJson } from '../../protocol/wire-text.ts'
import type { Phase } from '../connection/connection.ts'

/** One frame of a message. */
export interface Part {
  readonly value: object
  readonly bytes: number
}

/**
 * The frames of a message that is an array of them, each with its size in bytes; `undefined` for any other message, which is refused
 * like a text that is no frame. PROTOCOL.md, BATCH-1.
 */
export function partsOf(text: string, bytes: number, phase: Phase, frameBytes: number): readonly Part[] | undefined {
  if (!text.startsWith('[')) return undefined
  if (phase !== 'connected' && bytes > LIMITS.connectFrameBytes.value) return undefined
  const values = parseJson(text)
  if (!Array.isArray(values) || values.length === 0 || values.length > LIMITS.messageFrames.value) return undefined
  if (!values.every((value) => objectOf(value) !== undefined)) return undefined
  // Where all together are no larger than one frame may be, none need be measured alone.
  const share = bytes <= frameBytes ? Math.ceil(bytes / values.length) : undefined
  return (values as object[]).map((value) => ({ value, bytes: share ?? sizeOf(value) }))
}

/** Bytes of a value as JSON. What is nested too deep to be written is refused for that, whatever its size. */
function sizeOf(value: object): number {
  try {
    return utf8Length(JSON.stringify(value))
  } catch {
    return Infinity
  }
}
