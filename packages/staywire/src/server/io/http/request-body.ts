// Reads the body of a request as text: so many bytes, in so much time, in UTF-8, and no others.

import type { IncomingMessage } from 'node:http'
import type { HttpRefusal } from './answer.ts'

/** Bounds of a body. */
export interface BodyLimits {
  readonly bytes: number
  readonly withinMs: number
}

/** A body. */
export interface Body {
  readonly text: string
  readonly bytes: number
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** The body, or why it is refused; `undefined` when whoever was sending it went away. */
export async function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
): Promise<Body | { readonly refusal: HttpRefusal } | undefined> {
  if (request.headers['content-encoding'] !== undefined)
    return refusal(415, 'unsupported', 'Bodies are read as they are, not compressed.')
  const read = await collect(request, limits)
  if (read === 'gone') return undefined
  if (read === 'large') return refusal(413, 'payload-too-large', `The body may have ${limits.bytes} bytes.`)
  if (read === 'late') return refusal(408, 'timeout', 'The body did not arrive in time.')
  try {
    return { text: UTF8.decode(read), bytes: read.length }
  } catch {
    return refusal(400, 'bad-frame', 'The body is not UTF-8.')
  }
}

function collect(
  request: IncomingMessage,
  { bytes, withinMs }: BodyLimits,
): Promise<Buffer | 'large' | 'late' | 'gone'> {
  if (Number(request.headers['content-length'] ?? 0) > bytes) return Promise.resolve('large')
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const end = (read: Buffer | 'large' | 'late' | 'gone'): void => {
      clearTimeout(timer)
      request.removeAllListeners('data')
      resolve(read)
    }
    const timer = setTimeout(end, withinMs, 'late')
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > bytes) return end('large')
      chunks.push(chunk)
    })
    request.on('end', () => end(Buffer.concat(chunks, size)))
    request.on('error', () => end('gone'))
    request.on('close', () => end('gone'))
  })
}

function refusal(status: number, code: HttpRefusal['code'], message: string): { refusal: HttpRefusal } {
  return { refusal: { status, code, message } }
}
