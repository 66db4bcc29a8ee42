import { describe, expect, it } from 'vitest'
import { connected, scripted, type AnyClientFrame, type Scripted } from '../../testing/scripted-server.ts'

const at = (offset: number): { epoch: string; offset: number } => ({ epoch: 'e', offset })

/** What became of each promise, in the order of settling: `1 stored 5`, `2 unknown`. */
function outcomes(): { of: (name: string | number, promise: Promise<unknown>) => void; list: string[] } {
  const list: string[] = []
  return {
    list,
    of: (name, promise) => {
      promise.then(
        (value) =>
          list.push(
            `${name} stored ${(value as { position?: { offset: number } } | undefined)?.position?.offset ?? ''}`.trim(),
          ),
        (error: { code: string }) => list.push(`${name} ${error.code}`),
      )
    },
  }
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}
const stored = (frame: AnyClientFrame | undefined, offset: number) =>
  ({ type: 'published', id: frame?.['id'] as number, position: at(offset) }) as const
const refused = (frame: AnyClientFrame | undefined, code: string, temporary: boolean, retryAfterMs?: number) =>
  ({
    type: 'error',
    id: frame?.['id'] as number,
    code,
    message: code,
    temporary,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }) as never
const publishes = (server: Scripted['server']): AnyClientFrame[] =>
  server.take().filter(({ type }) => type === 'publish')

describe('a publish', () => {
  it('PUB-1: carries a minted key and resolves when the server has stored it', async () => {
    const { time, client, server } = connected()
    const publishing = client.publish('a', { x: 1 }, { meta: { m: 1 }, ttlMs: 20_000 })
    const [frame] = publishes(server)
    expect(frame).toEqual({
      type: 'publish',
      id: expect.any(Number),
      channel: 'a',
      data: { x: 1 },
      key: expect.stringMatching(/^[!-~]{1,64}$/),
      meta: { m: 1 },
    })
    server.say(stored(frame, 7))
    await expect(publishing).resolves.toEqual({ position: at(7), duplicate: false })
    time.advance(30_000)
    expect(client.stats().outbox).toEqual({ count: 0, bytes: 0 })
  })

  it('takes its data when it is made, not when it is sent', () => {
    const { client, server } = scripted()
    const data = { text: 'before' }
    void client.publish('a', data)
    data.text = 'after'
    server.accept()
    expect(publishes(server)).toMatchObject([{ data: { text: 'before' } }])
  })

  it('PUB-11: refused for good rejects with the code of the server', async () => {
    const { client, server } = connected()
    const publishing = client.publish('a', 1)
    server.say(refused(publishes(server)[0], 'forbidden', false))
    await expect(publishing).rejects.toMatchObject({ code: 'forbidden', temporary: false })
  })

  it('connects by itself', () => {
    const { client, server } = scripted()
    void client.publish('a', 1)
    server.accept()
    expect(publishes(server)).toHaveLength(1)
  })

  it('waits while the app wants no connection, and goes out when it wants one', () => {
    const { time, client, server } = connected()
    client.disconnect()
    void client.publish('a', 1)
    time.advance(60_000)
    expect(publishes(server)).toEqual([])
    void client.connect()
    server.accept()
    expect(publishes(server)).toMatchObject([{ data: 1 }])
  })
})

