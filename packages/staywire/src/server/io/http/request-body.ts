// Reads the body of a request as text: so many bytes, in so much time, in UTF-8, and no others.

import type { IncomingHttpHeaders } from 'node:http'
import type { HttpRefusal } from './answer.ts'
import type { BodyBudget } from './body-budget.ts'

/** Bounds of a body. */
export interface BodyLimits {
  readonly bytes: number
  readonly withinMs: number
  /** What all bodies may hold together while they arrive. */
  readonly budget: BodyBudget
}

/** A body. */
export interface Body {
  readonly text: string
  readonly bytes: number
}

/** Begins to read a body: tells its pieces, then its end, or that nobody sends it any more. Answers how to stop listening. */
export type BodyReader = (take: (chunk: Uint8Array) => void, end: () => void, gone: () => void) => () => void

/** Why there is no body. */
type Unread = 'large' | 'full' | 'late' | 'gone'

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The body, or why it is refused; `undefined` when whoever was sending it went away. `source` reads it; anything else is a body that
 * was read already: text, bytes, or what a parser made of JSON.
 */
export async function readBody(
  headers: IncomingHttpHeaders,
  source: unknown,
  limits: BodyLimits,
): Promise<Body | { readonly refusal: HttpRefusal } | undefined> {
  if (headers['content-encoding'] !== undefined)
    return refusal(415, 'unsupported', 'Bodies are read as they are, not compressed.')
  const read = isReader(source) ? await collect(headers, source, limits) : given(source, limits)
  if (read === 'gone') return undefined
  if (read === 'large') return refusal(413, 'payload-too-large', `The body may have ${limits.bytes} bytes.`)
  if (read === 'full') return refusal(503, 'rate-limited', 'Too many large bodies are under way.')
  if (read === 'late') return refusal(408, 'timeout', 'The body did not arrive in time.')
  try {
    return { text: UTF8.decode(read), bytes: read.length }
  } catch {
    return refusal(400, 'bad-frame', 'The body is not UTF-8.')
  }
}

function isReader(source: unknown): source is BodyReader {
  return typeof source === 'function'
}

function given(body: unknown, { bytes }: BodyLimits): Uint8Array | 'large' {
  const read = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return read.length > bytes ? 'large' : read
}

function collect(
  headers: IncomingHttpHeaders,
  read: BodyReader,
  { bytes, withinMs, budget }: BodyLimits,
): Promise<Uint8Array | Unread> {
  if (Number(headers['content-length'] ?? 0) > bytes) return Promise.resolve('large')
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = []
    const share = budget.open()
    let size = 0
    const end = (all: Uint8Array | Unread): void => {
      clearTimeout(timer)
      share.close()
      stop()
      resolve(all)
    }
    const take = (chunk: Uint8Array): void => {
      size += chunk.length
      if (size > bytes) return end('large')
      if (!share.take(chunk.length)) return end('full')
      chunks.push(chunk)
    }
    const timer = setTimeout(end, withinMs, 'late')
    const stop = read(
      take,
      () => end(Buffer.concat(chunks, size)),
      () => end('gone'),
    )
  })
}

function refusal(status: number, code: HttpRefusal['code'], message: string): { refusal: HttpRefusal } {
  return { refusal: { status, code, message } }
}
