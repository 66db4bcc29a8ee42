// Real figures of the machine the gateway runs on, as they come in.

import { Chart, type ChartLine } from '@staywire/look'
import { useMemo } from 'react'
import { useWords } from '../words/use-words.ts'
import { plotPoints, type HostFigures } from './figures.ts'
import { useFigures } from './use-figures.ts'

export function HostPanel() {
  const { words, locale } = useWords()
  const { series, state } = useFigures()
  const last = series.at(-1)
  const { times, load, delay } = useMemo(() => {
    const points = plotPoints(series)
    const line = (name: string, unit: string, of: (figures: HostFigures) => number): ChartLine => ({
      name,
      unit,
      values: points.map(({ figures }) => (figures === undefined ? null : of(figures))),
    })
    return {
      times: points.map(({ at }) => at / 1000),
      load: [
        line(words.host.cpu, '%', ({ cpu }) => cpu * 100),
        line(words.host.memory, '%', ({ memory }) => memory * 100),
      ],
      delay: [line(words.host.delay, 'ms', ({ loopDelayMs }) => loopDelayMs)],
    }
  }, [series, words])
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
