// The charts of the overview, drawn from the node's samples.
import { Chart, type ChartLine } from '@staywire/look'
import { useMemo } from 'react'
import type { Forecast, Sample } from '../access/shapes.ts'
import { useWords } from '../words/use-words.ts'
import { perSecond, withForecast } from './series.ts'

const MIB = 1024 ** 2
const CLASSES = ['auth', 'connection', 'capacity', 'final', 'network'] as const

/** The lines of all charts. */
function useLines(samples: readonly Sample[]) {
  const { words } = useWords()
  const { charts, classes } = words
  return useMemo(() => {
    const line = (name: string, unit: string, of: (sample: Sample) => number): ChartLine => {
      return { name, unit, values: samples.map(of) }
    }
    const rate = (name: string, key: 'publications' | 'deliveries' | 'framesReceived'): ChartLine => {
      return { name, unit: '/s', values: perSecond(samples, (sample) => sample[key]) }
    }
    return {
      times: samples.map(({ at }) => at / 1_000),
      transports: (['websocket', 'sse', 'poll'] as const).map((key) => line(key, '', (sample) => sample[key])),
      rates: [
        rate(charts.published, 'publications'),
        rate(charts.delivered, 'deliveries'),
        rate(charts.received, 'framesReceived'),
      ],
      delays: [line(charts.rttMean, 'ms', ({ rttMs }) => rttMs), line(charts.lag, 'ms', ({ lagP99Ms }) => lagP99Ms)],
      closes: CLASSES.map((name) => {
        const values = perSecond(samples, ({ closes }) => closes[name] ?? 0).map((value) =>
          value === null ? null : value * 60,
        )
        return { name: classes[name], unit: '', values }
      }),
      memory: [line(charts.rss, 'MiB', ({ rssBytes }) => rssBytes / MIB)],
    }
  }, [samples, charts, classes])
}

export function Charts({ samples, forecasts }: { samples: readonly Sample[]; forecasts: readonly Forecast[] }) {
  const { words } = useWords()
  const { charts } = words
  const drawn = useLines(samples)
  const expected = useMemo(
    () =>
      withForecast(
        samples,
        forecasts.find(({ metric }) => metric === 'connections'),
      ),
    [samples, forecasts],
  )
  const { times } = drawn
  return (
    <div className="charts">
      <Panel title={charts.connections}>
        <Chart title={charts.connections} times={times} lines={drawn.transports} />
      </Panel>
      <Panel title={charts.expected} about={expected.seasoned ? undefined : charts.learning}>
        <Chart
          title={charts.expected}
          times={expected.times}
          lines={[{ name: charts.all, unit: '', values: expected.values }]}
          band={expected.band}
        />
      </Panel>
      <Panel title={charts.rates}>
        <Chart title={charts.rates} times={times} lines={drawn.rates} />
      </Panel>
      <Panel title={charts.rtt}>
        <Chart title={charts.rtt} times={times} lines={drawn.delays} />
      </Panel>
      <Panel title={charts.closes}>
        <Chart title={charts.closes} times={times} lines={drawn.closes} />
      </Panel>
      <Panel title={charts.memory}>
        <Chart title={charts.memory} times={times} lines={drawn.memory} />
      </Panel>
    </div>
  )
}

function Panel({ title, about, children }: { title: string; about?: string | undefined; children: React.ReactNode }) {
  return (
    <section className="card">
      <h2>{title}</h2>
      {children}
      {about !== undefined && <p className="soft small">{about}</p>}
    </section>
  )
}
