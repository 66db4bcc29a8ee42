// One frame as one event of an event stream (WHATWG HTML §9.2). A frame is one line of JSON, in which CR and LF are escaped:
// nothing in it can end a field.

import type { FrameEncoder } from '../../hub/encoded-frame.ts'

/** What a stream is answered with: nobody on the way is to hold it back, change it or keep it. */
export const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-store, no-transform',
  'X-Accel-Buffering': 'no',
}

/** A line that clients ignore. */
const COMMENT = ':\n\n'

/** How a stream is written. */
export interface StreamEncoder extends FrameEncoder {
  readonly comment: Uint8Array
}

/** Events as they are. */
export const plainEvents: StreamEncoder = {
  encode: (text) => Buffer.from(eventOf(text)),
  comment: Buffer.from(COMMENT),
}

/** Events as chunks (RFC 9112 §7.1), for writing to the socket: made once for all streams, and written by nobody in between. */
export const chunkedEvents: StreamEncoder = {
  encode: (text) => chunkOf(eventOf(text)),
  comment: chunkOf(COMMENT),
}

/** The text of a frame with more fields for its event: encoders write it as it is. Values must be the server's own making. */
export function withFields(text: string, fields: Readonly<Record<string, string | undefined>>): string {
  let all = text
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) all += `\n${name}: ${value}`
  return all
}

function eventOf(text: string): string {
  return `data: ${text}\n\n`
}

function chunkOf(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
}
