import { describe, expect, it } from 'vitest'
import { Keeper } from './keeper.ts'
import type { KeptPublish } from './kept-publish.ts'
import { scripted, type AnyClientFrame, type Scripted } from '../../testing/scripted-server.ts'
import type { VirtualClientOptions } from '../../testing/virtual-client.ts'

/** A client with a keeper, and the disk in the hands of the test. */
function kept(options: Partial<VirtualClientOptions> = {}, holder = 'h') {
  const all = scripted(options)
  const { world, client } = all
  /** What was wanted of the disk and not done. */
  const wanted: [string, ...unknown[]][] = []
  const settled: string[] = []
  const store = { emit: (event: string, args: readonly unknown[]) => void wanted.push([event, ...args]) }
  const make = (): Keeper => new Keeper(world, world.tab.outbox, { holder, tab: 't', url: 'u', store, app: world.tab })
  let keeper!: Keeper
  world.run(() => (keeper = make()))
  client.on('settled', ({ key, outcome, position, error }) =>
    settled.push([key, outcome, position?.offset, error?.code].filter((part) => part !== undefined).join(' ')),
  )
  const puts = (): KeptPublish[] =>
    wanted.filter(([event]) => event === 'put').map(([, record]) => record as KeptPublish)
  return {
    ...all,
    keeper,
    settled,
    /** Takes what is wanted: `put 1`, `put 1 sent`, `remove …`. */
    wants: () =>
      wanted.splice(0).map(([event, what]) => {
        if (event !== 'put') return `${event} ${String(what)}`
        const { body, sent } = what as KeptPublish
        return `put ${String(dataOf(body))}${sent ? ' sent' : ''}`
      }),
    puts,
    identify: (identity?: string) => world.run(() => keeper.identify(identity)),
    load: (records: readonly KeptPublish[] = [], scope = 'u ada') => world.run(() => keeper.loaded(scope, records)),
    /** The disk has done what it was asked to. */
    write: () => {
      const ids = puts().map(({ id }) => id)
      wanted.length = 0
      world.run(() => keeper.written(ids))
    },
  }
}

/** Identified and loaded. */
function opened(options: Partial<VirtualClientOptions> = {}) {
  const all = kept(options)
  all.identify('ada')
  all.load()
  all.wants()
  return all
}

const dataOf = (body: string): unknown => (JSON.parse(`{${body}`) as { data: unknown }).data
const sentOver = (server: Scripted['server']): unknown[] =>
  server.take().flatMap(({ type, data }) => (type === 'publish' ? data : []))
const answer = (frame: AnyClientFrame | undefined, offset: number) =>
  ({ type: 'published', id: frame?.['id'] as number, position: { epoch: 'e', offset } }) as const

/** What an earlier page had written down. */
function record(n: number, more: Partial<KeptPublish> = {}): KeptPublish {
  const at = more.at ?? 900_000
  const channel = more.channel ?? 'a'
  const body = JSON.stringify({ type: 'publish', channel, data: n, key: `k${n}` }).slice(1)
  const whose = { id: `old ${n}`, holder: 'h', tab: 't', scope: 'u ada' }
  return { ...whose, at, n, expiresAt: at + 300_000, channel, key: `k${n}`, body, ...more }
}

