// The way down of long polls: one after the other, each telling which batch came last, repeated when it fails.

import type { Ending } from '../connection/ending.ts'
import { decodeBatch } from '../../protocol/batch.ts'
import { refusal, type Down } from './down.ts'
import { AGAIN_MS, pause, TRIES } from './upstream.ts'

/** A poll that waited this long did not fail for want of a server: something on the way has less patience. */
const PATIENT_MS = 3_000

/** Asks for a connection with a connect frame, and polls to its end. PROTOCOL.md, POLL. */
export async function readPolls(down: Down, connect: string): Promise<Ending> {
  const first = await down.post('poll', connect)
  if (!first.ok) return refusal(first, down)
  const batch = decodeBatch(await first.text())
  if (!batch) return { reason: 'answered by something else', unreached: true }
  let ack = 0
  const take = ({ seq, frames }: NonNullable<typeof batch>): void => {
    if (seq > ack) for (const text of frames) down.frame(text)
    ack = seq
  }
  take(batch)
  for (let tries = 0; tries < TRIES;) {
    const since = performance.now()
    const [status, next] = await poll(down, ack)
    if (next) {
      tries = 0
      take(next)
    } else if (status >= 400 && status < 500) return { reason: `a poll was answered with status ${status}` }
    else if (performance.now() - since < PATIENT_MS) await pause(AGAIN_MS * 2 ** ++tries * Math.random())
  }
  return { reason: 'polls are not answered' }
}

/** The status of the answer, 0 without one, and the batch that it brings. */
async function poll(down: Down, ack: number): Promise<[status: number, batch?: ReturnType<typeof decodeBatch>]> {
  try {
    const response = await down.post('poll', `${down.credentials},"ack":${ack}}`)
    return [response.status, response.ok ? decodeBatch(await response.text()) : undefined]
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
    return [0]
  }
}
