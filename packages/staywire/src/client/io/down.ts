// What the ways down without a WebSocket have in common: how they are read, and what refuses them.

import type { Ending } from '../connection/ending.ts'
import { decodeServerFrame } from '../../protocol/server-frame.ts'

/** What a way down is read with. */
export interface Down {
  /** Makes a request; rejects when nothing answers, and once the link was abandoned. */
  post(below: string, body: string): Promise<Response>
  /** A frame has come. */
  frame(text: string): void
  /** The fields that say whose request it is, as JSON without the closing brace; empty before `connected`. */
  readonly credentials: string
}

/** What a first answer that brings no connection says: the frame of its body, told as if it had come down, else its status. PROTOCOL.md, POST-2. */
export async function refusal(response: Response, down: Down): Promise<Ending> {
  const { status, headers } = response
  const text = await response.text()
  if (decodeServerFrame(text)?.type === 'disconnect') down.frame(text)
  const retryAfterMs = Number(headers.get('Retry-After')) * 1_000 || undefined
  return { reason: `answered with HTTP status ${status}`, unreached: true, retryAfterMs }
}
