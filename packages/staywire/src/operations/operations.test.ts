import { beforeEach, describe, expect, it } from 'vitest'
import { idleProcess } from '../testing/idle-process.ts'
import type { ClosedEvent, ConnectionFacts, ServerEvent } from '../server/observer/observer.ts'
import type { ServerStats } from '../server/observer/server-stats.ts'
import { routesOf } from './http/routes.ts'
import { OperationsCore } from './operations.ts'
import type { ServerView } from './server-view.ts'

let now: number
let operations: OperationsCore
beforeEach(() => {
  now = 1_700_000_000_000
  operations = new OperationsCore({ now: () => now, ...idleProcess() }, { closedConnections: 100 })
})

const facts = (connection: string, more: Partial<ConnectionFacts> = {}): ConnectionFacts => ({
  connection,
  user: 'ada',
  address: '192.0.2.1',
  transport: 'websocket',
  origin: {},
  connectedAt: now,
  ...more,
})
const connect = (given: ConnectionFacts): void => operations.report({ type: 'connected', facts: given, resumed: false })
const end = (given: ConnectionFacts | undefined, code = 1006, more: Partial<ClosedEvent> = {}): ClosedEvent => ({
  type: 'closed',
  connection: given?.connection ?? 'stranger',
  ...(given && { facts: given }),
  address: given?.address ?? '198.51.100.9',
  transport: given?.transport ?? 'websocket',
  code,
  reason: '',
  by: code >= 4000 ? 'server' : 'network',
  at: now,
  durationMs: 5_000,
  bytesIn: 10,
  bytesOut: 20,
  lastReceived: ['connect'],
  lastSent: ['connected'],
  ...more,
})
const read = (series: string): number | undefined => operations.registry.read(series)