describe('a publish that is kept', () => {
  it('CLI-13: is written as sent before it is sent, and removed when it is answered', () => {
    const { client, server, wants, write, identify, load } = kept()
    identify('ada')
    load()
    expect(wants()).toEqual(['load u ada'])
    void client.connect()
    server.accept()
    server.take()
    void client.publish('a', 1)
    expect(sentOver(server)).toEqual([])
    write()
    const [frame] = server.take()
    expect(frame).toMatchObject({ type: 'publish', data: 1 })
    server.say(answer(frame, 1))
    expect(wants()).toEqual(['remove h 1'])
    expect(client.stats().outbox).toEqual({ count: 0, bytes: 0, persistence: { state: 'on', adopted: 0, expired: 0 } })
  })

  it('CLI-13: made without a connection is written at once, and again before it goes out', () => {
    const { client, server, wants, puts, world, keeper } = opened()
    void client.publish('a', 1)
    const [{ id }] = puts() as [KeptPublish]
    expect(wants()).toEqual(['put 1'])
    world.run(() => keeper.written([id]))
    server.accept()
    expect(sentOver(server)).toEqual([])
    expect(wants()).toEqual(['put 1 sent'])
    world.run(() => keeper.written([id]))
    expect(sentOver(server)).toEqual([1])
  })

  it('waits for the disk to open, in order with those after it', () => {
    const { client, server, identify, load, write } = kept()
    void client.publish('a', 1)
    server.accept()
    identify('ada')
    void client.publish('a', 2)
    expect(sentOver(server)).toEqual([])
    load()
    expect(sentOver(server)).toEqual([])
    write()
    expect(sentOver(server)).toEqual([1, 2])
  })

  it('is not overtaken while it is written', () => {
    const { client, server, wants, puts, world, keeper } = opened()
    void client.publish('a', 1)
    server.accept()
    const first = puts().at(-1)!
    void client.publish('a', 2)
    const ids = puts().map(({ id }) => id)
    world.run(() => keeper.written(ids.filter((id) => id === first.id)))
    expect(sentOver(server)).toEqual([1])
    world.run(() => keeper.written(ids.filter((id) => id !== first.id)))
    expect(sentOver(server)).toEqual([2])
    expect(wants()).toEqual(['put 1', 'put 1 sent', 'put 2 sent'])
  })

  it('does not make calls and reads wait', () => {
    const { client, server } = kept()
    void client.call('m')
    server.accept()
    expect(server.take()).toContainEqual(expect.objectContaining({ type: 'call' }))
  })

  it('ends on disk too when the client is closed', async () => {
    const { client, wants } = opened()
    const publishing = client.publish('a', 1)
    wants()
    client.close()
    await expect(publishing).rejects.toMatchObject({ code: 'closed' })
    expect(wants()).toEqual(['remove h 1'])
  })
})

describe('what an earlier page left', () => {
  it('CLI-14: goes out before what was published since, in its order, with its keys', () => {
    const { client, server, identify, load, write, settled, wants, time } = kept()
    void client.publish('a', 'new')
    server.accept()
    identify('ada')
    load([record(2), record(3), record(1)])
    write()
    const frames = server.take().filter(({ type }) => type === 'publish')
    expect(frames.map(({ data }) => data)).toEqual([1, 2, 3, 'new'])
    expect(frames.slice(0, 3).map(({ key }) => key)).toEqual(['k1', 'k2', 'k3'])
    frames.forEach((frame, index) => server.say(answer(frame, index + 1)))
    time.advance(0)
    expect(settled).toEqual(['k1 stored 1', 'k2 stored 2', 'k3 stored 3'])
    expect(wants().toSorted()).toEqual(['remove h 4', 'remove old 1', 'remove old 2', 'remove old 3'])
    expect(client.stats().outbox).toMatchObject({ count: 0, bytes: 0, persistence: { adopted: 3, expired: 0 } })
  })

  it('connects by itself, for there is something to do', () => {
    const { server, identify, load, write } = kept()
    identify('ada')
    load([record(1)])
    server.accept()
    write()
    expect(sentOver(server)).toEqual([1])
  })

  it('CLI-14: keeps its time to live; what is too old is removed and counted, not sent', () => {
    const { time, client, server, identify, load, wants, settled } = kept()
    server.reachable = false
    identify('ada')
    wants()
    load([record(1, { at: 700_000 }), record(2, { at: 700_001 })])
    expect(wants()).toEqual(['remove old 1'])
    time.advance(1)
    expect(wants()).toEqual(['remove old 2'])
    time.advance(0)
    expect(settled).toEqual(['k1 expired expired', 'k2 expired expired'])
    expect(client.stats().outbox.persistence).toEqual({ state: 'on', adopted: 1, expired: 1 })
  })

  it.each([
    ['in another life of the memory of the server', { at: 999_000, life: 'life-0' }],
    ['longer ago than the server remembers', { at: 729_999, life: 'life-1' }],
    ['at a time that has not come yet: the clock was set back', { at: 1_000_001, life: 'life-1' }],
  ])('CLI-2, CLI-14: what may have been done %s ends unknown and is not sent again', (_, sent) => {
    for (const connectedFirst of [true, false]) {
      const { time, client, server, identify, load, wants, settled } = kept()
      void client.connect()
      if (connectedFirst) server.accept()
      identify('ada')
      load([record(1, { sent, expiresAt: 2_000_000 })])
      if (!connectedFirst) server.accept()
      time.advance(0)
      expect(wants()).toEqual(['load u ada', 'remove old 1'])
      expect(settled).toEqual(['k1 unknown unknown'])
      expect(sentOver(server)).toEqual([])
    }
  })

  it('goes again where the server still knows its key, without another write', () => {
    const { client, server, identify, load } = kept()
    void client.connect()
    server.accept()
    identify('ada')
    load([record(1, { sent: { at: 999_000, life: 'life-1' } })])
    expect(sentOver(server)).toEqual([1])
  })

  it('of a user whom the server calls otherwise than today ends, and is not sent', () => {
    const { client, server, identify, load, settled, time } = kept()
    void client.connect()
    identify('ada')
    load([record(1, { user: 'eve' })])
    server.accept()
    time.advance(0)
    expect(sentOver(server)).toEqual([])
    expect(settled).toEqual(['k1 rejected closed'])
  })

  it.each([
    ['reject', ['k3 rejected outbox-full'], [1, 2]],
    ['drop-oldest', ['k1 rejected outbox-full'], [2, 3]],
  ] as const)('fits into the bounds of the outbox, by its policy %s', (policy, expected, sent) => {
    const { server, client, identify, load, write, settled, time } = kept({ outbox: { maxCount: 2, policy } })
    void client.connect()
    server.accept()
    identify('ada')
    load([record(1), record(2), record(3)])
    write()
    time.advance(0)
    expect(settled).toEqual(expected)
    expect(sentOver(server)).toEqual(sent)
  })

  it('and is refused by the server is told with its code', () => {
    const { server, client, identify, load, write, settled, time } = kept()
    void client.connect()
    server.accept()
    identify('ada')
    load([record(1)])
    write()
    const id = server.take().find(({ type }) => type === 'publish')?.['id'] as number
    server.say({ type: 'error', id, code: 'forbidden', message: 'no', temporary: false })
    time.advance(0)
    expect(settled).toEqual(['k1 rejected forbidden'])
  })
})

