// The overview: totals, and how they came to be over the last hour.
import { useCallback } from 'react'
import { adminApi } from '../access/admin-api.ts'
import { usePolled } from '../feed/use-polled.ts'
import { Told } from '../shell/told.tsx'
import { bytes } from '../words/figures.ts'
import { useWords } from '../words/use-words.ts'
import { Charts } from './charts.tsx'

const FORECAST_EVERY_MS = 30_000

export function OverviewSection() {
  const { words, locale } = useWords()
  const polled = usePolled(adminApi.overview)
  const { data: forecast } = usePolled(
    useCallback((signal: AbortSignal) => adminApi.forecast(signal), []),
    FORECAST_EVERY_MS,
  )
  return (
    <Told polled={polled}>
      {(overview) => (
        <>
          <dl className="tiles">
            <Tile name={words.totals.connections} value={overview.connections.toLocaleString(locale)} />
            <Tile name={words.totals.peak} value={overview.peak.toLocaleString(locale)} />
            <Tile name={words.totals.users} value={overview.users.toLocaleString(locale)} />
            <Tile
              name={words.totals.ratio}
              value={overview.ratio.toLocaleString(locale, { maximumFractionDigits: 2 })}
            />
            <Tile name={words.totals.channels} value={overview.channels.toLocaleString(locale)} />
            <Tile name={words.totals.outbox} value={bytes(overview.outboxBytes, locale)} />
          </dl>
          <Charts samples={overview.samples} forecasts={forecast?.forecasts ?? []} />
          <p className="soft as-of">{words.asOf(new Date(polled.at).toLocaleTimeString(locale))}</p>
        </>
      )}
    </Told>
  )
}

function Tile({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
