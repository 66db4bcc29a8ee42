// The channels: who subscribes, how much goes through, what was published last, and publishing something to try it.
import { useCallback } from 'react'
import { adminApi } from '../access/admin-api.ts'
import type { Channel } from '../access/shapes.ts'
import { CHANGES } from '../feed/channels.ts'
import { useAnswer } from '../feed/use-answer.ts'
import { Detail } from '../shell/detail.tsx'
import { goTo } from '../shell/sections.ts'
import { Told } from '../shell/told.tsx'
import type { Column } from '../table/column.ts'
import { VirtualTable } from '../table/virtual-table.tsx'
import { moment } from '../words/figures.ts'
import { useWords } from '../words/use-words.ts'
import { PublishForm } from './publish-form.tsx'

export function ChannelsSection({ selected }: { selected: string | undefined }) {
  const { words, locale } = useWords()
  const { columns: names } = words
  const answer = useAnswer(adminApi.channels, CHANGES)
  const columns: readonly Column<Channel>[] = [
    { key: 'channel', title: names.channel, value: ({ channel }) => channel, share: 3 },
    {
      key: 'subscribers',
      title: names.subscribers,
      value: ({ subscribers }) => subscribers,
      show: ({ subscribers }) => subscribers.toLocaleString(locale),
    },
    {
      key: 'rate',
      title: names.rate,
      value: ({ perSecond }) => perSecond,
      show: ({ perSecond }) => perSecond.toLocaleString(locale, { maximumFractionDigits: 1 }),
    },
  ]
  return (
    <Told answer={answer}>
      {({ channels }) => (
        <div className={selected === undefined ? undefined : 'with-detail'}>
          <VirtualTable
            name={words.sections.channels}
            rows={channels}
            columns={columns}
            idOf={({ channel }) => channel}
            empty={words.noChannels}
            selected={selected}
            select={(id) => goTo('channels', id)}
            sortedBy={{ key: 'subscribers', down: true }}
          />
          {selected !== undefined && <One channel={selected} />}
        </div>
      )}
    </Told>
  )
}

function One({ channel }: { channel: string }) {
  const { words, locale } = useWords()
  const answer = useAnswer(useCallback((signal: AbortSignal) => adminApi.history(channel, signal), [channel]))
  return (
    <Detail title={channel} close={() => goTo('channels')}>
      <PublishForm channel={channel} published={answer.refresh} />
      <h3>{words.history}</h3>
      <Told answer={answer}>
        {({ publications }) =>
          publications.length === 0 ? (
            <p className="empty">{words.noHistory}</p>
          ) : (
            <ol className="timeline">
              {publications.toReversed().map(({ offset, at, data, from }) => (
                <li key={offset}>
                  <time dateTime={new Date(at).toISOString()}>{moment(at, locale)}</time> <b>{offset}</b> {from}
                  <code className="line">{JSON.stringify(data)}</code>
                </li>
              ))}
            </ol>
          )
        }
      </Told>
    </Detail>
  )
}
