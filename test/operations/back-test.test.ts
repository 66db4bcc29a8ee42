// The forecast on recorded series with a daily shape: what it says an hour or two ahead, against what came.
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { Forecaster } from '../../packages/staywire/src/operations/forecast/forecaster.ts'
import { printFigures } from '../figures.ts'

const SERIES = globSync('series/*.csv', { cwd: import.meta.dirname }).map((file) => {
  const lines = readFileSync(`${import.meta.dirname}/${file}`, 'utf8').split('\n')
  const days = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(',').map(Number))
  return { name: basename(file, '.csv'), slots: days[0]!.length, values: days.flat() }
})

/** Mean absolute errors over all forecasts up to two hours ahead, after a first week to learn from. */
function backTest(values: readonly number[], slots: number) {
  const forecaster = new Forecaster(slots)
  const horizons = slots === 48 ? [1, 2, 3, 4] : [1, 2]
  const errors = { forecast: 0, yesterday: 0, lastWeek: 0 }
  let forecasts = 0
  let inBand = 0
  for (const [now, value] of values.entries()) {
    for (const steps of now < slots * 7 ? [] : horizons) {
      const at = now + steps - 1
      const came = values[at]
      const expected = forecaster.ahead(steps)
      if (came === undefined || expected === undefined) continue
      errors.forecast += Math.abs(expected.value - came)
      errors.yesterday += Math.abs((values[at - slots] ?? 0) - came)
      errors.lastWeek += Math.abs((values[at - slots * 7] ?? 0) - came)
      if (came >= expected.low && came <= expected.high) inBand++
      forecasts++
    }
    forecaster.learn(value)
  }
  return { ...errors, inBand: inBand / forecasts, forecasts }
}

it('knows at least three recorded series', () => expect(SERIES.length).toBeGreaterThanOrEqual(3))

it.each(SERIES)(
  'forecasts $name at least 10 % better than "as yesterday" and "as a week ago", with honest bands',
  (series) => {
    const { forecast, yesterday, lastWeek, inBand, forecasts } = backTest(series.values, series.slots)
    const better = (naive: number): string => `${Math.round((1 - forecast / naive) * 100)} %`
    printFigures(
      `forecast of ${series.name}: ${better(yesterday)} better than as yesterday, ${better(lastWeek)} than as a week ago, ` +
        `${Math.round(inBand * 100)} % inside the band (${forecasts} forecasts)`,
    )
    expect(forecast / yesterday).toBeLessThan(0.9)
    expect(forecast / lastWeek).toBeLessThan(0.9)
    expect(inBand).toBeGreaterThan(0.9)
  },
)
