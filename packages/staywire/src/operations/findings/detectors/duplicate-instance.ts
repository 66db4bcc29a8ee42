// Several clients in one page load: the page made another one without closing the first. When and where from tells how.

import type { LiveConnection } from '../../live/live-connection.ts'
import { idsOf, pagesWithSeveral, type BrowserGroup } from '../browser-group.ts'
import type { Detector, Suspicion } from '../finding.ts'

/** Clients that were made this near to each other were made by one and the same start. */
const TOGETHER_MS = 2_000

/** How it came about. */
type Variant = 'double-mount' | 'several-components' | 'hot-reload' | 'route-change'

export const duplicateInstance: Detector = {
  kind: 'duplicate-instance',
  severity: 'WARN',
  afterMs: 3_000,
  look: ({ groups }) => groups.flatMap((group) => pagesWithSeveral(group).map((own) => suspect(group, own))),
}

function suspect({ user, browser }: BrowserGroup, own: readonly LiveConnection[]): Suspicion {
  const [first, last] = [own[0] as LiveConnection, own.at(-1) as LiveConnection]
  const { tab, page, label } = last.facts.origin
  const named = {
    ...(tab !== undefined && { tab }),
    ...(page !== undefined && { page }),
    ...(label !== undefined && { label }),
  }
  return {
    subject: { user, browser, ...named },
    variant: variantOf(own, last.facts.connectedAt - first.facts.connectedAt < TOGETHER_MS),
    connections: idsOf(own),
    values: { connections: own.length },
  }
}

function variantOf(own: readonly LiveConnection[], together: boolean): Variant {
  const sameLabel = new Set(own.map(({ facts }) => facts.origin.label)).size === 1
  if (together) return sameLabel ? 'double-mount' : 'several-components'
  return sameLabel ? 'hot-reload' : 'route-change'
}
