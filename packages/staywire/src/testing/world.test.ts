import { expect, it } from 'vitest'
import type { Publication } from '../client/api.ts'
import type { ServerOptions } from '../server/options.ts'
import { World } from './world.ts'

const SERVER: ServerOptions = {
  authenticate: ({ token }) => (token === undefined ? null : { user: token }),
  channels: { '**': { subscribe: true, publish: true } },
}

function setUp(server: ServerOptions = SERVER) {
  const world = new World({ server })
  const ada = world.client({ getToken: () => 'ada' })
  const got: number[] = []
  const outcomes: string[] = []
  const subscription = ada.client.subscribe('news', ({ data }: Publication) => got.push(data as number))
  subscription.on('outcome', (outcome) => outcomes.push(outcome))
  return { world, ada, got, outcomes, subscription }
}

it('connects, publishes and delivers in virtual time', async () => {
  const { world, ada, got, outcomes } = setUp()
  let stored: unknown
  ada.client.publish('news', 1).then((published) => (stored = published))
  await world.run(1_000)
  expect([ada.client.status, got, outcomes]).toEqual(['connected', [1], ['live']])
  expect(stored).toMatchObject({ duplicate: false, position: { offset: 1 } })
  expect(world.server.failures).toEqual([])
})

it('HB-1, REC-1: a quiet channel is recovered after ten minutes and a blip', async () => {
  const { world, ada, got, outcomes } = setUp()
  await world.run(600_000)
  expect(ada.client.stats().reconnects).toBe(0)
  ada.link?.cut()
  await world.server.node.publisher.publish('news', 1)
  await world.run(60_000)
  expect([got, outcomes]).toEqual([[1], ['live', 'recovered']])
})

it('RES-5: a client that is back 300 ms after a half-open link replaces its ghost at once, and misses nothing', async () => {
  const { world, ada, got, outcomes } = setUp()
  await world.run(1_000)
  ada.link?.stall()
  await world.server.node.publisher.publish('news', 1)
  await world.run(300)
  ada.client.disconnect()
  const connected = ada.client.connect()
  await world.run(2_000)
  await connected
  expect(world.server.closes).toMatchObject([{ code: 4501, by: 'server' }])
  expect(world.server.node.registry.connected).toBe(1)
  expect([got, outcomes]).toEqual([[1], ['live', 'recovered']])
})
