// The connections of one user in one browser, and how they are related: by page load, by tab, by instance. It judges nothing.

import type { LiveConnection } from '../live/live-connection.ts'
import type { LiveConnections } from '../live/live-connections.ts'

/** More than one connection, the oldest first. */
export interface BrowserGroup {
  readonly user: string
  readonly browser: string
  readonly connections: readonly LiveConnection[]
}

/** The slot of a connection that all tabs of a browser share. */
const SHARED = 'shared'

/** The groups there are. Users with one connection cost one step each. */
export function browserGroups(live: LiveConnections): BrowserGroup[] {
  const groups: BrowserGroup[] = []
  for (const [user, connections] of live.byUser()) {
    if (connections.size < 2) continue
    for (const [browser, own] of by(connections, ({ facts }) => facts.origin.browser))
      if (own.length > 1) groups.push({ user, browser, connections: own })
  }
  return groups
}

/** Several connections of one page load, each from an instance of its own, or from none that is named. */
export function pagesWithSeveral({ connections }: BrowserGroup): LiveConnection[][] {
  const pages = by(connections.filter(ownsItsTab), ({ facts }) => facts.origin.page)
  return [...pages.values()].filter((own) => own.length > 1 && instancesOf(own) > 1)
}

/** Tabs with connections of more than one page load: those that are not of the latest one. */
export function staleInTabs({ connections }: BrowserGroup): LiveConnection[][] {
  const tabs = by(connections.filter(ownsItsTab), ({ facts }) => facts.origin.tab)
  return [...tabs.values()]
    .map((own) => {
      const latest = own.at(-1)?.facts.origin.page
      return own.filter(({ facts: { origin } }) => origin.page !== undefined && origin.page !== latest)
    })
    .filter((stale) => stale.length > 0)
}

/** Instances with more than one connection. */
export function instancesWithSeveral({ connections }: BrowserGroup): LiveConnection[][] {
  const instances = by(connections, ({ facts: { origin } }) =>
    origin.instance === undefined ? undefined : `${origin.page ?? ''}\n${origin.instance}`,
  )
  return [...instances.values()].filter((own) => own.length > 1)
}

/** One connection of each tab that has one of its own, where there are several such tabs. */
export function separateTabs({ connections }: BrowserGroup): LiveConnection[] {
  const tabs = by(connections.filter(ownsItsTab), ({ facts }) => facts.origin.tab)
  return tabs.size < 2 ? [] : [...tabs.values()].flatMap((own) => own.slice(-1))
}

/** Connections that each say they are the shared one, of different instances. */
export function sharedOnes({ connections }: BrowserGroup): LiveConnection[] {
  const shared = connections.filter((connection) => !ownsItsTab(connection))
  return shared.length > 1 && instancesOf(shared) > 1 ? shared : []
}

/** Connections by a key, the oldest first; those without the key are left out. */
export function by(
  connections: Iterable<LiveConnection>,
  keyOf: (connection: LiveConnection) => string | undefined,
): Map<string, LiveConnection[]> {
  const groups = new Map<string, LiveConnection[]>()
  for (const connection of connections) {
    const key = keyOf(connection)
    if (key === undefined) continue
    const own = groups.get(key)
    if (own === undefined) groups.set(key, [connection])
    else own.push(connection)
  }
  return groups
}

/** Their ids. */
export function idsOf(connections: readonly LiveConnection[]): string[] {
  return connections.map(({ facts }) => facts.connection)
}

function ownsItsTab({ facts }: LiveConnection): boolean {
  return facts.slot !== SHARED
}

/** How many instances there are; a connection that names none is one of its own. */
function instancesOf(connections: readonly LiveConnection[]): number {
  return new Set(connections.map(({ facts }) => facts.origin.instance ?? facts.connection)).size
}
