// An address whose clients keep coming and never get in: no token, a bad one, or no connect frame at all.

import type { FailedHandshake } from '../../history/handshakes.ts'
import type { Detector } from '../finding.ts'

const WINDOW_MS = 60_000
const MANY = 5

export const neverAuthenticated: Detector = {
  kind: 'never-authenticated',
  severity: 'WARN',
  afterMs: 0,
  look: ({ handshakes, now }) => {
    const byAddress = new Map<string, FailedHandshake[]>()
    for (const failed of handshakes.latest()) {
      if (failed.at < now - WINDOW_MS) break
      if (failed.cause !== 'auth' && failed.cause !== 'unfinished') continue
      const own = byAddress.get(failed.address)
      if (own === undefined) byAddress.set(failed.address, [failed])
      else own.push(failed)
    }
    return [...byAddress]
      .filter(([, failed]) => failed.length >= MANY)
      .map(([address, failed]) => ({
        subject: { address },
        connections: [],
        values: { times: failed.length, detail: failed[0]?.detail ?? '' },
      }))
  },
}
