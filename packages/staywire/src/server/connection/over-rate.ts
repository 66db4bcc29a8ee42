// What becomes of a frame that is one too many: it is refused for a while; who goes on regardless is sent away. PROTOCOL.md, LIM-7.

import { CLOSE } from '../../protocol/close-code.ts'
import type { Decoded } from '../../protocol/codec.ts'
import type { ClientFrame } from '../../protocol/frame.ts'
import type { Excess } from '../guard/rates.ts'
import { closeOutput } from './closing.ts'
import type { Connection } from './connection.ts'
import type { Output } from './output.ts'
import { Refusals } from './refusals.ts'
import { errorOutput, type Failure } from './request.ts'
import { isSignal } from './request-of.ts'

/** A client that is further ahead of its rate than this does not listen. */
const LEEWAY_MS = 1_000

/** Does what follows from an excess; answers whether the frame is to be left alone. */
export function overRate(
  connection: Connection,
  { limit, byMs }: Excess,
  decoded: Decoded<ClientFrame> | undefined,
  out: Output[],
): boolean {
  const { id, user, address } = connection
  const report: Output = {
    type: 'report',
    event: { type: 'limited', limit, outcome: 'refused', connection: id, user, address },
  }
  const retryAfterMs = Math.ceil(byMs)
  if (byMs > LEEWAY_MS) {
    connection.emit(report, out)
    connection.emit(closeOutput(CLOSE.rateLimited, { retryAfterMs }), out)
    return true
  }
  const frame = decoded !== undefined && 'frame' in decoded ? decoded.frame : undefined
  if (frame === undefined || isSignal(frame)) return false
  const failure: Failure = { code: 'rate-limited', message: `Too many frames: see ${limit}.`, retryAfterMs }
  // What follows in its channel must not overtake it. PROTOCOL.md, PUB-15.
  if (frame.type === 'publish' && frame.key !== undefined)
    (connection.refusals ??= new Refusals()).note(frame.channel, frame.key, failure)
  connection.emit(errorOutput('id' in frame ? frame.id : undefined, failure), out)
  connection.emit(report, out)
  return true
}
