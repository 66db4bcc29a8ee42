// Asks whether the server answers at all, where a connection could not be had. Says nothing of why.

import { FLOOR_MS, PROBE_MS } from '../timing.ts'
import { requestUrl } from './url.ts'

/** `GET <path>/health` of the server behind a WebSocket URL, after a random wait. PROTOCOL.md, HTTP-3 and CAUSE-2. */
export async function probe(url: () => string): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * FLOOR_MS))
  try {
    const init: RequestInit = { cache: 'no-store', signal: AbortSignal.timeout(PROBE_MS) }
    return (await fetch(requestUrl(url(), 'health'), init)).ok
  } catch {
    return false
  }
}
