import { describe, expect, it } from 'vitest'
import { connected, scripted } from '../../testing/scripted-server.ts'

const DAY_MS = 86_400_000

/** Hands out the given tokens one by one, then the last one for ever. */
function tokens(...given: (string | null)[]): { getToken: () => string | null; asked: () => number } {
  let asked = 0
  return { getToken: () => given[Math.min(asked++, given.length - 1)] ?? null, asked: () => asked }
}

describe('the token of a dial', () => {
  it.each([null, undefined, ''])('%j means signed out: no dial, until connect is called', async (nothing) => {
    let token: string | null | undefined = nothing
    const { time, server, world, client } = scripted({ getToken: () => token })
    await expect(client.connect()).rejects.toMatchObject({ code: 'disconnected' })
    client.subscribe('a')
    world.hint('visible')
    time.advance(600_000)
    expect([client.status, world.dials]).toEqual(['signed-out', 0])
    token = 'ada'
    void client.connect()
    expect(server.accept()).toMatchObject({ token: 'ada' })
  })

  it('is asked for at every dial', () => {
    const { getToken, asked } = tokens('t1', 't2')
    const { time, server } = connected({ getToken })
    server.cut()
    time.advance(1_300)
    expect(server.accept()).toMatchObject({ token: 't2' })
    expect(asked()).toBe(2)
  })

  it('that cannot be had is tried again like a dropped connection', async () => {
    let fail = true
    const { time, server, world, client } = scripted({
      getToken: () => {
        if (fail) throw new Error('the identity service is away')
        return 't'
      },
    })
    void client.connect()
    expect(client.cause).toMatchObject({ class: 'app', reason: 'getToken failed: Error: the identity service is away' })
    expect([client.status, world.dials]).toEqual(['waiting', 0])
    fail = false
    time.advance(1_300)
    expect(server.accept()).toMatchObject({ token: 't' })
  })

  it('that comes for a dial that was given up is not used', async () => {
    const answers: ((token: string) => void)[] = []
    const { server, world, client } = scripted({ getToken: () => new Promise((resolve) => answers.push(resolve)) })
    void client.connect()
    client.disconnect()
    void client.connect()
    answers[0]?.('old')
    await Promise.resolve()
    expect(world.dials).toBe(0)
    answers[1]?.('new')
    await Promise.resolve()
    expect(server.accept()).toMatchObject({ token: 'new' })
  })

  it('that never comes counts as an attempt that timed out', () => {
    const { time, client } = scripted({ getToken: () => new Promise(() => {}) })
    void client.connect()
    time.advance(10_000)
    expect([client.status, client.cause?.reason]).toEqual(['waiting', 'not connected in time'])
  })
})

describe('refused credentials', () => {
  it('CLOSE-3: three different tokens are tried, then the client reports failed', () => {
    const { getToken } = tokens('t1', 't2', 't3', 't4')
    const { time, server, world, client } = scripted({ getToken })
    void client.connect()
    for (const token of ['t1', 't2', 't3']) {
      expect(server.take()).toMatchObject([{ type: 'connect', token }])
      server.close(4002)
      time.advance(6_000)
    }
    expect([client.status, world.dials]).toEqual(['failed', 3])
    time.advance(600_000)
    expect(world.dials).toBe(3)
  })

  it('CLOSE-3: a token that was refused is not sent again', () => {
    const { getToken, asked } = tokens('t1', 't1', 't2')
    const { time, server, world, client } = scripted({ getToken })
    void client.connect()
    server.take()
    server.close(4002)
    time.advance(4_000)
    expect([world.dials, asked()]).toEqual([1, 2])
    time.advance(6_000)
    expect(server.take()).toMatchObject([{ type: 'connect', token: 't2' }])
  })

  it('CLOSE-3: a refused identity is not retried, whatever its token', () => {
    const { getToken } = tokens('t1', 't2')
    const { time, server, world, client } = scripted({ getToken })
    void client.connect()
    server.take()
    server.close(4003)
    world.hint('visible')
    time.advance(600_000)
    expect([client.status, world.dials]).toEqual(['failed', 1])
  })

  it('without a source of tokens there is nothing to try', () => {
    const { server, client } = scripted()
    void client.connect()
    server.take()
    server.close(4001)
    expect(client.status).toBe('failed')
  })

  it('a new token is looked for when the page becomes visible, and then used', () => {
    let token = 't1'
    const { time, server, world, client } = scripted({ getToken: () => token })
    void client.connect()
    server.take()
    server.close(4004)
    time.advance(20_000)
    expect([client.status, world.dials]).toEqual(['failed', 1])
    world.hint('visible')
    expect([client.status, world.dials]).toEqual(['failed', 1])
    token = 't2'
    time.advance(5_000)
    world.hint('visible')
    expect(server.accept()).toMatchObject({ token: 't2' })
  })

  it('connect starts afresh, with the same token too', () => {
    const { time, server, client } = scripted({ getToken: () => 't1' })
    void client.connect()
    server.take()
    server.close(4002)
    time.advance(20_000)
    expect(client.status).toBe('failed')
    void client.connect()
    server.accept()
    expect(client.status).toBe('connected')
  })
})

