// Reads the frames that servers send, for clients. Checks what a client computes with or reaches into, and nothing in words:
// what does not fit is dropped, so that a newer server can say more.

import type { ServerFrame } from './frame.ts'
import { isOffset } from './position.ts'
import { parseJson } from './wire-text.ts'

/** Whether `value` is an object with these fields; a name ending in `?` may be absent. Unknown fields are ignored. */
function has(value: unknown, names: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    names.split(' ').every((name) => {
      const field = name.replace('?', '')
      return Object.hasOwn(value, field)
        ? (FIELDS[field] ?? isOffset)((value as Record<string, unknown>)[field])
        : field !== name
    })
  )
}

/** The fields that are no offsets or other whole numbers. */
const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  type: isString,
  epoch: isString,
  heartbeat: (value) => has(value, 'intervalMs timeoutMs'),
  dedupe: (value) => has(value, 'windowMs'),
  position: (value) => has(value, 'epoch offset'),
  tokenExpiresInMs: Number.isFinite,
  retryAfterMs: Number.isFinite,
}

function isString(value: unknown): boolean {
  return typeof value === 'string'
}

const CHANGE = 'memberCount presenceVersion'
const BARE = 'type'

/** What is relied on in each server frame. PROTOCOL.md, the table of frames. */
const SHAPES: Readonly<Record<ServerFrame['type'], string>> = {
  connected: 'heartbeat spreadMs dedupe tokenExpiresInMs?',
  subscribed: 'position?',
  unsubscribed: BARE,
  published: BARE,
  publication: 'offset? prev?',
  result: BARE,
  error: 'retryAfterMs?',
  join: CHANGE,
  leave: CHANGE,
  ping: BARE,
  pong: BARE,
  disconnect: 'code retryAfterMs? term?',
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
  const { type } = (json ?? {}) as ServerFrame
  return Object.hasOwn(SHAPES, type) && has(json, `type ${SHAPES[type]}`) ? (json as ServerFrame) : undefined
}
