// The live connections: as a list, or by who opened them; and all that is known of one.
import { useState } from 'react'
import { adminApi } from '../access/admin-api.ts'
import type { Connection } from '../access/shapes.ts'
import { CHANGES } from '../feed/channels.ts'
import { useAnswer } from '../feed/use-answer.ts'
import { ConfirmButton } from '../shell/confirm-button.tsx'
import { Detail } from '../shell/detail.tsx'
import { Facts } from '../shell/facts.tsx'
import { addressOf, goTo } from '../shell/sections.ts'
import { Told } from '../shell/told.tsx'
import type { Column } from '../table/column.ts'
import { VirtualTable } from '../table/virtual-table.tsx'
import { duration } from '../words/duration.ts'
import { bytes, moment } from '../words/figures.ts'
import { useWords } from '../words/use-words.ts'
import { useKnownFacts } from './known-facts.tsx'
import { OriginTree } from './origin-tree.tsx'

export function ConnectionsSection({ selected }: { selected: string | undefined }) {
  const { words } = useWords()
  const [tree, setTree] = useState(false)
  const answer = useAnswer(adminApi.connections, CHANGES)
  return (
    <Told answer={answer}>
      {({ connections }) => {
        const one = connections.find(({ id }) => id === selected)
        return (
          <div className={one ? 'with-detail' : undefined}>
            <div>
              <div className="choice" role="group">
                {[false, true].map((choice) => (
                  <button
                    key={String(choice)}
                    type="button"
                    aria-pressed={tree === choice}
                    onClick={() => setTree(choice)}
                  >
                    {choice ? words.asTree : words.asList}
                  </button>
                ))}
              </div>
              {tree ? (
                <OriginTree connections={connections} />
              ) : (
                <List connections={connections} now={answer.at} selected={selected} />
              )}
            </div>
            {one && <One connection={one} now={answer.at} refresh={answer.refresh} />}
          </div>
        )
      }}
    </Told>
  )
}

function List({
  connections,
  now,
  selected,
}: {
  connections: readonly Connection[]
  now: number
  selected: string | undefined
}) {
  const { words, locale } = useWords()
  const { columns: names } = words
  const columns: readonly Column<Connection>[] = [
    { key: 'user', title: names.user, value: ({ user }) => user, share: 1.4 },
    {
      key: 'from',
      title: names.from,
      value: ({ origin, address }) => `${origin.label ?? ''} ${address}`.trim(),
      share: 1.6,
    },
    { key: 'transport', title: names.transport, value: ({ transport }) => transport },
    {
      key: 'since',
      title: names.since,
      value: ({ connectedAt }) => -connectedAt,
      show: ({ connectedAt }) => duration(Math.max(0, now - connectedAt)),
    },
    {
      key: 'rtt',
      title: names.rtt,
      value: ({ rttMs = -1 }) => rttMs,
      show: ({ rttMs }) => (rttMs === undefined ? '–' : `${Math.round(rttMs)} ms`),
    },
    { key: 'missed', title: names.missed, value: ({ missedPings }) => missedPings, share: 0.8 },
    { key: 'channels', title: names.channels, value: ({ subscriptions }) => subscriptions.length, share: 0.8 },
    {
      key: 'outbox',
      title: names.outbox,
      value: ({ outboxBytes }) => outboxBytes,
      show: ({ outboxBytes }) => bytes(outboxBytes, locale),
    },
  ]
  return (
    <VirtualTable
      name={words.sections.connections}
      rows={connections}
      columns={columns}
      idOf={({ id }) => id}
      empty={words.noConnections}
      selected={selected}
      select={(id) => goTo('connections', id)}
      sortedBy={{ key: 'since', down: true }}
    />
  )
}

function One({ connection, now, refresh }: { connection: Connection; now: number; refresh: () => void }) {
  const { words, locale } = useWords()
  const { one, columns } = words
  const { id, user, subscriptions } = connection
  return (
    <Detail title={one.connection} close={() => goTo('connections')}>
      <Facts
        facts={[
          ...useKnownFacts(connection),
          [one.connected, moment(connection.connectedAt, locale)],
          [one.lastSeen, duration(Math.max(0, now - connection.lastSeenAt))],
          [columns.rtt, connection.rttMs === undefined ? undefined : `${Math.round(connection.rttMs)} ms`],
          [columns.outbox, bytes(connection.outboxBytes, locale)],
          [
            columns.channels,
            subscriptions.map((channel) => (
              <a className="line" key={channel} href={addressOf('channels', channel)}>
                {channel}
              </a>
            )),
          ],
        ]}
      />
      <ConfirmButton label={words.kick} about={user} act={() => adminApi.kick(id).then(refresh)} />
    </Detail>
  )
}