describe('operations', () => {
  it('say how many publications a channel gets in a second, of what the server counts', async () => {
    let publications = 100
    const channels = (): ReturnType<ServerView['channels']> => [{ channel: 'a', subscribers: 2, publications }]
    operations.watch({
      channels,
      stats: () => undefined as unknown as ServerStats,
    } as Partial<ServerView> as ServerView)
    for (let second = 0; second <= 10; second++, now += 1_000, publications += 3) operations.tick()
    const route = routesOf(operations).find(({ method, path }) => method === 'GET' && path === '/api/v1/channels')
    expect(await route?.handle({ parameters: {}, query: {}, body: undefined })).toEqual({
      json: { channels: [{ channel: 'a', subscribers: 2, perSecond: 3 }], total: 1 },
    })
  })

  it('count each connect and each close once, by transport, code and class', () => {
    const [one, two] = [facts('c1'), facts('c2', { transport: 'sse' })]
    connect(one)
    connect(two)
    operations.report(end(one, 4102))
    expect([read('staywire_connections{transport="sse"}'), read('staywire_connections')]).toEqual([1, 1])
    expect([read('sse_active_connections'), read('staywire_connects_total')]).toEqual([1, 2])
    expect([read('staywire_closes_total{code="4102"}'), read('staywire_closes_total')]).toEqual([1, 1])
    expect(read('staywire_closes_by_class_total{class="connection"}')).toBe(1)
    operations.report(end(two, 1006, { durationMs: 70_000 }))
    expect(read('sse_connection_duration_seconds_sum{status="dropped"}')).toBe(70)
    expect(read('staywire_connections')).toBe(0)
  })

  it('keep why a connection closed, with all that is known of it', () => {
    const one = facts('c1', { origin: { browser: 'b', label: 'feed' }, slot: 'shared' })
    connect(one)
    now += 5_000
    operations.report(end(one, 4103))
    expect(operations.closed.page({ user: 'ada', code: 4103, browser: 'b' }, { limit: 10 })).toEqual({
      total: 1,
      entries: [
        {
          ...one,
          closedAt: now,
          durationMs: 5_000,
          code: 4103,
          class: 'connection',
          reason: '',
          by: 'server',
          cause: 'The peer read too slowly and its outbox reached the limit; it reconnects and recovers.',
          bytesIn: 10,
          bytesOut: 20,
          lastReceived: ['connect'],
          lastSent: ['connected'],
        },
      ],
    })
    for (const filter of [{ user: 'bob' }, { code: 4102 }, { class: 'auth' as const }, { since: now + 1 }])
      expect(operations.closed.page(filter, { limit: 10 })).toEqual({ total: 0, entries: [] })
  })

  it('list handshakes that never became connections by cause, whatever ended them', () => {
    const refused: readonly ServerEvent[] = [
      { type: 'refused', status: 0, cause: 'tls', address: '192.0.2.2' },
      { type: 'refused', status: 403, cause: 'origin', address: '192.0.2.3' },
      { type: 'refused', status: 503, cause: 'draining', address: '192.0.2.3' },
      { type: 'refused', status: 400, cause: 'nobody knows', address: '192.0.2.3' },
    ]
    for (const event of refused) operations.report(event)
    for (const code of [4105, 4002, 4202, 1006, 4504]) operations.report(end(undefined, code))
    const { entries } = operations.handshakes.page({}, { limit: 100 })
    expect(entries.map(({ cause }) => cause).toReversed()).toEqual([
      ...['tls', 'origin', 'draining', 'other'],
      ...['unfinished', 'auth', 'capacity', 'unfinished', 'refused'],
    ])
    expect(read('staywire_handshake_failures_total{cause="unfinished"}')).toBe(2)
    expect(operations.handshakes.page({ address: '198.51.100.9', cause: 'auth' }, { limit: 1 }).entries).toEqual([
      { at: now, cause: 'auth', address: '198.51.100.9', code: 4002, detail: '' },
    ])
    expect(operations.closed.length).toBe(0)
  })

  it('keep the errors of the last minutes apart from those before', () => {
    const fail = () =>
      operations.report({ type: 'application-error', where: 'listener of connected', error: new Error('x') })
    fail()
    now += 10 * 60_000
    fail()
    fail()
    operations.report(end(facts('c1'), 1001, { by: 'client' }))
    operations.report(end(facts('c1'), 4107))
    expect(operations.errors.counts(now)).toEqual([
      { class: 'application', code: 'listener', total: 3, lastMinute: 2, last15Minutes: 3, lastHour: 3 },
    ])
    now += 59 * 60_000
    expect(operations.errors.counts(now)).toMatchObject([{ total: 3, lastMinute: 0, last15Minutes: 0, lastHour: 2 }])
    now += 86_400_000
    expect(operations.errors.last(60, now)).toBe(0)
  })

  it('tell each user what happened, latest first, and remember only so many', () => {
    const one = facts('c1')
    connect(one)
    operations.report({ type: 'ping-missed', connection: 'c1', user: 'ada', address: '192.0.2.1', missed: 2 })
    const gap = {
      type: 'subscribed',
      connection: 'c1',
      channel: 'a',
      outcome: 'gap',
      recovered: 0,
      subscriptions: 1,
    } as const
    operations.report(gap)
    operations.report(end(one, 4102))
    expect(operations.timelines.of('ada').map(({ what, detail }) => [what, detail])).toEqual([
      ['closed', expect.stringMatching(/^4102 \(connection\): A ping was not answered/)],
      ['gap', 'a'],
      ['ping-missed', '2 in a row'],
      ['connected', 'over websocket from 192.0.2.1'],
    ])
    for (let user = 0; user < 1_000; user++) connect(facts(`d${user}`, { user: `u${user}` }))
    expect([operations.timelines.of('ada').length, operations.timelines.of('u0').length]).toEqual([0, 1])
  })

  it('forget nothing of who is here and keep nothing of who left, after ten thousand came and went', () => {
    const text = operations.registry.text().split('\n').length
    for (let count = 0; count < 10_000; count++) {
      const one = facts(`c${count}`, {
        user: `u${count % 97}`,
        address: `10.0.${count % 250}.1`,
        origin: { label: `l${count}` },
      })
      connect(one)
      operations.report({ type: 'pong', connection: one.connection, rttMs: 5 })
      operations.report(end(one, 4000 + (count % 600)))
    }
    expect([operations.live.size, operations.live.users, read('staywire_connections'), operations.peak]).toEqual([
      0, 0, 0, 1,
    ])
    expect(operations.closed.length).toBe(100)
    expect(operations.registry.text().split('\n')).toHaveLength(text)
  })

  it('fill fewer than 500 lines with metrics, with ten thousand users and ten thousand channels', () => {
    for (let count = 0; count < 10_000; count++) {
      const one = facts(`c${count}`, { user: `user ${count}`, origin: { browser: `b${count}`, label: `l${count}` } })
      operations.report({ type: 'connected', facts: one, resumed: false, agent: `agent ${count}` })
      operations.report({
        ...{ type: 'subscribed', connection: one.connection, channel: `channel:${count}` },
        ...{ outcome: 'live', recovered: 0, subscriptions: 1 },
      })
      operations.report({ type: 'published', channel: `channel:${count}`, storedMs: 1 })
      operations.report({ type: 'frame-refused', connection: one.connection, code: `code ${count}` })
      operations.report({ type: 'refused', status: 403, cause: `cause ${count}`, address: `address ${count}` })
      operations.report({ type: 'application-error', where: `where ${count}`, error: `error ${count}` })
    }
    const page = operations.registry.text()
    expect(page.trimEnd().split('\n').length).toBeLessThan(500)
    expect(page).not.toMatch(/user \d|channel:|agent|code \d|cause \d|address \d|where \d/)
    expect(read('staywire_connections')).toBe(10_000)
  })
})
