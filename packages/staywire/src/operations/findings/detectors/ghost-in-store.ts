// Something is held for a connection that is not there: a place of admission, or a session that is said to be connected.

import type { Detector } from '../finding.ts'

export const ghostInStore: Detector = {
  kind: 'ghost-in-store',
  severity: 'ERROR',
  afterMs: 5_000,
  look: ({ stats }) => {
    if (stats === undefined) return []
    const { connections, connecting, held } = stats
    const ghosts = Math.max(held.seats, held.sessions) - connections - connecting
    return ghosts > 0 ? [{ subject: {}, connections: [], values: { ghosts, connections } }] : []
  },
}
