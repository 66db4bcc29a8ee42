// Whether an event stream comes event by event, and as it was written.
import type { Diagnosis, Patient } from '../diagnosis.ts'
import type { Line } from '../line.ts'
import type { SseLine } from '../sse-line.ts'

/** Events may take this many round trips of the WebSocket, and this many milliseconds on top. */
const TOLERATED_TRIPS = 10
const TOLERATED_MS = 500

/** Compares round trips over the stream with those over a WebSocket, where there is one. */
export async function checkBuffering(sse: SseLine, webSocket: Line | undefined, patient: Patient): Promise<Diagnosis> {
  const encoding = sse.headers.get('content-encoding')
  const fix = 'Switch buffering and compression off for event streams. nginx: proxy_buffering off; gzip off.'
  if (encoding !== null) {
    return {
      check: 'buffering',
      verdict: 'warning',
      says: `Something in between compresses event streams (${encoding}), which holds events back.`,
      fix,
    }
  }
  // What was looked at before may have ended the WebSocket: then there is nothing to compare with.
  const direct = (await webSocket?.roundTrip(patient.timeoutMs).catch(() => 0)) ?? 0
  const streamMs = await sse.roundTrip(patient.timeoutMs).catch(() => patient.timeoutMs)
  const figures = { streamMs: Math.round(streamMs) }
  return streamMs > direct * TOLERATED_TRIPS + TOLERATED_MS
    ? { check: 'buffering', verdict: 'warning', says: 'Something in between holds events back.', fix, figures }
    : { check: 'buffering', verdict: 'ok', says: 'Events come as soon as they are written.', figures }
}
