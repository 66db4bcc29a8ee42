import { describe, expect, it } from 'vitest'
import type { Publication } from '../client/api.ts'
import { StaywireError } from '../protocol/error-code.ts'
import type { ServerOptions } from '../server/options.ts'
import type { VirtualClient } from './virtual-client.ts'
import { World } from './world.ts'

const OPEN = { subscribe: true, publish: true }
const SERVER: ServerOptions = {
  authenticate: ({ token }) => (token === undefined ? null : { user: token }),
  channels: { 'room:**': { ...OPEN, presence: true }, '**': OPEN },
}

/** A client that reads `news` and keeps what it saw. */
function reader(world: World, name = 'ada') {
  const virtual = world.client({ getToken: () => name })
  const got: number[] = []
  const outcomes: string[] = []
  const subscription = virtual.client.subscribe('news', ({ data }: Publication) => got.push(data as number))
  subscription.on('outcome', (outcome) => outcomes.push(outcome))
  return { virtual, client: virtual.client, got, outcomes, subscription }
}

function setUp(server: ServerOptions = SERVER) {
  const world = new World({ server })
  return { world, ...reader(world) }
}

/** The host publishes numbers. */
async function tell(world: World, ...data: number[]): Promise<void> {
  for (const one of data) await world.server.node.publisher.publish('news', one)
}

const connected = (...clients: VirtualClient[]): boolean => clients.every(({ client }) => client.status === 'connected')

describe('a client and a server', () => {
  it('connect, publish and deliver in virtual time', async () => {
    const { world, client, got, outcomes } = setUp()
    const stored = client.publish('news', 1)
    await world.run(1_000)
    expect([client.status, got, outcomes]).toEqual(['connected', [1], ['live']])
    expect(await stored).toMatchObject({ duplicate: false, position: { offset: 1 } })
    expect(world.server.failures).toEqual([])
  })

  it('leave nothing behind: after the last client every gauge is zero and nothing is scheduled', async () => {
    const { world, virtual, client } = setUp()
    const other = world.client({ getToken: () => 'bob' })
    other.client.subscribe('room:1', undefined, { presence: 'members' })
    void client.publish('news', 1)
    await world.run(5_000)
    client.close()
    other.client.disconnect({ end: true })
    await world.run(130_000)
    const { node } = world.server
    expect([node.registry.size, node.registry.users, node.sessions.size, node.presence.size, node.hub.size]).toEqual([
      0, 0, 0, 0, 0,
    ])
    expect([virtual.armed, virtual.listeners, other.armed]).toEqual([false, 0, false])
    expect(world.time.pending).toBe(1) // the server's next tick
  })

  it('PRES-6: a blip of a second is neither a leave nor a join to those who watch', async () => {
    const { world, virtual, client } = setUp()
    client.subscribe('room:1', undefined, { presence: 'members' })
    const watcher = world.client({ getToken: () => 'bob' })
    await world.run(1_000)
    const seen: number[] = []
    watcher.client
      .subscribe('room:1', undefined, { presence: 'members' })
      .on('presence', ({ count }) => seen.push(count))
    await world.run(1_000)
    virtual.link?.cut()
    await world.run(10_000)
    expect([client.status, seen]).toEqual(['connected', [2]])
  })
})

