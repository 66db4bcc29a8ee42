// The connections that are gone and why, and those that never came to be.
import { adminApi } from '../access/admin-api.ts'
import type { ClosedConnection, FailedHandshake } from '../access/shapes.ts'
import { CHANGES } from '../feed/channels.ts'
import { useAnswer } from '../feed/use-answer.ts'
import { useKnownFacts } from '../connections/known-facts.tsx'
import { Detail } from '../shell/detail.tsx'
import { Facts } from '../shell/facts.tsx'
import { goTo } from '../shell/sections.ts'
import { Told } from '../shell/told.tsx'
import type { Column } from '../table/column.ts'
import { VirtualTable } from '../table/virtual-table.tsx'
import { duration } from '../words/duration.ts'
import { moment } from '../words/figures.ts'
import { useWords } from '../words/use-words.ts'

export function ClosedSection({ selected }: { selected: string | undefined }) {
  return (
    <>
      <ClosedTable selected={selected} />
      <HandshakeTable />
    </>
  )
}

function ClosedTable({ selected }: { selected: string | undefined }) {
  const { words, locale } = useWords()
  const { columns: names } = words
  const answer = useAnswer(adminApi.closed, CHANGES)
  const from = ({ origin, address, transport }: ClosedConnection) =>
    `${origin.label ?? ''} ${address} ${transport}`.trim()
  const columns: readonly Column<ClosedConnection>[] = [
    {
      key: 'at',
      title: names.closedAt,
      value: ({ closedAt }) => closedAt,
      show: ({ closedAt }) => moment(closedAt, locale),
    },
    { key: 'user', title: names.user, value: ({ user }) => user },
    {
      key: 'code',
      title: names.code,
      value: ({ code }) => code,
      show: ({ code, reason }) => `${code} ${reason}`,
      share: 1.2,
    },
    { key: 'why', title: names.why, value: ({ cause }) => cause, share: 2.6 },
    {
      key: 'lived',
      title: names.lived,
      value: ({ durationMs }) => durationMs,
      show: ({ durationMs }) => duration(durationMs),
      share: 0.8,
    },
    { key: 'from', title: names.from, value: from, share: 1.6 },
  ]
  return (
    <Told answer={answer}>
      {({ closed }) => {
        const one = closed.find(({ connection }) => connection === selected)
        return (
          <div className={one ? 'with-detail' : undefined}>
            <VirtualTable
              name={words.sections.closed}
              rows={closed}
              columns={columns}
              idOf={({ connection }) => connection}
              empty={words.noClosed}
              selected={selected}
              select={(id) => goTo('closed', id)}
              sortedBy={{ key: 'at', down: true }}
              wraps
            />
            {one && <One closed={one} />}
          </div>
        )
      }}
    </Told>
  )
}

function HandshakeTable() {
  const { words, locale } = useWords()
  const { columns: names } = words
  const answer = useAnswer(adminApi.handshakes, CHANGES)
  const columns: readonly Column<FailedHandshake>[] = [
    { key: 'at', title: names.at, value: ({ at }) => at, show: ({ at }) => moment(at, locale) },
    { key: 'cause', title: names.cause, value: ({ cause }) => cause },
    { key: 'from', title: names.from, value: ({ address }) => address },
    { key: 'code', title: names.code, value: ({ status, code }) => status ?? code ?? '' },
    { key: 'why', title: names.why, value: ({ detail }) => detail, share: 2 },
  ]
  return (
    <Told answer={answer}>
      {({ handshakes }) => (
        <VirtualTable
          name={words.handshakes}
          rows={handshakes}
          columns={columns}
          idOf={({ at, address, cause }) => `${at} ${address} ${cause}`}
          empty={words.noHandshakes}
          sortedBy={{ key: 'at', down: true }}
          wraps
        />
      )}
    </Told>
  )
}

function One({ closed }: { closed: ClosedConnection }) {
  const { words, locale } = useWords()
  const { one, columns } = words
  return (
    <Detail title={one.connection} close={() => goTo('closed')}>
      <p>{closed.cause}</p>
      <Facts
        facts={[
          [columns.code, `${closed.code} ${closed.reason} (${closed.by})`],
          ...useKnownFacts({ ...closed, id: closed.connection }),
          [columns.closedAt, moment(closed.closedAt, locale)],
          [one.duration, duration(closed.durationMs)],
          [one.lastReceived, closed.lastReceived.join(', ')],
          [one.lastSent, closed.lastSent.join(', ')],
        ]}
      />
    </Detail>
  )
}
