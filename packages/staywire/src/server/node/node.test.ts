import { describe, expect, it } from 'vitest'
import { StaywireError } from '../../protocol/error-code.ts'
import { memoryBroker } from '../broker/memory/memory-broker.ts'
import type { Broker } from '../broker/broker.ts'
import type { Connection } from '../connection/connection.ts'
import type { Link } from '../connection/link.ts'
import type { ServerOptions } from '../options.ts'
import { Node, type Close } from './node.ts'

type Wire = { readonly type: string; readonly [field: string]: unknown }

/** A client of a node: what it was sent, and how it was closed. */
class Client implements Link {
  readonly transport = 'websocket'
  readonly frames: Wire[] = []
  closed: number | undefined
  bytes = 0
  readonly outbox = {
    bytes: 0,
    sentBytes: 0,
    send: ({ text }: { text: string }) => void this.frames.push(JSON.parse(text) as Wire),
    sendRequested: ({ text }: { text: string }) => void this.frames.push(JSON.parse(text) as Wire),
    whenDrained: (then: () => void) => void (this.outbox.bytes === 0 ? then() : this.drained.push(then)),
  }
  readonly drained: (() => void)[] = []
  pause(): void {}
  resume(): void {}
  ping(): void {}
  close(code: number): void {
    this.closed = code
  }
  types(): string[] {
    return this.frames.splice(0).map(({ type }) => type)
  }
}

function setUp(options: ServerOptions = {}, wrap: (broker: Broker) => Broker = (broker) => broker) {
  let now = 1_000_000
  let minted = 0
  const told: unknown[] = []
  const memory = { share: 0 }
  const timers: { at: number; action: () => void }[] = []
  const turn: (() => void)[] = []
  const node = new Node(
    {
      authenticate: ({ token }) => (token === undefined ? null : { user: token }),
      channels: { '**': { subscribe: true, publish: true, presence: true } },
      ...options,
    },
    {
      now: () => now,
      wall: () => now,
      soon: (action) => void turn.push(action),
      after: (ms, action) => void timers.push({ at: now + ms, action }),
      random: () => 0.5,
      memory: () => memory.share,
      mint: { id: () => `i${++minted}`, secret: () => `s${++minted}` },
      sameSecret: (a, b) => a === b,
      broker: wrap(memoryBroker({ now: () => now, random: () => 0.5 })),
      node: 'n1',
    },
    {
      connected: (connection) => {
        told.push(`connected ${connection.user}`)
        if (connection.user === 'banned') node.close(connection, { code: 4503 })
      },
      disconnected: ({ user }, { code, by }: Close) => void told.push(`disconnected ${user} ${code} ${by}`),
      failed: (error, where) => void told.push(`${where}: ${(error as Error).message}`),
    },
  )
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 20; n++) await Promise.resolve()
    for (const action of turn.splice(0)) action()
  }
  const say = (connection: Connection, frame: object): void => {
    const text = JSON.stringify(frame)
    node.received(connection, text, text.length)
  }
  const come = async (token: string, more: object = {}) => {
    const client = new Client()
    const connection = node.accept(client, { address: '', url: '', headers: {}, token: undefined, bare: undefined })
    say(connection, { type: 'connect', id: 1, token, ...more })
    await settle()
    return { client, connection }
  }
  const pass = async (ms: number): Promise<void> => {
    for (const end = now + ms; now < end;) {
      now = Math.min(now + node.settings.tickMs, end)
      for (const timer of timers.splice(0))
        if (timer.at <= now) timer.action()
        else timers.push(timer)
      node.tick()
      await settle()
    }
  }
  return { node, told, memory, settle, say, come, pass }
}

