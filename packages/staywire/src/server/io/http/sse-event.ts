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
export const COMMENT = ':\n\n'

/** The event of a frame. */
export const sseEncoder: FrameEncoder = {
  encode: (text) => Buffer.from(`data: ${text}\n\n`),
}

/** The text of a frame with more fields for its event: `sseEncoder` writes it as it is. Values must be the server's own making. */
export function withFields(text: string, fields: Readonly<Record<string, string | undefined>>): string {
  let all = text
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) all += `\n${name}: ${value}`
  return all
}
