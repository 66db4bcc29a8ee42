// The channels with subscribers, busiest first.

import type { Channel } from '../access/admin-api.ts'
import { useWords } from '../words/use-words.ts'

/** More than these are counted, not shown. */
const SHOWN_MAX = 500

export function ChannelTable({ channels }: { channels: readonly Channel[] }) {
  const { words, locale } = useWords()
  const sorted = [...channels].sort((a, b) => b.subscribers - a.subscribers || a.channel.localeCompare(b.channel))
  const more = sorted.length - SHOWN_MAX
  return (
    <section className="card">
      <h2>{words.totals.channels}</h2>
      {sorted.length === 0 ? (
        <p className="empty">{words.noChannels}</p>
      ) : (
        <table className="narrow">
          <thead>
            <tr>
              <th>{words.columns.channel}</th>
              <th>{words.columns.subscribers}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, SHOWN_MAX).map(({ channel, subscribers }) => (
              <tr key={channel}>
                <td data-label={words.columns.channel}>
                  <code>{channel}</code>
                </td>
                <td data-label={words.columns.subscribers}>{subscribers.toLocaleString(locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more > 0 && <p className="soft">{words.more(more)}</p>}
    </section>
  )
}
