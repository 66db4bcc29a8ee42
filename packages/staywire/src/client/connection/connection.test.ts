import { describe, expect, it } from 'vitest'
import { connected, scripted } from '../../testing/scripted-server.ts'

describe('connecting', () => {
  it('nothing is dialled before something is wanted', () => {
    const { time, world, client } = scripted()
    time.advance(60_000)
    expect([client.status, world.dials, world.armed]).toEqual(['idle', 0, false])
  })

  it('CONN-4, CLI-9: the first frame is connect, with the token, the fence and who opens', () => {
    const { time, server, client } = scripted({ getToken: () => 'token-1', browser: 'b', slot: 's' })
    void client.connect()
    time.advance(0)
    expect(server.take()).toEqual([
      {
        type: 'connect',
        features: ['batch'],
        id: expect.any(Number),
        token: 'token-1',
        fence: [1_000_000, 1],
        origin: { browser: 'b', instance: 'instance-1' },
        slot: 's',
        subscriptions: [],
      },
    ])
  })

  it('CLI-8: concurrent calls of connect share one dial', async () => {
    const { server, world, client, statuses } = scripted()
    const calls = [client.connect(), client.connect()]
    client.subscribe('a')
    calls.push(client.connect())
    server.accept()
    await Promise.all([...calls, client.connect()])
    expect([world.dials, statuses]).toEqual([1, ['connecting', 'connected']])
  })

  it('RES-2, CLI-10: a reconnect brings the session along and a higher fence', () => {
    const { time, server, client } = connected()
    server.cut()
    time.advance(1_300)
    expect(server.accept()).toMatchObject({ fence: [1_000_000, 2], session: { id: 's1', secret: 'x1' } })
    expect(client.stats()).toMatchObject({ status: 'connected', reconnects: 1, connection: 'c1', user: 'ada' })
  })

  it('gives an attempt up after the connect timeout, and abandons its link', () => {
    const { time, server, client } = scripted({ connectTimeoutMs: 3_000 })
    void client.connect()
    time.advance(3_000)
    expect(client.status).toBe('waiting')
    expect(server.closed).toHaveLength(1)
    expect(client.errors()).toMatchObject([
      { class: 'network', reason: 'not connected in time', evidence: { phase: 'opened' } },
    ])
  })

  it('a promise of connect rejects when the client stops trying, and says why', async () => {
    const { server, client } = scripted()
    const promise = client.connect()
    server.take()
    server.close(4503, 'banned')
    await expect(promise).rejects.toMatchObject({ code: 'disconnected', message: expect.stringContaining('banned') })
  })
})

describe('a connection that ends', () => {
  it.each([
    [4101, 'waiting'],
    [4104, 'waiting'],
    [4199, 'waiting'],
    [4202, 'waiting'],
    [4106, 'asleep'],
    [4501, 'stopped'],
    [4502, 'stopped'],
    [4599, 'stopped'],
    [4711, 'waiting'],
    [1012, 'waiting'],
  ])('CLOSE-2, CLOSE-6, CLOSE-7: with %i makes the client %s', (code, status) => {
    const { server, client } = connected()
    server.close(code)
    expect(client.status).toBe(status)
    expect(client.cause?.reason).toBe('because')
  })

  it('CLOSE-5: waits as long as it was told, and tells when it is back', () => {
    const { time, server, client } = connected()
    server.close(4202, 'node full', { retryAfterMs: 8_000 })
    const retryAt = client.stats().retryAt ?? 0
    expect(retryAt - time.now).toBeGreaterThanOrEqual(8_000)
    expect(retryAt - time.now).toBeLessThan(16_000)
    time.advance(retryAt - time.now - 1)
    expect(client.status).toBe('waiting')
    time.advance(1)
    expect(client.status).toBe('connecting')
  })

  it('CLOSE-4: an outage of 85 minutes is tried through, without a pause over 31 s', () => {
    const { time, server, world, client } = connected()
    server.reachable = false
    server.cut()
    const waits: number[] = []
    for (const end = time.now + 85 * 60_000; time.now < end;) {
      const waitMs = (client.stats().retryAt ?? 0) - time.now
      waits.push(waitMs)
      time.advance(waitMs)
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_250)
    expect(world.dials).toBeGreaterThan(170)
    server.reachable = true
    time.advance((client.stats().retryAt ?? 0) - time.now)
    server.accept()
    expect(client.status).toBe('connected')
  })

  it('CLOSE-8: counts go back only after 10 s of being connected', () => {
    const { time, server, client } = scripted({ backoff: { maxAttempts: 2 } })
    void client.connect()
    for (let dials = 0; dials < 2; dials++) {
      server.accept()
      time.advance(9_000)
      server.cut()
      time.advance(3_000)
    }
    expect(client.status).toBe('gave-up')
    void client.connect()
    for (let dials = 0; dials < 3; dials++) {
      server.accept()
      time.advance(15_000)
      expect(client.stats().attempts).toBe(0)
      server.cut()
      time.advance(3_000)
    }
    expect(client.status).toBe('connecting')
  })

  it('a server that accepts and dies at once is not dialled at full speed', () => {
    const { time, server, world, client } = scripted()
    void client.connect()
    const end = time.now + 60_000
    while (time.now < end) {
      time.advance(100)
      if (client.status !== 'connecting') continue
      server.accept()
      time.advance(300)
      server.cut()
    }
    expect(world.dials).toBeLessThan(25)
  })

  it('attempts used up are status gave-up with the last cause, until connect is called', () => {
    const { time, server, world, client } = scripted({ backoff: { maxAttempts: 3 } })
    server.reachable = false
    void client.connect()
    time.advance(120_000)
    expect([client.status, world.dials, client.cause?.class]).toEqual(['gave-up', 3, 'network'])
    client.subscribe('a')
    world.hint('visible')
    time.advance(600_000)
    expect(world.dials).toBe(3)
    server.reachable = true
    void client.connect()
    server.accept()
    expect(client.status).toBe('connected')
  })

  it('CLOSE-11: told that it was idle it stays down until there is something to do', () => {
    const { time, server, world, client } = connected()
    time.advance(20_000)
    server.close(4106)
    time.advance(600_000)
    expect([client.status, world.dials, world.armed]).toEqual(['asleep', 1, false])
    client.subscribe('a')
    expect(server.accept()).toMatchObject({ subscriptions: [{ channel: 'a' }] })
  })

  it('CLOSE-11: or until the page becomes visible', () => {
    const { server, world, client } = connected()
    server.close(4106)
    world.hint('visible')
    expect(client.status).toBe('connecting')
    server.accept()
    expect(client.status).toBe('connected')
  })

  it('what was put in just before it was sent to sleep wakes it again', () => {
    const { time, server, client } = connected()
    void client.publish('a', 1)
    server.take()
    server.close(4106)
    time.advance(1_300)
    server.accept()
    expect(server.take()).toMatchObject([{ type: 'publish', data: 1 }, { type: 'ping' }])
  })

  it('a server that sends everybody to sleep at once is not dialled in a circle', () => {
    const { time, server, world, client } = connected()
    client.subscribe('a')
    for (const end = time.now + 10_000; time.now < end; time.advance(100)) {
      if (client.status === 'connecting') server.accept()
      if (client.status === 'connected') server.close(4106)
    }
    expect(world.dials).toBeLessThan(45)
  })

  it('a late end of an abandoned link changes nothing', () => {
    const { time, server, client } = connected()
    const [old] = server.links
    old?.stall()
    client.disconnect()
    void client.connect()
    time.advance(0)
    server.accept()
    old?.cut()
    time.advance(10)
    expect(client.status).toBe('connected')
  })
})