describe('a node', () => {
  it('AUTH-10, AUTH-11: does what another node revokes, and forgets it when it has run out', async () => {
    const identify = { authenticate: () => ({ user: 'ada', tokenId: 't', issuedAt: 5 }) }
    const { node, come, pass } = setUp(identify)
    const [{ client }, { client: also }] = [await come('x'), await come('y')]
    const until = node.world.wall() + 60_000
    await node.broker.signal.send({ type: 'revoke', revocation: { kind: 'token', id: 't', at: 1, until } })
    expect([client.closed, also.closed, node.registry.size]).toEqual([4005, 4005, 0])
    expect((await come('z')).client.closed).toBe(4005)
    await pass(61_500)
    expect([(await come('z')).client.closed, node.revocations.size]).toEqual([undefined, 0])
  })

  it.each([100, 2_000, 10_000, 60_000])(
    'CONN-5: leaves nothing of who is silent after %d ms, whenever it came between two ticks',
    async (connectTimeoutMs) => {
      for (const offset of [0, 1, 37, 99]) {
        const { node, come, pass } = setUp({ limits: { connectTimeoutMs } })
        await pass(offset)
        const client = new Client()
        const since = node.world.now()
        node.accept(client, { address: '', url: '', headers: {}, token: undefined, bare: undefined })
        while (client.closed === undefined) await pass(node.settings.tickMs)
        const toldAfterMs = node.world.now() - since
        expect(client.closed).toBe(4105)
        expect(toldAfterMs).toBeGreaterThanOrEqual(connectTimeoutMs * 0.8)
        expect(toldAfterMs + node.settings.silence.graceMs).toBeLessThanOrEqual(connectTimeoutMs)
        expect((await come('ada')).client.closed).toBeUndefined()
      }
    },
  )

  it('takes somebody in, delivers to them, and keeps nothing when they have gone', async () => {
    const { node, told, come, say, settle, pass } = setUp()
    const { client, connection } = await come('ada', { subscriptions: [{ channel: 'a', presence: 'members' }] })
    await node.publisher.publish('a', 1)
    expect(client.types()).toEqual(['connected', 'subscribed', 'subscribed', 'publication'])
    say(connection, { type: 'disconnect', end: true })
    await settle()
    await pass(1_000)
    expect([client.closed, told]).toEqual([1000, ['connected ada', 'disconnected ada 1000 client']])
    const { registry, hub, sessions, presence } = node
    expect([registry.size, registry.users, hub.size, hub.subscriptions, sessions.size, presence.size]).toEqual([
      0, 0, 0, 0, 0, 0,
    ])
  })

  it('RES-7: closes the loser of a fence at once, with the winner’s term', async () => {
    const { come } = setUp()
    const claim = (attempt: number) => ({ fence: [3, attempt], slot: 's', origin: { browser: 'b' } })
    const older = await come('ada', claim(1))
    const newer = await come('ada', claim(2))
    expect([older.client.closed, newer.client.closed]).toEqual([4501, undefined])
    expect(older.client.frames.at(-1)).toEqual({ type: 'disconnect', code: 4501, reason: 'replaced', term: 3 })
  })

  it('SUB-2, SUB-6: what is left of a recovery is not sent behind the answer to a later subscribe', async () => {
    const { node, come, say, settle } = setUp()
    for (let n = 1; n <= 3; n++) await node.publisher.publish('a', n)
    const { client, connection } = await come('ada')
    const position = client.frames.splice(0).at(-1)?.['position'] as object
    client.outbox.bytes = 2_000_000
    say(connection, { type: 'subscribe', id: 2, channel: 'a', position: { ...position, offset: 0 } })
    await settle()
    say(connection, { type: 'subscribe', id: 3, channel: 'a' })
    await settle()
    client.outbox.bytes = 0
    for (const then of client.drained.splice(0)) then()
    await node.publisher.publish('a', 4)
    expect(client.frames.map(({ type, id, offset }) => [type, id ?? offset])).toEqual([
      ['subscribed', 2],
      ['subscribed', 3],
      ['publication', 4],
    ])
  })

  it('CONN-16: a session whose last connection was not ended by the server is told of no earlier end', async () => {
    const { node, come } = setUp()
    const first = await come('ada', { fence: [1, 1] })
    const session = first.client.frames[0]?.['session']
    node.close(first.connection, { code: 4107 })
    const second = await come('ada', { session, fence: [1, 2] })
    const third = await come('ada', { session, fence: [1, 3] })
    expect(second.client.frames[0]).toMatchObject({ resumed: true, previous: { code: 4107 } })
    expect(third.client.frames[0]).toMatchObject({ resumed: true })
    expect(third.client.frames[0]).not.toHaveProperty('previous')
  })

  it('PRES-9: a subscribe that fails takes no place in presence from another connection of its session', async () => {
    let fails = false
    const { node, come, say, settle } = setUp({}, (broker) => {
      const { log } = broker
      const position = log.position.bind(log)
      log.position = (channel) =>
        fails ? Promise.reject(new StaywireError('storage-unavailable', 'gone')) : position(channel)
      return broker
    })
    const first = await come('ada', { subscriptions: [{ channel: 'room' }] })
    const second = await come('ada', { session: first.client.frames[0]?.['session'] })
    fails = true
    say(second.connection, { type: 'subscribe', id: 2, channel: 'room' })
    await settle()
    expect(second.client.frames.at(-1)).toMatchObject({ type: 'error', id: 2, code: 'storage-unavailable' })
    expect(node.presence.look('room').members).toEqual([{ user: 'ada' }])
  })

  it('keeps nothing of a connection that the host ends as soon as it is told of it', async () => {
    const { node, come, pass } = setUp()
    const { client } = await come('banned', { subscriptions: [{ channel: 'a', presence: 'members' }] })
    await pass(10_000)
    expect(client.closed).toBe(4503)
    const { registry, hub, presence } = node
    expect([registry.size, hub.size, hub.subscriptions, presence.size]).toEqual([0, 0, 0, 0])
  })

  it('closes by a signal of another node', async () => {
    const { node, come } = setUp()
    const [ada, bob] = [await come('ada'), await come('bob')]
    await node.broker.signal.send({
      type: 'close',
      connection: ada.connection.id,
      code: 4501,
      reason: 'replaced',
      term: 7,
    })
    await node.broker.signal.send({ type: 'close-user', user: 'bob', code: 4503, reason: 'banned' })
    expect([ada.client.closed, bob.client.closed]).toEqual([4501, 4503])
  })

  it('OUT-1: closes a slow consumer after the fan-out that told of it', async () => {
    const { node, come, settle } = setUp()
    const { client, connection } = await come('ada')
    node.overflowed(connection)
    expect(client.closed).toBeUndefined()
    await settle()
    expect([client.closed, node.reporting.counters.slowConsumers]).toEqual([4103, 1])
  })

  it('a mistake about one connection ends that one with 4104, and is told', async () => {
    const { told, come, say } = setUp()
    const { client, connection } = await come('ada')
    connection.decide = () => {
      throw new Error('ours')
    }
    say(connection, { type: 'publish', id: 2, channel: 'a', data: 1 })
    expect([client.closed, told.at(-2), told.at(-1)]).toEqual([
      4104,
      'connection: ours',
      'disconnected ada 4104 server',
    ])
  })

  it('PUB-14: answers for a store that breaks instead of answering', async () => {
    const { told, come, say, settle } = setUp({}, (broker) => {
      const { log } = broker
      const broken: Broker['log'] = {
        dedupe: log.dedupe,
        append: () => Promise.reject(new Error('disk')),
        position: (channel) => log.position(channel),
        recover: (channel, from, caps) => log.recover(channel, from, caps),
        history: (channel, page) => log.history(channel, page),
        listen: (listener) => log.listen(listener),
      }
      return { ...broker, log: broken }
    })
    const { client, connection } = await come('ada')
    client.frames.length = 0
    say(connection, { type: 'publish', id: 2, channel: 'a', data: 1 })
    await settle()
    expect(client.frames).toEqual([
      { type: 'error', id: 2, code: 'server-error', message: expect.any(String), temporary: true },
    ])
    expect(told.at(-1)).toBe('server: disk')
  })

  it('tells an observer no more of a thousand publications in a tick than of one, and counts them all', async () => {
    const told: string[] = []
    const { node, come, pass } = setUp({ observer: { report: ({ type }) => void told.push(type) } })
    for (const name of ['ada', 'bob']) await come(name, { subscriptions: [{ channel: 'a' }] })
    const { tickMs } = node.settings
    await pass(tickMs)
    for (const count of [1_000, 1]) {
      told.length = 0
      for (let n = 0; n < count; n++) await node.publisher.publish('a', n)
      expect(told.toSorted()).toEqual(['delivered', 'published'])
      await pass(tickMs)
    }
    await node.publisher.publish('a', 1, { key: 'k' })
    await node.publisher.publish('a', 1, { key: 'k' })
    const { publications, duplicates } = node.reporting.counters
    expect([publications, duplicates, node.hub.deliveries]).toEqual([1_002, 1, 2 * 1_002])
  })

  it('waits for a store that is opening', async () => {
    let open: () => void = () => undefined
    const { client } = await (async () => {
      const bench = setUp({}, (broker) => ({ ...broker, open: () => new Promise((resolve) => (open = resolve)) }))
      const { client, connection } = await bench.come('ada')
      expect(client.types()).toEqual([])
      open()
      await bench.settle()
      bench.say(connection, { type: 'publish', id: 2, channel: 'a', data: 1 })
      await bench.settle()
      return { client }
    })()
    expect(client.types()).toEqual(['connected', 'subscribed', 'published'])
  })

  it('HB-3, AUTH-7: looks at everybody when their time comes, by its ticks alone', async () => {
    const { told, come, pass } = setUp({
      authenticate: ({ token }) =>
        token === 'bob' ? { user: 'bob', expiresAt: 1_000_000 + 20_000 } : { user: token ?? '' },
    })
    await come('ada')
    await come('bob')
    await pass(20_000)
    expect(told.splice(0)).toEqual(['connected ada', 'connected bob', 'disconnected bob 4004 server'])
    await pass(33_000)
    expect(told).toEqual(['disconnected ada 4102 server'])
  })

  it('PRES-6: keeps a dropped member for its linger, and no longer', async () => {
    const { node, come, pass } = setUp()
    const watcher = await come('ada', { subscriptions: [{ channel: 'a', presence: 'members' }] })
    const { connection } = await come('bob', { subscriptions: [{ channel: 'a' }] })
    node.feed(connection, { type: 'ended', code: 1006, reason: '', by: 'network' })
    await pass(4_900)
    expect(watcher.client.types()).not.toContain('leave')
    await pass(200)
    expect(watcher.client.types()).toEqual(['leave'])
  })

  it('CONN-8: tells a longer spread when there are many to come back', async () => {
    const { node, come } = setUp({ limits: { acceptPerSecond: 0 } })
    for (let n = 0; n < 600; n++) await come(`u${n}`)
    const { client } = await come('last')
    expect(client.frames[0]).toMatchObject({ spreadMs: 1_200 })
    expect(node.registry.connected).toBe(601)
  })

  it('LIM-8: a crowd that comes at once is let in one by one, and the rest is told when to come again', async () => {
    const { node, come, pass } = setUp({ limits: { acceptPerSecond: 100 } })
    const crowd = []
    for (let n = 0; n < 300; n++) crowd.push(await come(`u${n}`))
    const connectedBefore = node.registry.connected
    await pass(1_000)
    const middle = node.registry.connected
    await pass(2_000)
    const turnedAway = crowd.filter(({ client }) => client.closed === 4202)
    expect([connectedBefore, turnedAway.length + node.registry.connected]).toEqual([6, 300])
    expect(middle).toBeGreaterThanOrEqual(100)
    expect(middle).toBeLessThanOrEqual(107)
    const told = turnedAway.map(({ client }) => client.frames.at(-1)?.['retryAfterMs'] as number)
    expect(new Set(told).size).toBe(told.length)
    expect(Math.min(...told)).toBeGreaterThanOrEqual(1_000)
    expect(node.reporting.limited.acceptPerSecond).toBe(told.length)
    expect(node.registry.size).toBe(node.registry.connected)
  })

  it('LIM-9: nobody new is taken while memory runs out, who is in stays, and a refusal is told slowly', async () => {
    const { node, memory, come, pass } = setUp()
    await come('ada')
    memory.share = 0.86
    const { client } = await come('bob')
    expect(client.closed).toBeUndefined()
    await pass(1_100)
    expect([client.closed, client.frames.at(-1)?.['retryAfterMs']]).toEqual([4202, 10_000])
    memory.share = 0.5
    await come('bob')
    expect([node.registry.connected, node.reporting.limited.memoryPercent]).toEqual([2, 1])
  })

  it('says of every limit what it did, once and without secrets', async () => {
    const events: unknown[] = []
    const { come, say, settle, pass } = setUp({
      limits: { connectionsPerUser: 1, connectionsPerUserPolicy: 'evict-oldest', framesPerSecond: 1, burstMs: 1_000 },
      observer: { report: (event) => void (event.type === 'limited' && events.push(event)) },
    })
    const first = await come('ada')
    const second = await come('ada')
    for (let id = 1; id <= 4; id++) say(second.connection, { type: 'subscribe', id, channel: 'a' })
    await settle()
    await pass(1_000)
    const facts = { type: 'limited', user: 'ada', address: '' }
    const rate = { ...facts, limit: 'framesPerSecond', outcome: 'refused', connection: second.connection.id }
    expect(events).toEqual([
      { ...facts, limit: 'connectionsPerUser', outcome: 'evicted', connection: first.connection.id },
      rate,
      rate,
    ])
    expect([first.client.closed, second.client.closed]).toEqual([4507, 4201])
  })
})
