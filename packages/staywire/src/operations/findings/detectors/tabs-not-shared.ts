// Several tabs of one browser, each with a connection of its own: sharing is off, or does not work there.

import { idsOf, separateTabs } from '../browser-group.ts'
import type { Detector } from '../finding.ts'

/** What clients of adopted servers are said to be. */
const FOREIGN = /^(socket\.io|ws)\b/

export const tabsNotShared: Detector = {
  kind: 'tabs-not-shared',
  severity: 'INFO',
  afterMs: 3_000,
  look: ({ groups }) =>
    groups.flatMap((group) => {
      const tabs = separateTabs(group)
      if (tabs.length === 0) return []
      const { user, browser } = group
      // Clients of other libraries cannot share, so there is nothing to switch on.
      const variant = tabs.every(({ sdk = '' }) => FOREIGN.test(sdk)) ? { variant: 'adopted' } : {}
      return [{ subject: { user, browser }, ...variant, connections: idsOf(tabs), values: { tabs: tabs.length } }]
    }),
}
