import { expect, it } from 'vitest'
import type { Publication } from '../client/api.ts'
import type { ServerOptions } from '../server/options.ts'
import { World } from './world.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** A world whose tokens are `name/expiry`, and a client that gets a fresh one whenever it is asked. */
function setUp(tokenMs: number) {
  const server: ServerOptions = {
    authenticate: ({ token = '' }) => {
      const [user = '', expiresAt] = token.split('/')
      return Number(expiresAt) > world.time.now ? { user, expiresAt: Number(expiresAt) } : null
    },
    channels: { '**': { subscribe: true, publish: true } },
  }
  const world = new World({ server })
  let tokens = 0
  const virtual = world.client({
    getToken: () => {
      tokens++
      return `ada/${world.time.now + tokenMs}`
    },
  })
  const got: number[] = []
  const outcomes: string[] = []
  virtual.client
    .subscribe('news', ({ data }: Publication) => got.push(data as number))
    .on('outcome', (outcome) => outcomes.push(outcome))
  return { world, virtual, client: virtual.client, got, outcomes, tokens: () => tokens }
}

// A day is a million steps: seconds of work, more where the machine has other things to do.
it(
  'HB-1, AUTH-5, CLI-12: a day of heartbeats, refreshed tokens and three blips loses nothing',
  { timeout: 30_000 },
  async () => {
    const { world, virtual, client, got, outcomes, tokens } = setUp(HOUR)
    const blips = [3.2 * HOUR, 11 * HOUR, 19.7 * HOUR]
    for (const at of blips) world.time.schedule(world.time.now + at, () => virtual.link?.cut())
    const all = Array.from({ length: 144 }, (_, index) => index)
    for (const index of all) {
      world.time.schedule(
        world.time.now + index * 10 * MINUTE + 5_000,
        () => void world.server.node.publisher.publish('news', index),
      )
    }
    await world.run(24 * HOUR)
    expect(got).toEqual(all)
    expect(outcomes).toEqual(['live', 'recovered', 'recovered', 'recovered'])
    expect([client.status, client.stats().reconnects, virtual.dials]).toEqual(['connected', 3, 4])
    expect(world.server.closes).toMatchObject(blips.map(() => ({ by: 'network' })))
    expect(tokens()).toBeGreaterThan(24)
    expect(tokens()).toBeLessThan(60)
    expect(client.stats().framesReceived).toBeLessThan(144 + 2 * 24 * 144 + 200) // a heartbeat each 25 s, and hardly anything else
    expect([world.server.failures, virtual.failures]).toEqual([[], []])
    const { node } = world.server
    expect([node.registry.size, node.sessions.size, node.hub.size]).toEqual([1, 1, 2])
  },
)

it('AUTH-7, CLI-12: a token that expires in 60 days is neither refreshed nor ended in a day', async () => {
  const { world, virtual, client, tokens } = setUp(60 * 24 * HOUR)
  await world.run(6 * HOUR)
  expect([client.status, virtual.dials, tokens()]).toEqual(['connected', 1, 1])
})

it('HB-7, AUTH-2: a laptop that slept past its token is back within seconds, with a new one, in one attempt', async () => {
  const { world, virtual, client, got, outcomes, tokens } = setUp(30 * MINUTE)
  await world.run(MINUTE)
  virtual.freeze(2 * HOUR)
  await world.server.node.publisher.publish('news', 1)
  await world.run(2 * HOUR)
  const asked = tokens()
  expect(world.server.node.registry.connected).toBe(0)
  await world.run(6_000)
  expect([client.status, virtual.dials, tokens() - asked]).toEqual(['connected', 2, 1])
  expect([got, outcomes]).toEqual([[1], ['live', 'recovered']])
})
