import { expect, it } from 'vitest'
import { count, quantile } from './figures.ts'
import type { Line } from './history.ts'

const status = (status: 'connecting' | 'connected' | 'waiting', at: number, client = 'a'): Line => ({
  client,
  type: 'status',
  status,
  at,
})

it('counts the time connected from the first connection on, drops, dials and the way back', () => {
  const lines = [
    status('connecting', 0),
    status('connected', 100),
    status('waiting', 400),
    status('connecting', 500),
    status('waiting', 510),
    status('connecting', 590),
    status('connected', 600),
    status('connected', 100, 'b'),
  ]
  expect(count(lines, 1_100)).toMatchObject({
    availability: (800 + 1_000) / 2_000,
    drops: 1,
    reconnects: 1,
    dials: 2,
    downMs: [200],
  })
})

it('a client that stays away is a drop without a reconnect', () => {
  const lines = [status('connected', 0), status('waiting', 250), status('connecting', 300)]
  expect(count(lines, 1_000)).toMatchObject({ availability: 0.25, drops: 1, reconnects: 0, dials: 1, downMs: [] })
})

it('tells quantiles of ascending lists', () => {
  expect([quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 1), quantile([], 0.5)]).toEqual([3, 4, 0])
})
