// Reads a JSON body within its limits: type, size, depth. What is in it is the handler's to check.

import type { IncomingMessage } from 'node:http'
import { LIMITS } from 'staywire/protocol'
import { HttpError } from './http-error.ts'

/** Largest body, in bytes. */
const MAX_BODY_BYTES = 1_048_576

/** Deepest nesting of a body: a frame's depth, as bodies carry what frames carry. */
const MAX_DEPTH = LIMITS.jsonDepth.value

/** The body as JSON; `undefined` for a request without one. Throws an `HttpError`. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const { 'content-type': type = '', 'content-length': length } = request.headers
  if (length === undefined && request.headers['transfer-encoding'] === undefined) return undefined
  if (Number(length) === 0) return undefined
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new HttpError(415, 'unsupported-media-type', 'The body must be JSON: content-type: application/json.')
  }
  if (Number(length) > MAX_BODY_BYTES) throw tooLarge()
  return parse(await read(request))
}

/** By events: leaving an async iteration early would destroy the socket, and with it the answer. */
function read(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const take = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes <= MAX_BODY_BYTES) return void chunks.push(chunk)
      request.off('data', take)
      reject(tooLarge())
    }
    request.on('data', take)
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.once('error', reject)
    request.once('close', () => reject(new HttpError(400, 'cut-off', 'The body ended before its end.')))
  })
}

function parse(text: string): unknown {
  // Looked at before parsing: the parser itself would recurse as deep as it is told.
  if (depthOf(text) > MAX_DEPTH)
    throw new HttpError(400, 'too-deep', `The JSON is nested deeper than ${MAX_DEPTH} levels.`)
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new HttpError(400, 'bad-json', 'The body is not JSON.')
  }
}

/** How deep brackets nest, strings left out. Exact for JSON; for anything else the parser has the last word. */
export function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let index = 0; index < text.length; index++) {
    const char = text[index]
    if (char === '"') index = endOfString(text, index)
    else if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth)
    else if (char === ']' || char === '}') depth--
  }
  return deepest
}

function endOfString(text: string, start: number): number {
  let index = start + 1
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1
  return index
}

function tooLarge(): HttpError {
  // The rest of the body is not read: the connection cannot be used again.
  return new HttpError(413, 'payload-too-large', `The body is larger than ${MAX_BODY_BYTES} bytes.`, {
    Connection: 'close',
  })
}
