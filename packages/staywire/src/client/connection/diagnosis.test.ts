import { describe, expect, it } from 'vitest'
import { connected, scripted } from '../../testing/scripted-server.ts'

/** Promises that were settled have been heard of. */
const settled = (): Promise<void> => new Promise((resolve) => queueMicrotask(() => queueMicrotask(resolve)))

describe('the cause of an ending', () => {
  it('CAUSE-1: comes with its evidence, and is unknown where nothing follows from that', () => {
    const { time, server, client } = connected()
    time.advance(12_000)
    server.cut()
    expect(client.errors()).toEqual([
      {
        class: 'network',
        network: 'unknown',
        code: undefined,
        reason: 'connection dropped',
        at: time.now,
        evidence: {
          phase: 'connected',
          transport: 'websocket',
          ageMs: 12_000,
          silentMs: 12_000,
          onLine: undefined,
          timerLateMs: 0,
          wireCode: 1006,
        },
      },
    ])
    expect(client.cause).toEqual(client.errors()[0])
  })

  it('CAUSE-3: is offline while the machine says so, and no longer', () => {
    const { time, server, world, client } = connected()
    world.hint('offline')
    server.cut()
    expect(client.cause?.network).toBe('offline')
    world.hint('online')
    time.advance(2_000)
    server.accept()
    server.cut()
    expect(client.cause?.network).toBe('unknown')
  })

  it('CAUSE-3: is the sleep that made a timer late, also when a probe had to find out', () => {
    const { time, server, world, client } = connected()
    server.link.stall()
    world.freeze(3_600_000)
    time.advance(3_602_500)
    expect(client.errors()).toMatchObject([{ network: 'woke-up', reason: 'nothing was heard in time' }])
    expect(client.errors()[0]?.evidence.timerLateMs).toBeGreaterThan(3_000_000)
  })

  it('CAUSE-2, CAUSE-4: is the server once it does not answer a probe either, which is not made at the first failure', async () => {
    let probes = 0
    const { time, server, client, statuses } = connected({
      recalled: 'websocket',
      probe: () => {
        probes++
        return false
      },
    })
    server.reachable = false
    server.cut()
    await settled()
    expect([probes, client.cause?.network]).toEqual([0, 'unknown'])
    for (const failures of [2, 3, 4]) {
      time.advance((client.stats().retryAt ?? 0) - time.now)
      time.advance(0)
      await settled()
      expect([probes, client.status, client.cause?.network]).toEqual([failures - 1, 'waiting', 'server-down'])
    }
    expect(client.errors()).toMatchObject([{ network: 'unknown' }, ...Array.from({ length: 3 }, () => DOWN)])
    expect(statuses.filter((status) => status === 'waiting: could not connect')).toHaveLength(6)
  })

  it('CAUSE-4: the answer to a probe changes nothing once the next dial is under way', async () => {
    let answer: (up: boolean) => void = () => {}
    const { time, server, client } = scripted({ probe: () => new Promise((resolve) => (answer = resolve)) })
    server.reachable = false
    void client.connect()
    time.advance(0)
    await settled()
    server.reachable = true
    time.advance((client.stats().retryAt ?? 0) - time.now)
    answer(false)
    await settled()
    expect([client.status, client.cause?.network]).toEqual(['connecting', 'unknown'])
    expect(client.errors()).toMatchObject([{ network: 'unknown' }])
  })

  it('CAUSE-6: is a proxy, when two connections in a row are cut at the same age of silence', () => {
    const { time, server, client } = connected()
    const cutAfter = (ms: number): string | undefined => {
      time.advance(ms)
      server.cut()
      const { network } = client.cause ?? {}
      time.advance(2_000)
      server.accept()
      return network
    }
    expect([20_000, 20_400, 19_700].map(cutAfter)).toEqual(['unknown', 'proxy-timeout', 'proxy-timeout'])
    expect([11_000, 14_000, 4_000, 4_000].map(cutAfter)).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
  })

  it('CAUSE-6: is no proxy when it was this side that gave up waiting', () => {
    const { time, server, client } = connected()
    for (let times = 0; times < 2; times++) {
      server.link.stall()
      time.advance(35_000)
      expect(client.cause?.network).toBe('unknown')
      time.advance(2_000)
      server.accept()
    }
  })
})

describe('what the server says later', () => {
  const previous = { code: 4102, reason: 'no pong', at: 1 }

  it('CAUSE-7: takes the place of what the client concluded, for the connection and not for later dials', () => {
    const { time, server, client } = connected()
    const told: unknown[] = []
    client.on('error', ({ reason }) => told.push(reason))
    server.reachable = false
    server.cut()
    time.advance((client.stats().retryAt ?? 0) - time.now)
    server.reachable = true
    time.advance(5_000)
    server.accept({ previous })
    expect(client.errors()).toMatchObject([
      { class: 'connection', code: 4102, reason: 'no pong', network: undefined, evidence: { wireCode: 1006 } },
      { class: 'network', reason: 'could not connect' },
    ])
    expect(told).toEqual(['connection dropped', 'could not connect'])
  })

  it('CAUSE-7: changes nothing where it was told at the time', () => {
    const { time, server, client } = connected()
    server.close(4107, 'moved')
    time.advance(2_000)
    server.accept({ previous: { code: 4107, reason: 'moved', at: 1 } })
    expect(client.errors()).toMatchObject([{ code: 4107, class: 'connection' }])
  })
})

const DOWN = { network: 'server-down', evidence: { answers: false } }
