// Whether a connection without traffic of its own survives, and when it does not, after how much silence it was cut.
import { setTimeout as wait } from 'node:timers/promises'
import type { ConnectedFrame } from 'staywire/protocol'
import type { Diagnosis, Patient } from '../diagnosis.ts'
import type { Line } from '../line.ts'

/** Waits beside an idle line. */
export async function checkIdle(
  name: string,
  line: Line,
  connected: ConnectedFrame,
  patient: Patient,
): Promise<Diagnosis> {
  const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`
  const over = new AbortController()
  const survived = wait(patient.idleMs, undefined, { signal: over.signal }).catch(() => undefined)
  const ending = await Promise.race([line.ended, survived])
  over.abort()
  if (ending === undefined) {
    const says = `The ${name} connection was idle for ${seconds(patient.idleMs)} and is still there.`
    return { check: 'idle', verdict: 'ok', says, figures: { idleMs: patient.idleMs } }
  }
  const { code, reason, ageMs, silentMs } = ending
  const says = `The ${name} connection was cut after ${seconds(silentMs)} of silence${code === 1006 ? '' : ` (${code} ${reason})`}.`
  const interval = connected.heartbeat.intervalMs
  const figures = { silentMs: Math.round(silentMs), ageMs: Math.round(ageMs) }
  const half = Math.floor(silentMs / 2_000)
  const fix =
    silentMs < interval
      ? `Something in between cuts connections that are silent for ${seconds(silentMs)}; the server pings after ${seconds(interval)}. Raise the time-out there (nginx: proxy_read_timeout), or give the server --heartbeat-interval-ms ${Math.max(1, half) * 1_000}.`
      : 'It was not silence that ended it: see the logs of the server and of what is in between.'
  return { check: 'idle', verdict: 'problem', says, fix, figures }
}
