import { expect, it } from 'vitest'
import type { Connection } from '../connection/connection.ts'
import { Registry } from './registry.ts'

const connection = (id: string, user: string, more: object = {}): Connection =>
  ({ id, user, phase: 'connected', origin: {}, subscriptions: undefined, ...more }) as unknown as Connection

it('finds connections by user, channel and browser, together', () => {
  const registry = new Registry<Connection>()
  const subscriptions = new Map([['a', {}]])
  const all = [
    connection('1', 'ada', { subscriptions, origin: { browser: 'b' } }),
    connection('2', 'ada', { subscriptions }),
    connection('3', 'bob', { origin: { browser: 'b' } }),
  ]
  for (const one of all) {
    registry.add(one)
    registry.connect(one)
  }
  const ids = (filter: object): string[] => [...registry.matching(filter)].map(({ id }) => id)
  expect([
    ids({}),
    ids({ user: 'ada' }),
    ids({ channel: 'a' }),
    ids({ browser: 'b' }),
    ids({ user: 'ada', browser: 'b' }),
    ids({ user: 'eve' }),
  ]).toEqual([['1', '2', '3'], ['1', '2'], ['1', '2'], ['1', '3'], ['1'], []])
})

it('counts who is connected and how many users, back to zero', () => {
  const registry = new Registry<Connection>()
  const all = [connection('1', 'ada'), connection('2', 'ada'), connection('3', 'ada'), connection('4', 'bob')]
  const early = connection('5', '', { phase: 'awaiting' })
  for (const one of [...all, early]) registry.add(one)
  for (const one of all) registry.connect(one)
  expect([registry.size, registry.connected, registry.users]).toEqual([5, 4, 2])
  expect([...registry.matching({})]).not.toContain(early)
  expect([early, ...all].map((one) => registry.remove(one))).toEqual([false, true, true, true, true])
  expect([registry.size, registry.connected, registry.users]).toEqual([0, 0, 0])
})
