// Two connections of one browser that each say they are the one that all tabs share.

import { idsOf, sharedOnes } from '../browser-group.ts'
import type { Detector } from '../finding.ts'

export const twoOwners: Detector = {
  kind: 'two-owners',
  severity: 'ERROR',
  afterMs: 3_000,
  look: ({ groups }) =>
    groups.flatMap((group) => {
      const owners = sharedOnes(group)
      if (owners.length === 0) return []
      const { user, browser } = group
      return [{ subject: { user, browser }, connections: idsOf(owners), values: { owners: owners.length } }]
    }),
}
