// A user with more connections than devices anybody has.

import { idsOf } from '../browser-group.ts'
import type { Detector, Suspicion } from '../finding.ts'

/** Makes the detector: above `most` connections it is a finding. */
export function userOverLimit(most: number): Detector {
  return {
    kind: 'user-over-limit',
    severity: 'WARN',
    afterMs: 3_000,
    look: ({ live }) => {
      const suspicions: Suspicion[] = []
      for (const [user, connections] of live.byUser()) {
        if (connections.size <= most) continue
        const own = [...connections]
        const browsers = new Set(own.map(({ facts }) => facts.origin.browser)).size
        const values = { connections: own.length, browsers, most }
        suspicions.push({ subject: { user }, connections: idsOf(own), values })
      }
      return suspicions
    },
  }
}
