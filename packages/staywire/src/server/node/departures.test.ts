import { expect, it } from 'vitest'
import type { Connection } from '../connection/connection.ts'
import { Departures } from './departures.ts'

const connections = (count: number): Connection[] =>
  Array.from({ length: count }, (_, id) => ({ id }) as unknown as Connection)

it('CLOSE-9: closes everybody evenly over the time it is given', () => {
  const closed: number[] = []
  const departures = new Departures<Connection>((connection) => closed.push(connection.id as unknown as number))
  departures.spread(connections(10), { code: 4101 }, 1_000, 0)
  const counts = [0, 100, 450, 900, 5_000].map((now) => {
    departures.tick(now)
    return closed.length
  })
  expect(counts).toEqual([1, 2, 5, 10, 10])
  expect(closed).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

it('closes everybody at once when no time is given, and nobody twice', () => {
  const closed: unknown[] = []
  const departures = new Departures<Connection>((connection, how) => closed.push([connection.id, how]))
  departures.spread(connections(2), { code: 4107, retryAfterMs: 3_000 }, 0, 5)
  departures.tick(100)
  departures.spread([], { code: 4107 }, 1_000, 200)
  departures.tick(300)
  expect(closed).toEqual([
    [0, { code: 4107, retryAfterMs: 3_000 }],
    [1, { code: 4107, retryAfterMs: 3_000 }],
  ])
})
