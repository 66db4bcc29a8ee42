// The overview: totals, and how they came to be over the last hour.
import { adminApi } from '../access/admin-api.ts'
import { useAnswer } from '../feed/use-answer.ts'
import { Told } from '../shell/told.tsx'
import { bytes } from '../words/figures.ts'
import { useWords } from '../words/use-words.ts'
import { Charts } from './charts.tsx'
import { withSamples } from './series.ts'

/** It is of minutes. */
const FORECAST = { channel: '$admin:forecast', everyMs: 30_000 }
const OVERVIEW = { channel: '$admin:overview', merge: withSamples }

export function OverviewSection() {
  const { words, locale } = useWords()
  const answer = useAnswer(adminApi.overview, OVERVIEW)
  const { data: forecast } = useAnswer(adminApi.forecast, FORECAST)
  return (
    <Told answer={answer}>
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
          <p className="soft as-of">{words.asOf(new Date(answer.at).toLocaleTimeString(locale))}</p>
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
