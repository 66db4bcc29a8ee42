// The whole examination, one diagnosis after another, each as soon as it is made. What depends on something broken is skipped,
// and said so.
import { checkBuffering } from './checks/buffering.ts'
import { checkFrameSize } from './checks/frame-size.ts'
import { checkIdle } from './checks/idle.ts'
import { checkOrigin } from './checks/origin.ts'
import { checkHealth, checkName, checkTls } from './checks/reach.ts'
import { checkTransport, type Looked } from './checks/transport.ts'
import type { Diagnosis, Patient } from './diagnosis.ts'
import { PollLine } from './poll-line.ts'
import { SseLine } from './sse-line.ts'
import { WebSocketLine } from './websocket-line.ts'

/** Looks at everything. */
export async function* examine(patient: Patient): AsyncGenerator<Diagnosis> {
  for (const check of [checkName, checkTls, checkHealth]) {
    const diagnosis = await check(patient)
    yield diagnosis
    // Without an answer of any kind there is nothing more to be seen.
    if (diagnosis.verdict === 'problem' && diagnosis.figures === undefined) return
  }
  const sseLine = new SseLine(patient)
  const webSocket = await checkTransport('websocket', patient, () => WebSocketLine.open(patient))
  yield webSocket.diagnosis
  const sse = await checkTransport('sse', patient, () => Promise.resolve(sseLine))
  yield sse.diagnosis
  const poll = await checkTransport('poll', patient, () => Promise.resolve(new PollLine(patient)))
  yield poll.diagnosis
  poll.line?.close()

  yield webSocket.diagnosis.verdict === 'problem'
    ? skipped('origin', 'no WebSocket gets through')
    : await checkOrigin(patient)
  const { line, connected } = webSocket.line ? webSocket : sse
  yield line && connected
    ? await checkFrameSize(line, connected, patient)
    : skipped('frame-size', 'nothing is connected')
  yield sse.line
    ? await checkBuffering(sseLine, webSocket.line, patient)
    : skipped('buffering', 'there is no event stream')
  yield* idle(patient, webSocket, sse)
  for (const looked of [webSocket, sse]) looked.line?.close()
}

/** Both at once: waiting is what takes the time. */
async function* idle(patient: Patient, webSocket: Looked, sse: Looked): AsyncGenerator<Diagnosis> {
  if (patient.idleMs === 0) return
  const waits = (
    [
      ['WebSocket', webSocket],
      ['event stream', sse],
    ] as const
  ).flatMap(([name, { line, connected }]) => (line && connected ? [checkIdle(name, line, connected, patient)] : []))
  if (waits.length === 0) yield skipped('idle', 'nothing is connected')
  for (const wait of waits) yield await wait
}

function skipped(check: string, why: string): Diagnosis {
  return { check, verdict: 'skipped', says: `Not looked at: ${why}.` }
}
