// Text to frame and back: the only `JSON.parse` of wire text in the project. Refuses what does not fit, never throws.

import { firstMisfit, isDeeperThan, type Fields } from './check.ts'
import { CLIENT_FIELDS } from './client-frame.ts'
import type { ErrorCode } from './error-code.ts'
import type { ClientFrame, ServerFrame } from './frame.ts'
import { LIMITS } from './limits.ts'
import { SERVER_FIELDS } from './server-frame.ts'

/** Why a text is not a frame. `fatal`: nothing in it can be answered, the connection ends with 4504. PROTOCOL.md, FRAME. */
export interface Refusal {
  readonly fatal: boolean
  /** The frame's `id`, where it has a readable one. */
  readonly id?: number
  readonly code: ErrorCode
  readonly message: string
}

/** A frame, or why there is none. */
export type Decoded<Frame> = { readonly frame: Frame } | { readonly refusal: Refusal }

/** Reads a frame sent by a client. */
export function decodeClientFrame(text: string): Decoded<ClientFrame> {
  return decode<ClientFrame>(text, CLIENT_FIELDS)
}

/** Reads a frame sent by a server. A client drops what it refuses (an unknown type may be of a newer version). */
export function decodeServerFrame(text: string): Decoded<ServerFrame> {
  return decode<ServerFrame>(text, SERVER_FIELDS)
}

/** Writes a frame as text. Absent (`undefined`) fields are left out. */
export function encodeFrame(frame: ClientFrame | ServerFrame): string {
  return JSON.stringify(frame)
}

/** What is stored of a publication: `data` and `meta` are kept as the JSON text they travel as, parsed by nobody in between. */
export interface StoredPublication {
  readonly offset: number
  /** JSON text. */
  readonly data: string
  /** Unix time in milliseconds. */
  readonly at: number
  readonly from?: string
  readonly key?: string
  /** JSON text of an object. */
  readonly meta?: string
}

/** Writes a `publication` frame around data that is already JSON text. `offset` 0 (ephemeral channels) is left out. */
export function encodePublication(channel: string, publication: StoredPublication, prev?: number): string {
  const head = `{"type":"publication","channel":"${channel}",`
  const follows = prev === undefined ? '' : `"prev":${prev},`
  return `${head}${follows}${encodePublicationBody(publication)}`
}

/** The part after the channel, closing brace included: also an item of a page of history, with a `{` before it. */
export function encodePublicationBody({ offset, data, at, from, key, meta }: StoredPublication): string {
  let body = offset === 0 ? '' : `"offset":${offset},`
  body += `"data":${data},"at":${at}`
  if (from !== undefined) body += `,"from":${JSON.stringify(from)}`
  if (key !== undefined) body += `,"key":${JSON.stringify(key)}`
  if (meta !== undefined) body += `,"meta":${meta}`
  return `${body}}`
}

function decode<Frame>(text: string, table: Readonly<Record<string, Fields>>): Decoded<Frame> {
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(true, undefined, 'bad-frame', 'The text is not a JSON object.')
  }
  const { type, id } = value as { type?: unknown; id?: unknown }
  const readableId = Number.isSafeInteger(id) && (id as number) > 0 ? (id as number) : undefined
  if (isDeeperThan(value, LIMITS.jsonDepth.value)) {
    return refuse(false, readableId, 'too-deep', `The JSON is nested deeper than ${LIMITS.jsonDepth.value} levels.`)
  }
  if (typeof type !== 'string') return refuse(false, readableId, 'bad-frame', 'The frame has no "type".')
  if (!Object.hasOwn(table, type))
    return refuse(false, readableId, 'unknown-frame', `No frame type is called ${JSON.stringify(type.slice(0, 32))}.`)
  const misfit = firstMisfit(value as Record<string, unknown>, table[type] as Fields)
  if (misfit === undefined) return { frame: value as Frame }
  const { field, expected } = misfit
  return refuse(false, readableId, FIELD_ERRORS[field] ?? 'bad-frame', `"${field}" of "${type}" must be ${expected}.`)
}

/** Fields whose misfit has an error code of its own. */
const FIELD_ERRORS: Readonly<Record<string, ErrorCode | undefined>> = Object.assign(Object.create(null), {
  channel: 'bad-channel',
  position: 'bad-position',
  key: 'bad-key',
})

function refuse(fatal: boolean, id: number | undefined, code: ErrorCode, message: string): { refusal: Refusal } {
  return { refusal: id === undefined ? { fatal, code, message } : { fatal, id, code, message } }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
