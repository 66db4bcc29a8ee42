// More than one connection of a browser that nothing else explains: its pages do not say where they come from.

import {
  idsOf,
  instancesWithSeveral,
  pagesWithSeveral,
  separateTabs,
  sharedOnes,
  staleInTabs,
  type BrowserGroup,
} from '../browser-group.ts'
import type { Detector } from '../finding.ts'

const EXPLANATIONS = [pagesWithSeveral, staleInTabs, instancesWithSeveral, separateTabs, sharedOnes] as const

export const browserOverOne: Detector = {
  kind: 'browser-over-one',
  severity: 'WARN',
  afterMs: 3_000,
  look: ({ groups }) =>
    groups.filter(isUnexplained).map((group) => ({
      subject: { user: group.user, browser: group.browser },
      connections: idsOf(group.connections),
      values: { connections: group.connections.length },
    })),
}

function isUnexplained(group: BrowserGroup): boolean {
  return EXPLANATIONS.every((explain) => explain(group).length === 0)
}
