// Text to frame and back. Refuses what does not fit, in words for whoever sent it; never throws.

import { firstMisfit, isDeeperThan, type Fields } from './check.ts'
import { CLIENT_FIELDS } from './client-frame.ts'
import type { ErrorCode } from './error-code.ts'
import type { ClientFrame, ServerFrame } from './frame.ts'
import { JSON_DEPTH } from './limits.ts'
import { objectOf, parseObject } from './wire-text.ts'

/** Why a text is not a frame. `fatal`: nothing in it can be answered, the connection ends with 4504. PROTOCOL.md, FRAME. */
export interface Refusal {
  readonly fatal: boolean
  /** The frame's `id`, where it has a readable one. */
  readonly id?: number
  /** The frame's `type`, where that is known and only a field of it does not fit. */
  readonly type?: string
  readonly code: ErrorCode
  readonly message: string
}

/** A frame, or why there is none. */
export type Decoded<Frame> = { readonly frame: Frame } | { readonly refusal: Refusal }

/** Reads a frame sent by a client. */
export function decodeClientFrame(text: string): Decoded<ClientFrame> {
  return decode<ClientFrame>(text, CLIENT_FIELDS)
}

/** Reads a frame sent by a client that is parsed already, among others in one body. Anything may be in it. */
export function readClientFrame(value: unknown): Decoded<ClientFrame> {
  return judge<ClientFrame>(objectOf(value), CLIENT_FIELDS)
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
  return judge(parseObject(text), table)
}

function judge<Frame>(
  value: Readonly<Record<string, unknown>> | undefined,
  table: Readonly<Record<string, Fields>>,
): Decoded<Frame> {
  if (value === undefined) return refuse(true, undefined, 'bad-frame', 'The text is not a JSON object.')
  const { type, id } = value as { type?: unknown; id?: unknown }
  const readableId = Number.isSafeInteger(id) && (id as number) > 0 ? (id as number) : undefined
  if (isDeeperThan(value, JSON_DEPTH)) {
    return refuse(false, readableId, 'too-deep', `The JSON is nested deeper than ${JSON_DEPTH} levels.`)
  }
  if (typeof type !== 'string') return refuse(false, readableId, 'bad-frame', 'The frame has no "type".')
  if (!Object.hasOwn(table, type))
    return refuse(false, readableId, 'unknown-frame', `No frame type is called ${JSON.stringify(type.slice(0, 32))}.`)
  const misfit = firstMisfit(value, table[type] as Fields)
  if (misfit === undefined) return { frame: value as unknown as Frame }
  const { field, expected } = misfit
  const { refusal } = refuse(
    false,
    readableId,
    FIELD_ERRORS[field] ?? 'bad-frame',
    `"${field}" of "${type}" must be ${expected}.`,
  )
  return { refusal: { ...refusal, type } }
}

/** Fields whose misfit has an error code of its own. */
const FIELD_ERRORS: Readonly<Record<string, ErrorCode | undefined>> = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ Object.create(null),
  {
    channel: 'bad-channel',
    position: 'bad-position',
    key: 'bad-key',
  },
)

function refuse(fatal: boolean, id: number | undefined, code: ErrorCode, message: string): { refusal: Refusal } {
  return { refusal: id === undefined ? { fatal, code, message } : { fatal, id, code, message } }
}
