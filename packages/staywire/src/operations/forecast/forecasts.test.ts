import { expect, it } from 'vitest'
import { Forecasts } from './forecasts.ts'

const MINUTE = 60_000

it('learns once a minute, however often it is asked to, and says the next hour', () => {
  const forecasts = new Forecasts()
  expect(forecasts.list().map(({ points }) => points)).toEqual([[], [], []])
  for (let second = 0; second < 20 * 60; second++) {
    forecasts.learn({ connections: 100 + Math.floor(second / 60), publications: 5, memory: 1_000 }, second * 1_000)
  }
  const [connections, publications] = forecasts.list()
  expect(connections!.points).toHaveLength(60)
  expect(connections!.points[0]!.at).toBe(20 * MINUTE)
  expect(connections!.points[9]!.value).toBeGreaterThan(125)
  expect(publications!.points[59]).toMatchObject({ value: 5, low: 5, high: 5 })
  expect(connections!.seasoned).toBe(false)
})
