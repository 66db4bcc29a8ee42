// The tabs of this browser: who holds the connection, and what each tab's components have subscribed to.

import type { Client, InspectedComponent, InspectedPage } from 'staywire/client'
import { useWords } from '../words/use-words.ts'
import { useInspection } from './use-inspection.ts'

export function BrowserTabs({ client }: { client: Client }) {
  const { words } = useWords()
  const found = useInspection(client)
  if (found === undefined) return null
  if (found === 'failed') return <p className="soft">{words.sharing.failed}</p>
  const { tabs, connections } = found
  return (
    <section className="browser-tabs">
      <h3>
        {words.sharing.tabs(tabs.length)}, {words.sharing.connections(connections.length)}
      </h3>
      <p className="soft">{words.sharing.holder[client.stats().sharing.placement]}</p>
      <ol>
        {tabs.map(({ tab, pages }, index) =>
          pages.map((page) => <Page key={`${tab} ${page.page}`} page={page} n={index + 1} />),
        )}
      </ol>
    </section>
  )
}

function Page({ page, n }: { page: InspectedPage; n: number }) {
  const { words } = useWords()
  return (
    <li>
      <details open={page.here}>
        <summary>
          {words.sharing.tab(n)}
          {page.here && <span className="tag">{words.sharing.here}</span>}
          {page.sharing.leads === true && <span className="tag">{words.sharing.holds}</span>}
          {!page.visible && <span className="tag soft">{words.sharing.hidden}</span>}
          {page.status !== 'connected' && <span className="tag soft">{words.status[page.status]}</span>}
        </summary>
        <ul>
          {page.components.map((component) => (
            <Component key={component.label ?? ''} component={component} />
          ))}
        </ul>
      </details>
    </li>
  )
}

function Component({ component: { label, subscriptions } }: { component: InspectedComponent }) {
  const { words } = useWords()
  const channels = [...new Set(subscriptions.map(({ channel }) => channel))]
  return (
    <li>
      <code>{label ?? words.sharing.other}</code> <span className="soft">{channels.join(', ')}</span>
    </li>
  )
}
