// The way down of an event stream that was asked for by POST, so that the connect frame can go along, which EventSource has no
// room for. Reads what a Staywire server writes: frames in `data` lines. Everything else in a stream says nothing to it.

import type { Ending } from '../connection/ending.ts'
import { refusal, type Down } from './down.ts'
import { Lines } from './lines.ts'

/** Asks for a stream with a connect frame, and reads it to its end. PROTOCOL.md, SSE-1. */
export async function readStream(down: Down, connect: string): Promise<Ending> {
  const response = await down.post('sse', connect)
  const { body, headers } = response
  if (!response.ok || !body || !headers.get('Content-Type')?.startsWith('text/event-stream'))
    return refusal(response, down)
  const lines = new Lines((line) => {
    if (line.startsWith('data:')) down.frame(line.slice(5).trimStart())
  })
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
      lines.push(decoder.decode(chunk.value, { stream: true }))
  } catch (error) {
    return { reason: (error as Error).message }
  }
  return { reason: 'the stream ended' }
}
