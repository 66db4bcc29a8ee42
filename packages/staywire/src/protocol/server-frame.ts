// Reads the frames that servers send, for clients. Only what a client relies on is checked, and not in words: what does not
// fit is dropped, so that a newer server can say more.

import type { ServerFrame } from './frame.ts'
import { isOffset, isPosition } from './position.ts'
import { parseObject } from './wire-text.ts'

type Shape = (value: unknown) => boolean

const string: Shape = (value) => typeof value === 'string'
const truth: Shape = (value) => typeof value === 'boolean'
const finite: Shape = Number.isFinite
const anything: Shape = () => true
const list = (item: Shape): Shape => (value) => Array.isArray(value) && value.every(item)

/** An object with these fields; a name ending in `?` may be absent. Unknown fields are ignored. */
const object =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, fits]) => {
      const field = name.replace('?', '')
      return Object.hasOwn(value, field) ? fits((value as Record<string, unknown>)[field]) : field !== name
    })

const bare = object({})
const change = object({ channel: string, memberCount: isOffset, presenceVersion: isOffset })

/** What each server frame consists of. PROTOCOL.md, the table of frames. */
const SHAPES: Readonly<Record<ServerFrame['type'], Shape>> = {
  connected: object({
    connection: string,
    'session?': object({ id: string, secret: string }),
    user: string,
    heartbeat: object({ intervalMs: isOffset, timeoutMs: isOffset }),
    spreadMs: isOffset,
    limits: object({ frameBytes: isOffset }),
    dedupe: object({ windowMs: isOffset, life: string }),
    'tokenExpiresInMs?': finite,
    'previous?': object({ code: isOffset, reason: string }),
  }),
  subscribed: object({
    channel: string,
    'position?': isPosition,
    outcome: (value) => value === 'live' || value === 'recovered' || value === 'gap',
    'gap?': object({ from: isPosition, to: isPosition, why: string }),
    'members?': list(bare),
  }),
  unsubscribed: object({ channel: string, code: string, reason: string }),
  published: object({ id: isOffset, 'position?': isPosition }),
  publication: object({ channel: string, 'offset?': isOffset, 'prev?': isOffset, data: anything, at: finite }),
  result: object({ id: isOffset, 'publications?': list(object({ data: anything })), 'members?': list(bare) }),
  error: object({ 'id?': isOffset, code: string, message: string, temporary: truth, 'retryAfterMs?': finite }),
  join: change,
  leave: change,
  ping: bare,
  pong: bare,
  disconnect: object({ code: isOffset, reason: string, 'retryAfterMs?': finite, 'term?': isOffset }),
}

/** Reads a frame sent by a server; `undefined` for what is none of this version. PROTOCOL.md, FRAME-2 and FRAME-4. */
export function decodeServerFrame(text: string): ServerFrame | undefined {
  const value = parseObject(text)
  const type = value?.['type']
  return typeof type === 'string' && Object.hasOwn(SHAPES, type) && SHAPES[type as ServerFrame['type']](value) ? (value as unknown as ServerFrame) : undefined
}
