// Whether pages of strangers are kept out.
import type { Diagnosis, Patient } from '../diagnosis.ts'
import { WebSocketLine } from '../websocket-line.ts'

/** An origin nobody owns: RFC 6761, section 6.4. */
const STRANGER = 'https://stranger.invalid'

/** Opens a WebSocket as a page of somebody else would. */
export async function checkOrigin(patient: Patient): Promise<Diagnosis> {
  try {
    const line = await WebSocketLine.open({ ...patient, origin: STRANGER })
    line.close()
  } catch {
    return { check: 'origin', verdict: 'ok', says: 'Pages of other origins are kept out.' }
  }
  const says = `A page of ${STRANGER} may connect.`
  const fix =
    'Name the origins of your pages with --allow-origin, and see that the proxy passes Host and Origin on unchanged.'
  return { check: 'origin', verdict: 'warning', says, fix }
}
