import { describe, expect, it } from 'vitest'
import { ScriptedServer } from '../../testing/scripted-server.ts'
import { VirtualClient, type VirtualClientOptions } from '../../testing/virtual-client.ts'
import { VirtualTime } from '../../testing/virtual-time.ts'
import type { Spare } from '../world.ts'

/** A client whose upkeep is loaded when the test says so, and how often it was asked for. */
function setUp(options: Partial<VirtualClientOptions> = {}) {
  const time = new VirtualTime()
  const server = new ScriptedServer(time)
  const asked: { come(): Promise<void>; fail(): Promise<void> }[] = []
  const load = (): Promise<Spare> => {
    let resolve: (spare: Spare) => void = () => {}
    let reject: (error: Error) => void = () => {}
    const promise = new Promise<Spare>((...both) => ([resolve, reject] = both))
    const settled = async (act: () => void): Promise<void> => {
      act()
      for (let turn = 0; turn < 4; turn++) await Promise.resolve()
      time.advance(0)
    }
    asked.push({
      come: () => settled(() => resolve(world.spareNow)),
      fail: () => settled(() => reject(new Error('404'))),
    })
    return promise
  }
  const world: VirtualClient = new VirtualClient(time, { dial: server.dial, load, ...options })
  const { client } = world
  return { time, server, world, client, asked }
}

/** The same, connected, with a subscription. */
function connected(options: Partial<VirtualClientOptions> = {}, terms: object = {}) {
  const all = setUp(options)
  all.client.subscribe('news')
  all.time.advance(0)
  all.server.accept(terms)
  all.server.take()
  return all
}

describe('the upkeep of a connection', () => {
  it('is loaded a second after the first dial, and once', async () => {
    const { time, asked, world } = connected()
    time.advance(999)
    expect(asked).toHaveLength(0)
    time.advance(1)
    expect([asked.length, world.listeners]).toEqual([1, 0])
    await asked[0]?.come()
    expect(world.listeners).toBe(1)
    time.advance(3_600_000)
    expect(asked).toHaveLength(1)
  })

  it('HB-6: a dead link is found without it', () => {
    const { time, server, client } = connected()
    server.link.stall()
    time.advance(35_100)
    expect([client.status, client.cause?.reason]).toEqual(['waiting', 'nothing was heard in time'])
  })

  it('follows hints, and replaces tokens, of a connection that was up before it came', async () => {
    let tokens = 0
    const { time, server, world, asked } = connected(
      { getToken: () => `t${++tokens}` },
      { tokenExpiresInMs: 100_000, heartbeat: { intervalMs: 0, timeoutMs: 0 } },
    )
    time.advance(10_000)
    await asked[0]?.come()
    expect(server.take(), 'for the round trip').toEqual([{ type: 'ping' }])
    server.say({ type: 'pong' })
    world.hint('visible')
    expect(server.take()).toEqual([{ type: 'ping' }])
    server.say({ type: 'pong' })
    time.advance(75_000) // at 85 of 100 s since the connect at the latest
    expect(server.take()).toMatchObject([{ type: 'refresh', token: 't2' }])
  })

  it('says why, and what follows, of an ending that it was not there for', async () => {
    const { time, server, client, asked } = connected({ backoff: { baseMs: 8_000, jitter: 0 } })
    const told: unknown[] = []
    client.on('status', (status, cause) => told.push([status, cause?.network]))
    server.cut()
    expect([asked.length, client.errors()]).toEqual([1, []])
    await asked[0]?.come()
    expect(told, 'once, with its cause').toEqual([['waiting', 'unknown']])
    expect(client.errors()).toMatchObject([{ class: 'network', network: 'unknown', evidence: { phase: 'early' } }])
    expect(client.cause).toBe(client.errors()[0])
    time.advance(7_999)
    expect(client.status).toBe('waiting')
    time.advance(1)
    server.accept()
    expect(client.status).toBe('connected')
  })

  it('is done without where it cannot be loaded: the client comes back, later and later, and states what it wants', async () => {
    const { time, server, client, asked, world } = connected()
    server.reachable = false
    server.cut()
    for (let minute = 0; minute < 10; minute++) {
      await asked.at(-1)?.fail()
      time.advance(60_000)
    }
    expect(world.dials).toBeGreaterThan(10)
    expect(world.dials, 'about every 10 s').toBeLessThan(120)
    expect(asked.length).toBeGreaterThan(8)
    server.reachable = true
    time.advance(20_350) // the longest wait, and the moment in which an upkeep might have come
    expect(server.accept()).toMatchObject({ session: { id: 's1' }, subscriptions: [{ channel: 'news' }] })
    expect(client.status).toBe('connected')
  })

  it('while an ending waits for it, nothing is sent to who is not there', async () => {
    const { time, server, client, asked } = connected()
    server.cut()
    const { framesSent } = client.stats()
    void client.publish('news', 1)
    client.subscribe('more')
    expect([client.status, client.stats().framesSent]).toEqual(['connected', framesSent])
    await asked.at(-1)?.come()
    time.advance(2_000)
    expect(server.accept()).toMatchObject({ subscriptions: [{ channel: 'news' }, { channel: 'more' }] })
    expect(server.take().filter(({ type }) => type === 'publish')).toHaveLength(1)
  })

  it('CLOSE-6: without it, too, whoever is sent away stays away, until the app says otherwise', async () => {
    const { time, server, client, asked, world } = connected()
    server.close(4503, 'banned')
    time.advance(100)
    expect([client.status, client.cause]).toEqual(['stopped', { class: 'final', reason: 'banned' }])
    await asked[0]?.fail()
    time.advance(3_600_000)
    expect([client.status, world.dials]).toEqual(['stopped', 1])
    await asked.at(-1)?.come()
    expect([client.status, client.cause]).toMatchObject(['stopped', { class: 'final', code: 4503 }])
    void client.connect()
    expect(client.status).toBe('connecting')
  })

  it('FALL-3: that comes while a WebSocket hangs gives it its time from when it was dialled', async () => {
    const { time, asked, world, client } = setUp({ transports: ['websocket', 'sse'], openMs: undefined })
    void client.connect()
    time.advance(1_000)
    await asked[0]?.come()
    time.advance(3_999)
    expect([client.status, world.dials]).toEqual(['connecting', 1])
    time.advance(1)
    expect(client.status).toBe('waiting')
  })

  it('that comes to a client which was disconnected or closed leaves it so', async () => {
    const gone = connected()
    gone.time.advance(1_000)
    gone.client.disconnect()
    await gone.asked[0]?.come()
    const closed = connected()
    closed.time.advance(1_000)
    closed.client.close()
    await closed.asked[0]?.come()
    expect([gone.client.status, gone.time.pending]).toEqual(['disconnected', 0])
    expect([closed.world.listeners, closed.time.pending]).toEqual([0, 0])
  })
})