describe('a network that fails', () => {
  it('HB-1, REC-1, REC-14: a quiet channel is recovered after ten minutes and a blip', async () => {
    const { world, virtual, client, got, outcomes } = setUp()
    await world.run(600_000)
    expect(client.stats().reconnects).toBe(0)
    virtual.link?.cut()
    await tell(world, 1)
    await world.run(60_000)
    expect([got, outcomes]).toEqual([[1], ['live', 'recovered']])
  })

  it('RES-5, RES-7: a client that is back 300 ms after a half-open link replaces its ghost at once, and misses nothing', async () => {
    const { world, virtual, client, got, outcomes } = setUp()
    await world.run(1_000)
    virtual.link?.stall()
    await tell(world, 1)
    await world.run(300)
    client.disconnect()
    const back = client.connect()
    await world.run(2_000)
    await back
    expect(world.server.closes).toMatchObject([{ code: 4501, by: 'server' }])
    expect(world.server.node.registry.connected).toBe(1)
    expect([got, outcomes]).toEqual([[1], ['live', 'recovered']])
  })

  it('RES-1, CLI-6: a second failure while the session resumes is resumed from just the same', async () => {
    const world = new World({ server: SERVER, latencyMs: [20, 20] })
    const { virtual, client, got, outcomes } = reader(world)
    await world.run(1_000)
    virtual.link?.cut()
    await tell(world, 1, 2)
    expect(await world.until(() => virtual.dials === 2 && client.status === 'connected', 60_000)).toBe(true)
    virtual.link?.cut() // between `connected` and the recovered publications
    await tell(world, 3)
    await world.run(60_000)
    expect([got, outcomes]).toEqual([
      [1, 2, 3],
      ['live', 'recovered'],
    ])
    expect(world.server.node.sessions.size).toBe(1)
  })

  it('CLOSE-4, CLOSE-7: an outage of 85 minutes is neither given up nor dialled in a circle', async () => {
    const { world, virtual, client, got } = setUp()
    await world.run(1_000)
    world.server.crash()
    await world.run(85 * 60_000)
    expect(virtual.dials).toBeGreaterThan(150)
    expect(virtual.dials).toBeLessThan(700)
    world.restart(0)
    await world.run(31_000)
    await tell(world, 1)
    await world.run(1_000)
    expect([client.status, got]).toEqual(['connected', [1]])
  })

  it('CLOSE-8: a server that accepts and dies after 300 ms is dialled ever more slowly', async () => {
    const { world, virtual } = setUp()
    const die = (): void => {
      if (virtual.client.status === 'connected') world.time.schedule(world.time.now + 300, () => virtual.link?.cut())
    }
    virtual.client.on('status', die)
    await world.run(600_000)
    expect(virtual.dials).toBeLessThan(100)
    expect(virtual.client.errors().at(-1)?.evidence.phase).toBe('early')
  })

  it.each([0, 1, 4_321, 12_500, 24_999])(
    'HB-3, HB-6: a path that dies %d ms later is found by the server within 33 s and by the client within 35 s',
    async (laterMs) => {
      const { world, virtual, client } = setUp()
      await world.run(100_000 + laterMs)
      virtual.link?.stall()
      world.reachable(false)
      await world.run(33_000)
      expect([world.server.closes, world.server.node.registry.connected]).toMatchObject([
        [{ code: 4102, by: 'server' }],
        0,
      ])
      await world.run(2_000)
      expect(client.errors()[0]).toMatchObject({ class: 'network', reason: 'nothing was heard in time' })
    },
  )

  it('HB-6: a server behind a dead path is found by the client within 35 s', async () => {
    const { world, virtual, client } = setUp()
    await world.run(100_000)
    virtual.link?.stall()
    await world.run(35_000)
    expect([virtual.dials, client.errors().length]).toEqual([2, 1])
  })

  it('CLI-1, PUB-6: a publish into a dead path goes out again and is stored once', async () => {
    const { world, virtual, client, got } = setUp()
    await world.run(1_000)
    virtual.link?.stall('server') // it arrives; only the answer is lost
    const published = client.publish('news', 7)
    await world.run(60_000)
    expect(await published).toMatchObject({ duplicate: true, position: { offset: 1 } })
    expect(got).toEqual([7])
  })

  it('OUT-1, OUT-3, REC-2: who stops reading is closed at its limit, disturbs nobody and recovers all of it', async () => {
    const { world, virtual, client, got, outcomes } = setUp({ ...SERVER, limits: { outboxBytes: 1_024 } })
    const other = reader(world, 'bob')
    await world.run(1_000)
    virtual.link?.pauseReading('client')
    const all = Array.from({ length: 100 }, (_, index) => index)
    await tell(world, ...all)
    await world.run(1_000)
    expect([world.server.closes.map(({ code }) => code), other.got]).toEqual([[4103], all])
    virtual.link?.resumeReading('client')
    await world.run(30_000)
    expect([client.status, got, outcomes]).toEqual(['connected', all, ['live', 'recovered']])
  })
})

