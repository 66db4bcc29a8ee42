// Several tabs of one browser, each with a connection of its own: sharing is off, or does not work there.

import { idsOf, separateTabs } from '../browser-group.ts'
import type { Detector } from '../finding.ts'

export const tabsNotShared: Detector = {
  kind: 'tabs-not-shared',
  severity: 'INFO',
  afterMs: 3_000,
  look: ({ groups }) =>
    groups.flatMap((group) => {
      const tabs = separateTabs(group)
      if (tabs.length === 0) return []
      const { user, browser } = group
      return [{ subject: { user, browser }, connections: idsOf(tabs), values: { tabs: tabs.length } }]
    }),
}
