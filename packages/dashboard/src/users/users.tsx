// The users: who has how many connections from how many browsers, what happened to one, and sending them away.
import { useCallback } from 'react'
import { adminApi } from '../access/admin-api.ts'
import type { User } from '../access/shapes.ts'
import { CHANGES } from '../feed/channels.ts'
import { useAnswer } from '../feed/use-answer.ts'
import { ConfirmButton } from '../shell/confirm-button.tsx'
import { Detail } from '../shell/detail.tsx'
import { goTo } from '../shell/sections.ts'
import { Told } from '../shell/told.tsx'
import type { Column } from '../table/column.ts'
import { VirtualTable } from '../table/virtual-table.tsx'
import { duration } from '../words/duration.ts'
import { moment } from '../words/figures.ts'
import { useWords } from '../words/use-words.ts'

export function UsersSection({ selected }: { selected: string | undefined }) {
  const { words } = useWords()
  const { columns: names } = words
  const answer = useAnswer(adminApi.users, CHANGES)
  const columns: readonly Column<User>[] = [
    { key: 'user', title: names.user, value: ({ user }) => user, share: 2 },
    { key: 'connections', title: names.connections, value: ({ connections }) => connections },
    { key: 'browsers', title: names.browsers, value: ({ browsers }) => browsers },
    { key: 'channels', title: names.channels, value: ({ subscriptions }) => subscriptions },
    { key: 'transport', title: names.transport, value: ({ transports }) => transports.join(', ') },
    {
      key: 'since',
      title: names.since,
      value: ({ connectedSince }) => -connectedSince,
      show: ({ connectedSince }) => duration(Math.max(0, answer.at - connectedSince)),
    },
  ]
  return (
    <Told answer={answer}>
      {({ users, bans }) => (
        <div className={selected === undefined ? undefined : 'with-detail'}>
          <div>
            <VirtualTable
              name={words.sections.users}
              rows={users}
              columns={columns}
              idOf={({ user }) => user}
              empty={words.noUsers}
              selected={selected}
              select={(id) => goTo('users', id)}
              sortedBy={{ key: 'connections', down: true }}
            />
            {bans.length > 0 && (
              <section className="card">
                <h2>{words.banned}</h2>
                <ul className="lines">
                  {bans.map(({ user }) => (
                    <li key={user}>
                      {user}
                      <ConfirmButton
                        label={words.unban}
                        about={user}
                        act={() => adminApi.unban(user).then(answer.refresh)}
                      />
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </div>
          {selected !== undefined && <One user={selected} refresh={answer.refresh} />}
        </div>
      )}
    </Told>
  )
}

function One({ user, refresh }: { user: string; refresh: () => void }) {
  const { words, locale } = useWords()
  const answer = useAnswer(
    useCallback((signal: AbortSignal) => adminApi.timeline(user, signal), [user]),
    CHANGES,
  )
  return (
    <Detail title={user} close={() => goTo('users')}>
      <p className="actions">
        <ConfirmButton label={words.kick} about={user} act={() => adminApi.kickUser(user).then(refresh)} />
        <ConfirmButton label={words.ban} about={user} act={() => adminApi.ban(user).then(refresh)} />
      </p>
      <h3>{words.timeline}</h3>
      <Told answer={answer}>
        {({ timeline }) =>
          timeline.length === 0 ? (
            <p className="empty">{words.noTimeline}</p>
          ) : (
            <ol className="timeline">
              {timeline.map(({ at, what, connection, detail }, index) => (
                <li key={`${at} ${index}`}>
                  <time dateTime={new Date(at).toISOString()}>{moment(at, locale)}</time> <b>{what}</b> {detail}
                  <code className="soft line">{connection}</code>
                </li>
              ))}
            </ol>
          )
        }
      </Told>
    </Detail>
  )
}