describe('a server that fails', () => {
  it('RES-3, RES-6, CLI-2: after a crash slots are free again, channels say gap, and what may have been stored says unknown', async () => {
    const { world, virtual, client, outcomes } = setUp()
    await world.run(1_000)
    virtual.link?.stall('server')
    const published = client.publish('news', 1).catch((error: unknown) => error)
    await world.run(100)
    world.restart(2_000)
    await world.run(60_000)
    expect(await published).toMatchObject({ code: 'unknown' })
    expect([client.status, outcomes, world.server.node.registry.connected]).toEqual(['connected', ['live', 'gap'], 1])
  })

  it.each([
    ['HB-8: an event loop that stands still for 8 s costs nobody the connection', 8_000, 21],
    // Those who had heard nothing for 15 s before it take the server for dead, rightly: HB-6.
    ['HB-8: a server whose event loop stood still for 20 s closes nobody for it', 20_000, 100],
  ])('%s', async (_, stallMs, mostDials) => {
    const { world, ...first } = setUp()
    const all = [first, ...Array.from({ length: 20 }, (__, index) => reader(world, `user-${index}`))]
    for (let round = 0; round < 4; round++) {
      await world.run(21_000)
      world.server.stall(stallMs)
      await world.run(stallMs + 5_000)
    }
    await tell(world, 1)
    await world.run(1_000)
    expect(world.server.closes.filter(({ by }) => by === 'server')).toEqual([])
    expect(all.map(({ client, got }) => [client.status, got])).toEqual(all.map(() => ['connected', [1]]))
    expect(all.reduce((dials, { virtual }) => dials + virtual.dials, 0)).toBeLessThanOrEqual(mostDials)
  })

  it('CONN-13, CLOSE-5: of two that come in the same millisecond to the one place left one waits, and gets it when it is free', async () => {
    const world = new World({ server: { ...SERVER, limits: { connections: 1 } }, latencyMs: [20, 20] })
    const [first, second] = [reader(world, 'ada'), reader(world, 'bob')]
    await world.run(3_000)
    const up = (): boolean[] => [first, second].map(({ client }) => client.status === 'connected')
    expect(up().filter(Boolean)).toHaveLength(1)
    const [winner, loser] = up()[0] === true ? [first, second] : [second, first]
    expect(loser.client.cause?.code).toBe(4202)
    winner.client.disconnect()
    await world.run(20_000)
    expect(loser.client.status).toBe('connected')
  })

  it('CLOSE-4, CLOSE-9: those whom a deploy sends away at once do not come back at once', async () => {
    const world = new World({ server: SERVER })
    const clients = Array.from({ length: 60 }, (_, index) => reader(world, `user-${index}`).virtual)
    await world.run(5_000)
    const arrivals: number[] = []
    for (const virtual of clients) {
      virtual.client.on('status', (status) => status === 'connecting' && arrivals.push(world.time.now))
    }
    const { node } = world.server
    node.closeOver([...node.registry.matching({})], { code: 4101 }, 0)
    await world.run(15_000)
    const buckets = new Map<number, number>()
    for (const at of arrivals) buckets.set(Math.floor(at / 100), (buckets.get(Math.floor(at / 100)) ?? 0) + 1)
    expect([arrivals.length, connected(...clients)]).toEqual([60, true])
    expect(Math.max(...buckets.values())).toBeLessThan(20) // 60 over about a second
  })

  it('AUTH-2, CLOSE-3: who was banned while away is told so and stays away', async () => {
    let banned = false
    const authenticate: ServerOptions['authenticate'] = ({ token }) => {
      if (banned) throw new StaywireError('forbidden', 'Banned.')
      return token === undefined ? null : { user: token }
    }
    const { world, virtual, client } = setUp({ ...SERVER, authenticate })
    await world.run(1_000)
    banned = true
    virtual.link?.cut()
    await world.run(600_000)
    expect([client.status, client.cause?.code, virtual.dials]).toEqual(['failed', 4003, 2])
  })
})