describe('refreshing in band', () => {
  it('CLI-12: replaces the token at about 80 % of its life, on the same connection', () => {
    const { getToken } = tokens('t1', 't2')
    const { time, server, world } = connected(
      { getToken },
      { tokenExpiresInMs: 100_000, heartbeat: { intervalMs: 0, timeoutMs: 0 } },
    )
    time.advance(74_999)
    expect(server.take()).toEqual([])
    time.advance(10_001)
    expect(server.take()).toEqual([{ type: 'refresh', id: expect.any(Number), token: 't2' }])
    expect(world.dials).toBe(1)
  })

  it('AUTH-5: goes on with the new expiry', () => {
    const { getToken, asked } = tokens('t1', 't2', 't3')
    const { time, server } = connected(
      { getToken },
      { tokenExpiresInMs: 100_000, heartbeat: { intervalMs: 0, timeoutMs: 0 } },
    )
    time.advance(86_000)
    const [refresh] = server.take()
    server.say({ type: 'result', id: refresh?.['id'] as number, tokenExpiresInMs: 200_000 })
    time.advance(149_000)
    expect(asked()).toBe(2)
    time.advance(21_000)
    expect(server.take()).toMatchObject([{ type: 'refresh', token: 't3' }])
  })

  it('CLI-12: an expiry in 60 days does not fire early', () => {
    const { getToken, asked } = tokens('t1', 't2')
    const { time, server, world } = connected({ getToken }, { tokenExpiresInMs: 60 * DAY_MS })
    world.freeze(44 * DAY_MS)
    time.advance(44 * DAY_MS)
    server.say({ type: 'pong' })
    expect([asked(), server.take()]).toEqual([1, [{ type: 'ping' }]])
    world.freeze(8 * DAY_MS)
    time.advance(8 * DAY_MS)
    expect(server.take()).toContainEqual(expect.objectContaining({ type: 'refresh', token: 't2' }))
  })

  it('AUTH-6: a refused refresh is tried again with another token, while there is time', () => {
    const { getToken } = tokens('t1', 't2', 't3')
    const { time, server, client } = connected(
      { getToken },
      { tokenExpiresInMs: 100_000, heartbeat: { intervalMs: 0, timeoutMs: 0 } },
    )
    time.advance(86_000)
    const [refresh] = server.take()
    server.say({ type: 'error', id: refresh?.['id'] as number, code: 'token-refused', message: 'no', temporary: false })
    time.advance(13_999)
    expect(server.take()).toMatchObject([{ type: 'refresh', token: 't3' }])
    expect(client.status).toBe('connected')
  })

  it('signing out while connected closes the connection and ends the session', () => {
    const { getToken } = tokens('t1', null)
    const { time, server, client } = connected(
      { getToken },
      { tokenExpiresInMs: 100_000, heartbeat: { intervalMs: 0, timeoutMs: 0 } },
    )
    time.advance(86_000)
    expect(client.status).toBe('signed-out')
    expect(server.take()).toEqual([{ type: 'disconnect', end: true }])
  })

  it('a token that expired while everything slept is replaced by the next dial', () => {
    const { getToken } = tokens('t1', 't2')
    const { time, server, world, client } = connected({ getToken }, { tokenExpiresInMs: 100_000 })
    world.freeze(600_000)
    time.advance(60_000)
    server.link.send('server', '{"type":"disconnect","code":4004,"reason":"token expired"}')
    time.advance(540_000)
    server.take()
    time.advance(4_000)
    expect(server.accept()).toMatchObject({ token: 't2' })
    expect([client.status, world.dials]).toEqual(['connected', 2])
  })
})
