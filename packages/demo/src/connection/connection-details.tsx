// What the client knows about its connection, in figures, with what went wrong before.

import type { Client } from 'staywire/client'
import { useConnection } from 'staywire/react'
import { useWords } from '../words/use-words.ts'
import { BrowserTabs } from './browser-tabs.tsx'
import { causeKey } from './cause.ts'
import { useClock } from './use-clock.ts'

const SHOWN_ERRORS = 5

export function ConnectionDetails({ client }: { client: Client }) {
  const { words, locale } = useWords()
  const { status, cause, connect, disconnect } = useConnection()
  useClock(1000)
  const stats = client.stats()
  const time = (at: number) => new Date(at).toLocaleTimeString(locale)
  const size = (bytes: number) => `${(bytes / 1024).toLocaleString(locale, { maximumFractionDigits: 1 })} KiB`
  const facts: [name: string, value: string | undefined][] = [
    [words.connection.why, cause && words.cause[causeKey(cause, status)]],
    [words.connection.id, stats.connection],
    [words.connection.over, stats.transport && words.connection.transport[stats.transport]],
    [words.connection.since, stats.connectedAt === undefined ? undefined : time(stats.connectedAt)],
    [words.connection.rtt, stats.rttMs === undefined ? undefined : `${Math.round(stats.rttMs)} ms`],
    [words.connection.reconnects, String(stats.reconnects)],
    [words.connection.traffic, `${size(stats.bytesReceived)} / ${size(stats.bytesSent)}`],
    [words.connection.waiting, String(stats.outbox.count)],
  ]
  const down = status === 'disconnected' || status === 'stopped' || status === 'failed' || status === 'gave-up'
  return (
    <div className="details" id="connection-details">
      <dl>{facts.map(([name, value]) => value !== undefined && <Fact key={name} name={name} value={value} />)}</dl>
      <BrowserTabs client={client} />
      <h3>{words.connection.history}</h3>
      <ErrorHistory client={client} time={time} />
      <button className="wide" onClick={() => (down ? void connect().catch(() => {}) : disconnect())}>
        {down ? words.connection.connect : words.connection.disconnect}
      </button>
    </div>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={value}>{value}</dd>
    </div>
  )
}

function ErrorHistory({ client, time }: { client: Client; time: (at: number) => string }) {
  const { words } = useWords()
  const errors = client.errors().slice(-SHOWN_ERRORS).reverse()
  if (errors.length === 0) return <p className="soft">{words.connection.noHistory}</p>
  return (
    <ol>
      {errors.map((error) => (
        <li key={`${error.at} ${error.reason}`} title={error.reason}>
          <time>{time(error.at)}</time> {words.cause[causeKey(error)]}
        </li>
      ))}
    </ol>
  )
}
