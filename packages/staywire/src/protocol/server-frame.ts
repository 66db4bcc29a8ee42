// Reads the frames that servers send, for clients. Checks what a client computes with or reaches into, and nothing in words:
// what does not fit is dropped, so that a newer server can say more.

import type { ServerFrame } from './frame.ts'
import { isOffset } from './position.ts'
import { objectOf, parseJson } from './wire-text.ts'

type Shape = (value: unknown) => boolean

const string: Shape = (value) => typeof value === 'string'

/** An object with these fields; a name ending in `?` may be absent. Unknown fields are ignored. */
const object =
  (fields: Readonly<Record<string, Shape>> = {}): Shape =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, fits]) => {
      const field = name.replace('?', '')
      return Object.hasOwn(value, field) ? fits((value as Record<string, unknown>)[field]) : field !== name
    })

const change = object({ memberCount: isOffset, presenceVersion: isOffset })
const bare = object()

/** What is relied on in each server frame. PROTOCOL.md, the table of frames. */
const SHAPES: Readonly<Record<ServerFrame['type'], Shape>> = {
  connected: object({
    heartbeat: object({ intervalMs: isOffset, timeoutMs: isOffset }),
    spreadMs: isOffset,
    dedupe: object({ windowMs: isOffset }),
    'tokenExpiresInMs?': Number.isFinite,
  }),
  subscribed: object({ 'position?': object({ epoch: string, offset: isOffset }) }),
  unsubscribed: bare,
  published: bare,
  publication: object({ 'offset?': isOffset, 'prev?': isOffset }),
  result: bare,
  error: object({ 'retryAfterMs?': Number.isFinite }),
  join: change,
  leave: change,
  ping: bare,
  pong: bare,
  disconnect: object({ code: isOffset, 'retryAfterMs?': Number.isFinite, 'term?': isOffset }),
}

/** Reads a frame sent by a server; `undefined` for what is none of this version. PROTOCOL.md, FRAME-2 and FRAME-4. */
export function decodeServerFrame(text: string): ServerFrame | undefined {
  return frameOf(parseJson(text))
}

/** Reads a message of a server: a frame, or an array of them. PROTOCOL.md, BATCH-4. */
export function decodeServerMessage(text: string): readonly (ServerFrame | undefined)[] {
  return [parseJson(text)].flat().map(frameOf)
}

function frameOf(json: unknown): ServerFrame | undefined {
  const value = objectOf(json)
  const type = value?.['type']
  return typeof type === 'string' && Object.hasOwn(SHAPES, type) && SHAPES[type as ServerFrame['type']](value)
    ? (value as unknown as ServerFrame)
    : undefined
}
