/** Fan-out for clients without a WebSocket: event streams, beside others that write them, and polls. */

import { fanOut } from './fan-out.ts'

export const stream = fanOut(
  'stream',
  'event streams: 64 B to 1,000 subscribers of one channel, one publication at a time',
  { burst: 1, full: 600, quick: 200 },
  'sse',
)
export const streamBurst = fanOut(
  'stream-burst',
  'the same, 16 publications in one turn of the event loop',
  { burst: 16, full: 48, quick: 24 },
  'sse',
)
export const poll = fanOut(
  'poll',
  'polls: 64 B to 1,000 subscribers of one channel, each of which asks again for the next',
  { burst: 1, full: 120, quick: 60 },
  'poll',
)