describe('whose it is', () => {
  it('without an identity nothing is persisted, which is said once, and everything goes out', () => {
    const { client, server, identify, wants } = kept()
    void client.publish('a', 1)
    server.accept()
    expect(sentOver(server)).toEqual([])
    identify()
    identify()
    expect(wants()).toEqual([expect.stringMatching(/^off The token does not say who/)])
    expect(sentOver(server)).toEqual([1])
    expect(client.stats().outbox.persistence).toMatchObject({ state: 'off', reason: expect.any(String) })
  })

  it('when somebody else signs in, what was kept for the one before ends', async () => {
    const { client, server, identify, load, wants } = opened()
    server.reachable = false
    const publishing = client.publish('a', 1)
    wants()
    identify('eve')
    await expect(publishing).rejects.toMatchObject({ code: 'closed' })
    expect(wants()).toEqual(['remove h 1', 'load u eve'])
    load([record(1)], 'u ada')
    expect(client.stats().outbox.count).toBe(0)
    load([], 'u eve')
    expect(client.stats().outbox.persistence?.state).toBe('on')
  })
})

describe('a disk that does not work', () => {
  it('is not waited for longer than some seconds', () => {
    const { time, client, server, identify, wants } = kept()
    identify('ada')
    void client.publish('a', 1)
    server.accept()
    time.advance(3_999)
    expect(sentOver(server)).toEqual([])
    time.advance(1)
    expect(sentOver(server)).toEqual([1])
    expect(wants()).toEqual(['load u ada', 'off The disk did not answer in time.'])
  })

  it('that is slow but moves on is waited for', () => {
    const { time, client, server, world, keeper, puts } = opened()
    void client.connect()
    server.accept()
    for (let n = 1; n <= 5; n++) {
      void client.publish('a', n)
      time.advance(2_000)
      world.run(() => keeper.written([puts()[n - 1]!.id]))
    }
    expect(sentOver(server)).toEqual([1, 2, 3, 4, 5])
    expect(client.stats().outbox.persistence?.state).toBe('on')
  })

  it('that fails stops no publish, and keeps nothing stale', () => {
    const { client, server, world, keeper, wants } = opened()
    void client.connect()
    server.accept()
    void client.publish('a', 1)
    wants()
    world.run(() => keeper.off('full'))
    void client.publish('a', 2)
    expect(sentOver(server)).toEqual([1, 2])
    expect(wants()).toEqual(['remove h 1', 'off full'])
  })
})
