// Listeners on the server that only ever become more: the application listens again and again, for each request perhaps, and
// never undoes it.

import type { Detector } from '../finding.ts'

const RISES = 4
const MANY = 12

/** Makes the detector; it remembers how many there were. */
export function listenerGrowth(): Detector {
  let count = 0
  let rises = 0
  return {
    kind: 'listener-growth',
    severity: 'WARN',
    afterMs: 0,
    look: ({ stats }) => {
      const listeners = stats?.held.listeners ?? 0
      if (listeners > count) rises++
      else if (listeners < count) rises = 0
      count = listeners
      return rises >= RISES && listeners >= MANY ? [{ subject: {}, connections: [], values: { listeners } }] : []
    },
  }
}
