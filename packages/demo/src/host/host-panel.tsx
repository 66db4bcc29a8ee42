// Real figures of the machine the gateway runs on, as they come in.

import { useMemo } from 'react'
import { useWords } from '../words/words-provider.tsx'
import { Chart, type ChartLine } from './chart.tsx'
import { lineOf } from './figures.ts'
import { useFigures } from './use-figures.ts'

export function HostPanel() {
  const { words, locale } = useWords()
  const { series, state } = useFigures()
  const last = series.at(-1)
  const times = useMemo(() => series.map(({ at }) => at / 1000), [series])
  const load = useMemo<ChartLine[]>(
    () => [
      { name: words.host.cpu, unit: '%', values: lineOf(series, ({ cpu }) => cpu * 100) },
      { name: words.host.memory, unit: '%', values: lineOf(series, ({ memory }) => memory * 100) },
    ],
    [series, words],
  )
  const delay = useMemo<ChartLine[]>(
    () => [{ name: words.host.delay, unit: 'ms', values: lineOf(series, ({ loopDelayMs }) => loopDelayMs) }],
    [series, words],
  )
  const count = (value: number, digits = 0) => value.toLocaleString(locale, { maximumFractionDigits: digits })
  return (
    <section className="host panel" aria-label={words.host.title}>
      <h2>{words.host.title}</h2>
      {last === undefined ? (
        <p className="soft">{state === 'refused' ? words.host.refused : words.host.waiting}</p>
      ) : (
        <>
          <dl className="tiles">
            <Tile name={words.host.connections} value={count(last.connections)} />
            <Tile name={words.host.rate} value={count(last.publicationsPerSecond, 1)} />
            <Tile name={words.host.used} value={`${count(last.memoryBytes / 2 ** 30, 1)} GiB`} />
          </dl>
          <Chart title={words.host.load} times={times} lines={load} max={100} />
          <Chart title={words.host.delay} times={times} lines={delay} />
        </>
      )}
    </section>
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