describe('after a reconnect', () => {
  it('CLI-1: what was not answered goes out again, in order, with the same keys', async () => {
    const { time, client, server } = connected()
    const { of, list } = outcomes()
    for (const n of [1, 2, 3]) of(n, client.publish('a', n))
    const first = publishes(server)
    server.say(stored(first[0], 1))
    server.cut()
    of(4, client.publish('a', 4))
    time.advance(1_300)
    server.accept()
    const again = publishes(server)
    expect(again.map(({ data }) => data)).toEqual([2, 3, 4])
    expect(again.slice(0, 2).map(({ key }) => key)).toEqual(first.slice(1).map(({ key }) => key))
    again.forEach((frame, index) => server.say(stored(frame, index + 2)))
    await settled()
    expect(list).toEqual(['1 stored 1', '2 stored 2', '3 stored 3', '4 stored 4'])
  })

  it('CLI-2: what is older than the window of the keys ends unknown and is not sent again', async () => {
    const { time, client, server } = connected({}, { dedupe: { windowMs: 60_000, life: 'l' } })
    const { of, list } = outcomes()
    of(1, client.publish('a', 1, { ttlMs: 600_000 }))
    server.take()
    server.reachable = false
    server.cut()
    of(2, client.publish('a', 2, { ttlMs: 600_000 }))
    time.advance(60_000)
    server.reachable = true
    time.advance(21_000)
    server.accept({ dedupe: { windowMs: 60_000, life: 'l' } })
    expect(publishes(server)).toMatchObject([{ data: 2 }])
    await settled()
    expect(list).toEqual(['1 unknown'])
  })

  it('CLI-2: when the server has lost its memory of keys, what was under way ends unknown; what never went out goes', async () => {
    const { time, client, server } = connected()
    const { of, list } = outcomes()
    of(1, client.publish('a', 1))
    server.take()
    server.cut()
    of(2, client.publish('a', 2))
    time.advance(1_300)
    server.accept({ dedupe: { windowMs: 300_000, life: 'another life' } })
    expect(publishes(server)).toMatchObject([{ data: 2 }])
    await settled()
    expect(list).toEqual(['1 unknown'])
  })

  it('an answer to a question of the connection before is none', async () => {
    const { time, client, server } = connected()
    const { of, list } = outcomes()
    of(1, client.publish('a', 1))
    const [frame] = publishes(server)
    server.cut()
    time.advance(1_300)
    server.accept()
    server.say(stored(frame, 1))
    await settled()
    expect([list, client.stats().outbox.count]).toEqual([[], 1])
  })

  it("one user's publishes are not made in another's name", async () => {
    const { time, client, server } = connected()
    const { of, list } = outcomes()
    of(1, client.publish('a', 1))
    server.take()
    server.cut()
    of(2, client.publish('a', 2))
    time.advance(1_300)
    server.accept({ user: 'bob' })
    expect(publishes(server)).toEqual([])
    await settled()
    expect(list).toEqual(['1 unknown', '2 closed'])
  })

  it('made before anybody was connected belong to whom they first go out for', async () => {
    const { time, client, server } = scripted()
    const { of, list } = outcomes()
    of(1, client.publish('a', 1))
    server.accept({ user: 'ada' })
    expect(publishes(server)).toMatchObject([{ data: 1 }])
    server.cut()
    time.advance(1_300)
    server.accept({ user: 'bob' })
    expect(publishes(server)).toEqual([])
    await settled()
    expect(list).toEqual(['1 unknown'])
  })

  it('CLI-7: a call under way ends unknown; one that was not sent is made', async () => {
    const { time, client, server } = connected()
    const { of, list } = outcomes()
    of(1, client.call('pay'))
    server.take()
    server.cut()
    of(2, client.call('pay', { n: 2 }))
    time.advance(1_300)
    server.accept()
    expect(server.take().filter(({ type }) => type === 'call')).toMatchObject([{ method: 'pay', data: { n: 2 } }])
    await settled()
    expect(list).toEqual(['1 unknown'])
  })

  it('reads are asked again', () => {
    const { time, client, server } = connected()
    void client.history('a', { limit: 5 })
    void client.presence('a')
    server.take()
    server.cut()
    time.advance(1_300)
    server.accept()
    expect(server.take().slice(0, 2)).toMatchObject([
      { type: 'history', channel: 'a', limit: 5 },
      { type: 'presence', channel: 'a' },
    ])
  })
})

