import { expect, it } from 'vitest'
import { extend, plotPoints, SERIES_MAX, type HostFigures } from './figures.ts'

const at = (time: number): HostFigures => ({
  at: time,
  cpu: 0,
  memory: 0,
  memoryBytes: 0,
  loopDelayMs: 0,
  connections: 0,
  publicationsPerSecond: 0,
})

it('joins history and live figures in order of time, each once, and forgets the oldest', () => {
  const series = extend([at(3)], [at(1), at(2), at(3)])
  expect(series.map((figures) => figures.at)).toEqual([1, 2, 3])
  const many = Array.from({ length: SERIES_MAX + 5 }, (_, index) => at(index + 10))
  const long = extend(series, many)
  expect([long.length, long[0]?.at]).toEqual([SERIES_MAX, 15])
})

it('breaks a line where figures are missing', () => {
  const points = plotPoints([at(1_000), at(2_000), at(9_000), at(10_000)])
  expect(points.map((point) => [point.at, point.figures !== undefined])).toEqual([
    [1_000, true],
    [2_000, true],
    [2_001, false],
    [9_000, true],
    [10_000, true],
  ])
})
