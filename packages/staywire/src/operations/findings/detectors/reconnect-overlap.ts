// One and the same client with several connections: it came back before the old connection was gone, and nobody ended that.

import { idsOf, instancesWithSeveral } from '../browser-group.ts'
import type { Detector } from '../finding.ts'

export const reconnectOverlap: Detector = {
  kind: 'reconnect-overlap',
  severity: 'WARN',
  afterMs: 3_000,
  look: ({ groups }) =>
    groups.flatMap((group) =>
      instancesWithSeveral(group).map((own) => ({
        subject: { user: group.user, ...own.at(-1)?.facts.origin },
        connections: idsOf(own),
        values: { connections: own.length },
      })),
    ),
}
