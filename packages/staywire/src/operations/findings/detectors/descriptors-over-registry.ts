// Sockets and streams that are open and belong to no connection any more. Those that are closing have a second for it.

import type { Detector } from '../finding.ts'

export const descriptorsOverRegistry: Detector = {
  kind: 'descriptors-over-registry',
  severity: 'ERROR',
  afterMs: 5_000,
  look: ({ stats }) => {
    if (stats === undefined) return []
    const { connections, connecting, held } = stats
    const extra = held.links - connections - connecting
    return extra > 0 ? [{ subject: {}, connections: [], values: { extra, links: held.links, connections } }] : []
  },
}
