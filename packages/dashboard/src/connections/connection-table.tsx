// The live connections, oldest first, and a way to end one.

import type { Connection } from '../access/admin-api.ts'
import { useWords } from '../words/use-words.ts'
import { KickButton } from './kick-button.tsx'
import { duration } from './duration.ts'

/** More than these are counted, not shown. */
const SHOWN_MAX = 500

export function ConnectionTable({
  connections,
  total,
  now,
  kick,
}: {
  connections: readonly Connection[]
  total: number
  now: number
  kick: (id: string) => Promise<void>
}) {
  const { words } = useWords()
  const { columns } = words
  const sorted = [...connections].sort((a, b) => a.connectedAt - b.connectedAt)
  const more = total - Math.min(sorted.length, SHOWN_MAX)
  return (
    <section className="card">
      <h2>{words.totals.connections}</h2>
      {sorted.length === 0 ? (
        <p className="empty">{words.noConnections}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th>{columns.user}</th>
              <th>{columns.from}</th>
              <th>{columns.since}</th>
              <th>{columns.rtt}</th>
              <th>{columns.subscriptions}</th>
              <th>{columns.outbox}</th>
              <th>
                <span className="unseen">{columns.kick}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, SHOWN_MAX).map((connection) => (
              <ConnectionRow key={connection.id} connection={connection} now={now} kick={kick} />
            ))}
          </tbody>
        </table>
      )}
      {more > 0 && <p className="soft">{words.more(more)}</p>}
    </section>
  )
}

function ConnectionRow({
  connection: { id, user, address, transport, origin, connectedAt, rttMs, missedPings, subscriptions, outboxBytes },
  now,
  kick,
}: {
  connection: Connection
  now: number
  kick: (id: string) => Promise<void>
}) {
  const { words, locale } = useWords()
  const { columns } = words
  return (
    <tr data-connection={id}>
      <td data-label={columns.user}>
        <b>{user}</b>
        <span className="soft id" title={id}>
          {id}
        </span>
      </td>
      <td data-label={columns.from}>
        {[origin.label, address, transport].filter((part) => part !== undefined).join(' · ')}
        {origin.browser !== undefined && (
          <span className="soft id" title={`${words.browser} ${origin.browser}, ${words.tab} ${origin.tab ?? '–'}`}>
            {words.browser} {origin.browser}
          </span>
        )}
      </td>
      <td data-label={columns.since} title={new Date(connectedAt).toLocaleString(locale)}>
        {duration(Math.max(0, now - connectedAt))}
      </td>
      <td data-label={columns.rtt}>
        {rttMs === undefined ? '–' : `${Math.round(rttMs)} ms`}
        {missedPings > 0 && <span className="bad">{words.missed(missedPings)}</span>}
      </td>
      <td data-label={columns.subscriptions} title={subscriptions.join('\n')}>
        <span className="channels">{subscriptions.join(', ') || '–'}</span>
      </td>
      <td
        data-label={columns.outbox}
      >{`${(outboxBytes / 1024).toLocaleString(locale, { maximumFractionDigits: 1 })} KiB`}</td>
      <td>
        <KickButton user={user} kick={() => kick(id)} />
      </td>
    </tr>
  )
}
