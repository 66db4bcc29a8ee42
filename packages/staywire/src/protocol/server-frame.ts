// The fields of the frames that servers send, for the codec of clients. Only what a client relies on is checked.

import {
  anything,
  channel,
  count,
  finite,
  id,
  list,
  object,
  oneOf,
  position,
  text,
  truth,
  type Fields,
} from './check.ts'
import type { ServerFrame } from './frame.ts'

const string = text(Number.MAX_SAFE_INTEGER)
const change: Fields = { channel, memberCount: count, presenceVersion: count }

/** What each server frame consists of. PROTOCOL.md, the table of frames. */
export const SERVER_FIELDS: Readonly<Record<ServerFrame['type'], Fields>> = {
  connected: {
    connection: string,
    'session?': object({ id: string, secret: string, ttlMs: count }),
    user: string,
    resumed: truth,
    serverTime: finite,
    heartbeat: object({ intervalMs: count, timeoutMs: count }),
    spreadMs: count,
    limits: object({ frameBytes: count, subscriptions: count }),
    dedupe: object({ windowMs: count, life: string }),
    'tokenExpiresInMs?': finite,
  },
  subscribed: {
    channel,
    'position?': position,
    outcome: oneOf('live', 'recovered', 'gap'),
    'recovering?': count,
    'gap?': object({ from: position, to: position, why: string }),
  },
  unsubscribed: { channel, code: string, reason: string },
  published: { id, 'position?': position },
  publication: { channel, 'offset?': count, 'prev?': count, data: anything, at: finite },
  result: { id, 'publications?': list(object({ data: anything })) },
  error: { 'id?': id, code: string, message: string, temporary: truth, 'retryAfterMs?': finite },
  join: change,
  leave: change,
  ping: {},
  pong: {},
  disconnect: { code: count, reason: string, 'retryAfterMs?': finite },
}
