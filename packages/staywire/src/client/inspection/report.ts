// What a page says of itself to the other pages of its browser that want to know, and the view of all of them. Asks nobody.

import type { Inspection, InspectedComponent, InspectedPage, InspectedTab } from '../api.ts'
import type { Tab } from '../tab/tab.ts'

/** The names of a page, as in its origin label. */
export interface PageNames {
  readonly tab: string
  readonly page: string
}

/** One client of one page. Can be cloned. */
export interface PageReport extends PageNames, Omit<InspectedPage, 'here'> {
  /** For whom the server takes the client; `undefined` before it was connected. */
  readonly user: string | undefined
}

/** What there is to say about a client. */
export function report({ connection, owner, subscriptions }: Tab, names: PageNames, visible: boolean): PageReport {
  const components = new Map<string | undefined, InspectedComponent['subscriptions'][number][]>()
  for (const { label, channel, state } of subscriptions.all()) {
    const known = components.get(label)
    if (known) known.push({ channel, state })
    else components.set(label, [{ channel, state }])
  }
  return {
    tab: names.tab,
    page: names.page,
    user: connection.user,
    visible,
    status: connection.status,
    connection: connection.connection,
    sharing: owner.sharing,
    components: [...components].map(([label, its]) => ({ label, subscriptions: its })),
  }
}

/** Those of `reports` that are for the user of `mine`, and `mine`, which comes first. */
export function inspection(mine: PageReport, reports: readonly PageReport[]): Inspection {
  const all = [mine, ...reports.filter(({ page, user }) => page !== mine.page && user === mine.user)]
  const tabs = new Map<string, InspectedPage[]>()
  for (const { tab, user: _user, ...page } of all) {
    const pages = tabs.get(tab) ?? []
    tabs.set(tab, [...pages, { ...page, here: page.page === mine.page }])
  }
  return {
    connections: [...new Set(all.flatMap(({ connection }) => connection ?? []))],
    tabs: [...tabs].map(([tab, pages]): InspectedTab => ({ tab, here: tab === mine.tab, pages })),
  }
}
