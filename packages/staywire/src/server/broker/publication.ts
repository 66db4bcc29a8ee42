// From what is appended to what is stored: the publication, and what its key is remembered by. Pure.

import type { StoredPublication } from '../../protocol/codec.ts'
import type { Append } from './broker.ts'

/** The publication that an append becomes at `offset` (0 in ephemeral channels) and `at` (Unix milliseconds). */
export function publicationOf({ data, from, key, meta }: Append, offset: number, at: number): StoredPublication {
  if (from === undefined && key === undefined && meta === undefined) return { offset, data, at }
  return {
    offset,
    data,
    at,
    ...(from === undefined ? undefined : { from }),
    ...(key === undefined ? undefined : { key }),
    ...(meta === undefined ? undefined : { meta }),
  }
}

/** The text that two payloads share only if their `data` and `meta` are the same. PROTOCOL.md PUB-6, PUB-7. */
export function payloadText({ data, meta }: Append): string {
  return meta === undefined ? data : `${data.length}:${data}${meta}`
}

/** The text that two appends share only if channel, publishing user (or none) and key are the same. PROTOCOL.md PUB-8. */
export function keyScope(channel: string, from: string | undefined, key: string): string {
  return from === undefined ? `${channel} s${key}` : `${channel} u${from.length} ${from}${key}`
}
