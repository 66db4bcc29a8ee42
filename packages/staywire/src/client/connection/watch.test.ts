import { describe, expect, it } from 'vitest'
import { connected, scripted } from '../../testing/scripted-server.ts'

describe('the watch over a connection', () => {
  it('HB-4: answers ping with pong', () => {
    const { server } = connected()
    server.say({ type: 'ping' })
    expect(server.take()).toEqual([{ type: 'pong' }])
  })

  it('HB-6: abandons a connection on which nothing was heard for interval + timeout + 2 s, and dials again', () => {
    const { time, server, world, client } = connected()
    server.link.stall()
    time.advance(34_999)
    expect(client.status).toBe('connected')
    time.advance(1)
    expect(client.status).toBe('waiting')
    expect(client.errors()).toMatchObject([
      {
        class: 'network',
        network: 'unknown',
        reason: 'nothing was heard in time',
        evidence: { phase: 'connected', ageMs: 35_000 },
      },
    ])
    time.advance(1_250)
    expect([client.status, world.dials]).toEqual(['connecting', 2])
  })

  it('HB-6: lives on as long as anything is heard, be it a ping every 25 s or a frame it does not know', () => {
    const { time, server, client } = connected()
    for (let minutes = 0; minutes < 60; minutes++) {
      server.link.send('server', minutes % 2 === 0 ? '{"type":"hologram"}' : '{"type":"ping"}')
      time.advance(34_000)
    }
    expect([client.status, client.stats().reconnects]).toEqual(['connected', 0])
  })

  it('HB-6: takes the interval that the server told', () => {
    const { time, server, client } = connected({}, { heartbeat: { intervalMs: 5_000, timeoutMs: 2_000 } })
    server.link.stall()
    time.advance(9_000)
    expect(client.status).toBe('waiting')
  })

  it('without a heartbeat silence alone ends nothing', () => {
    const { time, client } = connected({}, { heartbeat: { intervalMs: 0, timeoutMs: 0 } })
    time.advance(86_400_000)
    expect(client.status).toBe('connected')
  })

  it('measures the round trip', () => {
    const { time, server, client } = scripted()
    void client.connect()
    server.accept()
    expect(server.take()).toEqual([{ type: 'ping' }])
    time.advance(40)
    server.say({ type: 'pong' })
    expect(client.stats().rttMs).toBe(40)
  })
})

describe('a hint', () => {
  it.each(['visible', 'online', 'offline'] as const)(
    'HB-7: %s makes a connected client probe, and abandon a link that stays silent for 2.5 s',
    (hint) => {
      const { time, server, world, client } = connected()
      server.link.stall('server')
      world.hint(hint)
      expect(server.take()).toEqual([{ type: 'ping' }])
      time.advance(2_499)
      expect(client.status).toBe('connected')
      time.advance(1)
      expect([client.status, client.cause?.reason]).toEqual(['waiting', 'nothing was heard in time'])
    },
  )

  it('HB-7: a link that answers is kept', () => {
    const { time, server, world, client } = connected()
    world.hint('visible')
    time.advance(2_000)
    server.say({ type: 'pong' })
    time.advance(10_000)
    expect([client.status, world.dials]).toEqual(['connected', 1])
  })

  it('HB-7: after a freeze the link is probed, not judged by the clock', () => {
    const { time, server, world, client } = connected()
    world.freeze(60_000)
    time.advance(60_000)
    expect(server.take()).toEqual([{ type: 'ping' }])
    server.say({ type: 'pong' })
    time.advance(5_000)
    expect([client.status, world.dials]).toEqual(['connected', 1])
  })

  it('HB-7: a link that died while everything slept is found in 2.5 s, and the cause is the sleep', () => {
    const { time, server, world, client } = connected()
    server.link.stall()
    world.freeze(600_000)
    time.advance(602_500)
    expect(client.errors()).toMatchObject([{ network: 'woke-up', evidence: { timerLateMs: expect.any(Number) } }])
    expect(client.errors()[0]?.evidence.timerLateMs).toBeGreaterThan(590_000)
    expect(client.status).toBe('waiting')
  })

  it.each(['visible', 'online'] as const)('CLI-11: %s cuts a wait short, at most once in 5 s', (hint) => {
    const { time, server, world, client } = connected({ backoff: { jitter: 0, baseMs: 20_000 } })
    server.reachable = false
    server.cut()
    const wait = (): number => (client.stats().retryAt ?? 0) - time.now
    expect(wait()).toBe(20_000)
    world.hint(hint)
    expect(wait()).toBeLessThanOrEqual(1_250)
    time.advance(1_250)
    expect([world.dials, wait()]).toEqual([2, expect.any(Number)])
    const long = wait()
    world.hint(hint)
    expect(wait()).toBe(long)
    time.advance(5_000)
    world.hint(hint)
    expect(wait()).toBeLessThanOrEqual(1_250)
  })

  it('CLI-11: a wake-up cuts a wait short', () => {
    const { time, server, world } = connected({ backoff: { jitter: 0, baseMs: 3_600_000, capMs: 3_600_000 } })
    server.cut()
    world.freeze(60_000)
    time.advance(61_250)
    expect(world.dials).toBe(2)
  })

  it('CLI-11: never disturbs a dial', () => {
    const { time, server, world, client } = scripted()
    void client.connect()
    for (const hint of ['hidden', 'visible', 'offline', 'online'] as const) world.hint(hint)
    time.advance(100)
    expect(world.dials).toBe(1)
    server.accept()
    expect(client.status).toBe('connected')
  })

  it('a dial that slept with the machine has a second to finish before it is judged', () => {
    const { time, server, world, client } = scripted()
    void client.connect()
    world.freeze(30_000)
    time.advance(30_100)
    expect(client.status).toBe('connecting')
    server.accept()
    expect([client.status, world.dials]).toEqual(['connected', 1])
  })

  it('names being offline as the cause', () => {
    const { server, world, client } = connected()
    world.hint('offline')
    server.cut()
    expect(client.cause?.network).toBe('offline')
  })

  it('offline alone ends nothing', () => {
    const { time, server, world, client } = connected()
    world.hint('offline')
    server.say({ type: 'pong' })
    time.advance(10_000)
    expect(client.status).toBe('connected')
  })
})

it('a day on a quiet channel is one connection', () => {
  const { time, server, world, client } = connected()
  client.subscribe('quiet')
  for (let pings = 0; pings < 3_456; pings++) {
    time.advance(25_000)
    server.say({ type: 'ping' })
  }
  expect([client.status, world.dials, client.errors()]).toEqual(['connected', 1, []])
})
