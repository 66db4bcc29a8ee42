import { expect, it } from 'vitest'
import type { Forecast, Overview, Sample } from '../access/shapes.ts'
import { perSecond, withForecast, withSamples } from './series.ts'

const sample = (at: number, publications: number, connections = 0) => ({ at, publications, connections }) as Sample

it('makes rates of counts, across gaps of any length', () => {
  const samples = [sample(0, 500), sample(10_000, 50), sample(40_000, 60)]
  expect(perSecond(samples, ({ publications }) => publications)).toEqual([null, 5, 2])
})

it('adds the samples that are new, and lets go of the oldest', () => {
  const overview = (users: number, samples: Sample[]) => ({ users, samples }) as unknown as Overview
  const before = overview(1, [sample(1, 0), sample(2, 0)])
  expect(withSamples(overview(2, [sample(2, 0)]), before)).toEqual({ users: 2, samples: before.samples })
  expect(withSamples(overview(2, [sample(3, 0)]), before).samples.map(({ at }) => at)).toEqual([1, 2, 3])
  const full = overview(
    1,
    Array.from({ length: 360 }, (_, at) => sample(at, 0)),
  )
  const after = withSamples(overview(1, [sample(360, 0)]), full).samples
  expect([after.length, after[0]?.at, after.at(-1)?.at]).toEqual([360, 1, 360])
})

it('goes on from the line into the band, which never is below nothing', () => {
  const forecast: Forecast = {
    metric: 'connections',
    seasoned: false,
    points: [{ at: 30_000, value: 3, low: -1, high: 7 }],
  }
  expect(withForecast([sample(10_000, 0, 2), sample(20_000, 0, 3)], forecast)).toEqual({
    times: [10, 20, 30],
    values: [2, 3, null],
    band: { low: [null, null, 0], high: [null, null, 7] },
    seasoned: false,
  })
})