describe('a temporary refusal', () => {
  it('CLI-3: holds back that publish and what follows in its channel, and nothing else', () => {
    const { time, client, server } = connected()
    void client.publish('a', 1)
    server.say(refused(publishes(server)[0], 'storage-unavailable', true, 400))
    void client.publish('a', 2)
    void client.publish('b', 3)
    expect(publishes(server)).toMatchObject([{ channel: 'b', data: 3 }])
    time.advance(399)
    expect(publishes(server)).toEqual([])
    time.advance(401)
    expect(publishes(server)).toMatchObject([{ channel: 'a', data: 1 }])
  })

  it('CLI-3: one goes first when the time has come; the others follow its answer, in order', async () => {
    const { time, client, server } = connected()
    const { of, list } = outcomes()
    for (const n of [1, 2, 3]) of(n, client.publish('a', n))
    for (const frame of publishes(server)) server.say(refused(frame, 'rate-limited', true, 100))
    time.advance(200)
    const [probe, ...others] = publishes(server)
    expect([probe?.['data'], others]).toEqual([1, []])
    time.advance(20_000)
    expect(publishes(server)).toEqual([])
    server.say(stored(probe, 1))
    const rest = publishes(server)
    expect(rest.map(({ data }) => data)).toEqual([2, 3])
    rest.forEach((frame, index) => server.say(stored(frame, index + 2)))
    await settled()
    expect(list).toEqual(['1 stored 1', '2 stored 2', '3 stored 3'])
  })

  it.each([1, 2, 3, 4, 5, 6])('without a told wait is followed by one of 2 to 4 s (seed %i)', (seed) => {
    const { time, client, server } = connected({ seed })
    void client.publish('a', 1)
    server.say(refused(publishes(server)[0], 'storage-unavailable', true))
    time.advance(1_999)
    expect(publishes(server)).toEqual([])
    time.advance(2_001)
    expect(publishes(server)).toHaveLength(1)
  })

  it('of a publish whose time then runs out lets the next one go first', () => {
    const { time, client, server } = connected()
    client.publish('a', 1, { ttlMs: 5_000 }).catch(() => {})
    void client.publish('a', 2)
    for (const frame of publishes(server)) server.say(refused(frame, 'timeout', true, 100))
    time.advance(200)
    expect(publishes(server)).toMatchObject([{ data: 1 }])
    time.advance(5_000)
    expect(publishes(server)).toMatchObject([{ data: 2 }])
  })
})

describe('the time to live of a publish', () => {
  it('ends expired what was never sent', async () => {
    const { time, client, server } = scripted()
    server.reachable = false
    const publishing = client.publish('a', 1, { ttlMs: 5_000 })
    time.advance(4_999)
    expect(client.stats().outbox.count).toBe(1)
    time.advance(1)
    await expect(publishing).rejects.toMatchObject({ code: 'expired' })
  })

  it('ends unknown what was sent and not answered', async () => {
    const { time, client, server } = connected()
    const publishing = client.publish('a', 1, { ttlMs: 5_000 })
    server.take()
    time.advance(5_000)
    await expect(publishing).rejects.toMatchObject({ code: 'unknown' })
  })

  it('is the window of the keys by default', async () => {
    const { time, client, server } = connected({}, { dedupe: { windowMs: 30_000, life: 'l' } })
    client.disconnect()
    const publishing = client.publish('a', 1)
    time.advance(29_999)
    expect(client.stats().outbox.count).toBe(1)
    time.advance(1)
    await expect(publishing).rejects.toMatchObject({ code: 'expired' })
    expect(server.take().filter(({ type }) => type === 'publish')).toEqual([])
  })

  it('an answer that comes too late changes nothing', async () => {
    const { time, client, server } = connected()
    const { of, list } = outcomes()
    of(1, client.publish('a', 1, { ttlMs: 5_000 }))
    const [frame] = publishes(server)
    time.advance(5_000)
    server.say(stored(frame, 1))
    await settled()
    expect([list, client.stats().outbox.count]).toEqual([['1 unknown'], 0])
  })
})

describe('the bounds of the outbox', () => {
  it('reject what does not fit, by number and by bytes', async () => {
    const { client } = scripted({ outbox: { maxCount: 2, maxBytes: 300 } })
    const { of, list } = outcomes()
    of('large', client.publish('a', 'x'.repeat(300)))
    of(1, client.publish('a', 1))
    of(2, client.publish('a', 2))
    of(3, client.publish('a', 3))
    await settled()
    expect(list).toEqual(['large outbox-full', '3 outbox-full'])
    const { count, bytes } = client.stats().outbox
    expect([count, bytes <= 300]).toEqual([2, true])
  })

  it('or drop the oldest, which ends as what is known of it', async () => {
    const { time, client, server } = connected({ outbox: { maxCount: 2, policy: 'drop-oldest' } })
    const { of, list } = outcomes()
    of('sent', client.publish('a', 1))
    server.take()
    server.reachable = false
    server.cut()
    for (const name of ['first', 'second', 'third']) of(name, client.publish('a', name))
    await settled()
    expect(list).toEqual(['sent unknown', 'first outbox-full'])
    server.reachable = true
    time.advance(40_000)
    server.accept()
    expect(publishes(server).map(({ data }) => data)).toEqual(['second', 'third'])
  })

  it('hold for calls as well', async () => {
    const { client } = scripted({ outbox: { maxCount: 1 } })
    void client.publish('a', 1)
    await expect(client.call('add')).rejects.toMatchObject({ code: 'outbox-full' })
  })
})
