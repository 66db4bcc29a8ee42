// Whether the largest frame that the server takes gets to it.
import { encodeFrame, type ConnectedFrame } from 'staywire/protocol'
import type { Diagnosis, Patient } from '../diagnosis.ts'
import type { Line } from '../line.ts'

/** Sends a ping of that size: fields that are not known are ignored, so it does nothing else. */
export async function checkFrameSize(line: Line, connected: ConnectedFrame, patient: Patient): Promise<Diagnosis> {
  const { frameBytes } = connected.limits
  const padding = 'x'.repeat(frameBytes - encodeFrame({ type: 'ping' }).length - '"padding":"",'.length)
  const kibibytes = Math.round(frameBytes / 1_024)
  try {
    const roundTripMs = Math.round(await line.roundTrip(patient.timeoutMs, padding))
    const says = `A frame of ${kibibytes} KiB, the largest that the server takes, gets through.`
    return { check: 'frame-size', verdict: 'ok', says, figures: { frameBytes, roundTripMs } }
  } catch (error) {
    const says = `A frame of ${kibibytes} KiB, which the server would take, does not get through: ${(error as Error).message}.`
    const fix =
      'A proxy or firewall in between has a smaller limit: raise it, or lower limits.frameBytes of the server.'
    return { check: 'frame-size', verdict: 'problem', says, fix }
  }
}
