// The overview: totals, connections, channels.

import type { AdminApi } from './access/admin-api.ts'
import { ChannelTable } from './channels/channel-table.tsx'
import { ConnectionTable } from './connections/connection-table.tsx'
import type { OverviewData } from './feed/use-overview.ts'
import { useWords } from './words/use-words.ts'

/** `stale`: the newest fetch failed, so this is how it was at `overview.at`. */
export function Overview({
  overview: { connections, total, channels, at },
  stale,
  api,
  refresh,
}: {
  overview: OverviewData
  stale: boolean
  api: AdminApi
  refresh: () => void
}) {
  const { words, locale } = useWords()
  const users = new Set(connections.map(({ user }) => user)).size
  const browsers = new Set(connections.map(({ id, origin }) => origin.browser ?? id)).size
  return (
    <div className={stale ? 'stale' : undefined}>
      <dl className="tiles">
        <Tile name={words.totals.connections} value={total} />
        <Tile name={words.totals.users} value={users} />
        <Tile name={words.totals.browsers} value={browsers} />
        <Tile name={words.totals.channels} value={channels.length} />
      </dl>
      <ConnectionTable connections={connections} total={total} now={at} kick={(id) => api.kick(id).then(refresh)} />
      <ChannelTable channels={channels} />
      <p className="soft as-of">{words.asOf(new Date(at).toLocaleTimeString(locale))}</p>
    </div>
  )
}

function Tile({ name, value }: { name: string; value: number }) {
  const { locale } = useWords()
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value.toLocaleString(locale)}</dd>
    </div>
  )
}
