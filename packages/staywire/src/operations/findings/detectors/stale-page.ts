// A page load that is gone, whose connection is still there: the tab has loaded another page since.

import { idsOf, staleInTabs } from '../browser-group.ts'
import type { Detector } from '../finding.ts'

export const stalePage: Detector = {
  kind: 'stale-page',
  severity: 'WARN',
  afterMs: 3_000,
  look: ({ groups }) =>
    groups.flatMap((group) =>
      staleInTabs(group).map((stale) => {
        const { tab } = stale[0]?.facts.origin ?? {}
        return {
          subject: { user: group.user, browser: group.browser, ...(tab !== undefined && { tab }) },
          connections: idsOf(stale),
          values: { connections: stale.length },
        }
      }),
    ),
}
