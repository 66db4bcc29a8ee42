// Whether one transport works from handshake to round trip, and what the handshake says about who is in between.
import { closeClass, type ConnectedFrame } from 'staywire/protocol'
import type { Diagnosis, Patient } from '../diagnosis.ts'
import { Unreachable, type Line } from '../line.ts'

const ROUND_TRIPS = 5

/** A transport that was looked at: with `connected`, more can be looked at. */
export interface Looked {
  readonly diagnosis: Diagnosis
  readonly line?: Line
  readonly connected?: ConnectedFrame
}

/** Opens a line and says who it is. What is left open is the caller's to close. */
export async function checkTransport(
  check: 'websocket' | 'sse' | 'poll',
  patient: Patient,
  open: () => Promise<Line>,
): Promise<Looked> {
  let line: Line | undefined
  try {
    const begun = performance.now()
    line = await open()
    const connected = await line.connect(patient.token, patient.timeoutMs)
    const connectedMs = Math.round(performance.now() - begun)
    const trips: number[] = []
    for (let i = 0; i < ROUND_TRIPS; i++) trips.push(await line.roundTrip(patient.timeoutMs))
    const roundTripMs = Math.round((trips.toSorted((a, b) => a - b)[Math.floor(ROUND_TRIPS / 2)] ?? 0) * 10) / 10
    const says = `Connected as ${connected.user} in ${connectedMs} ms, a round trip takes ${roundTripMs} ms.`
    return { diagnosis: { check, verdict: 'ok', says, figures: { connectedMs, roundTripMs } }, line, connected }
  } catch (error) {
    const ending = await Promise.race([line?.ended, Promise.resolve(undefined)])
    line?.close()
    return { diagnosis: explain(check, error, ending, patient) }
  }
}

function explain(
  check: Diagnosis['check'],
  error: unknown,
  ending: { readonly code: number; readonly reason: string } | undefined,
  { token, origin }: Patient,
): Diagnosis {
  const status = error instanceof Unreachable ? error.status : undefined
  const problem = (says: string, fix: string): Diagnosis => ({ check, verdict: 'problem', says, fix })
  if (ending && closeClass(ending.code) === 'auth') {
    const says = `It works up to the sign-in, which was refused: ${ending.code} ${ending.reason}.`
    return token === undefined
      ? {
          check,
          verdict: 'warning',
          says,
          fix: 'Give --token (`staywire token` makes one) to have the rest looked at.',
        }
      : problem(says, 'Check that the token is signed with the secret or key the server knows, and has not run out.')
  }
  if (ending && ending.code !== 1006) {
    return problem(
      `Closed by the server: ${ending.code} ${ending.reason}.`,
      'See the close codes in PROTOCOL.md, and the log of the server.',
    )
  }
  if (status === 403 || ending?.reason === 'answered 403') {
    return problem(
      `Refused for pages of ${origin}.`,
      `Start the server with --allow-origin ${origin}, or give the --origin of the page.`,
    )
  }
  if (check === 'websocket' && status !== undefined) {
    const fix =
      'Something in between does not pass the upgrade on. nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade". Clients fall back to event streams meanwhile.'
    return problem(`The upgrade was answered ${status} instead of 101.`, fix)
  }
  const fix =
    check === 'sse'
      ? 'If it never answers, something holds the stream back: proxy_buffering off. Clients fall back to polling meanwhile.'
      : 'See the log of the server, and of the proxy before it.'
  return problem(`It does not work: ${ending?.reason || (error as Error).message}.`, fix)
}