describe('what the app or the user ended', () => {
  it('CLOSE-12: disconnect says so, closes, and is not undone by any event', () => {
    const { time, server, world, client, statuses } = connected()
    client.disconnect()
    client.disconnect()
    expect(server.take()).toEqual([{ type: 'disconnect', end: false }])
    for (const hint of ['hidden', 'visible', 'offline', 'online'] as const) world.hint(hint)
    client.subscribe('a')
    time.advance(600_000)
    expect([client.status, world.dials]).toEqual(['disconnected', 1])
    expect(statuses.slice(-2)).toEqual(['connected', 'disconnected: disconnected by the app'])
    void client.connect()
    expect(server.accept()).toMatchObject({ session: { id: 's1' } })
  })

  it('RES-10: with end the session is not taken up again', () => {
    const { server, client } = connected()
    client.disconnect({ end: true })
    expect(server.take()).toEqual([{ type: 'disconnect', end: true }])
    void client.connect()
    expect(server.accept()).not.toHaveProperty('session')
  })

  it('disconnecting while connecting leaves nothing behind', () => {
    const { time, server, world, client } = scripted({ getToken: () => new Promise(() => {}) })
    void client.connect()
    client.disconnect()
    time.advance(60_000)
    expect([client.status, world.dials, world.armed, server.received]).toEqual(['disconnected', 0, false, []])
  })

  it('closing lets go of everything, for ever', async () => {
    const { time, world, client, statuses } = connected()
    const publishing = client.publish('a', 1)
    const subscription = client.subscribe('a')
    client.close()
    client.close()
    await expect(publishing).rejects.toMatchObject({ code: 'closed' })
    await expect(client.publish('a', 2)).rejects.toMatchObject({ code: 'closed' })
    await expect(client.connect()).rejects.toMatchObject({ code: 'closed' })
    expect(() => client.subscribe('a')).toThrow('closed')
    time.advance(600_000)
    expect([subscription.state, world.armed, world.listeners, world.dials]).toEqual(['ended', false, 0, 1])
    client.disconnect()
    expect(statuses.slice(-2)).toEqual(['connected', 'closed: closed by the app'])
  })

  it('an evicted client returns when visible after hidden, at most once a minute', () => {
    const { time, server, world, client } = connected()
    server.close(4507)
    world.hint('visible')
    expect(client.status).toBe('stopped')
    world.hint('hidden')
    world.hint('visible')
    server.accept()
    server.close(4507)
    world.hint('hidden')
    world.hint('visible')
    expect(client.status).toBe('stopped')
    time.advance(60_000)
    world.hint('hidden')
    world.hint('visible')
    expect(client.status).toBe('connecting')
  })

  it('an evicted client does not take a wake-up for being looked at again', () => {
    const { time, server, world, client } = connected()
    world.freeze(10_000)
    time.advance(10_000)
    server.say({ type: 'pong' })
    server.close(4507)
    world.hint('visible')
    expect(client.status).toBe('stopped')
  })

  it('RES-7: a replaced client stops; told to connect again it claims a higher term', () => {
    const { server, world, client } = connected()
    server.close(4501, 'replaced', { term: 5_000_000 })
    world.hint('hidden')
    world.hint('visible')
    expect(client.status).toBe('stopped')
    void client.connect()
    expect(server.accept()).toMatchObject({ fence: [5_000_001, 2] })
  })
})
