// Every detector: what it finds, what it leaves alone, and that a finding is over when its leak is.

import { beforeEach, describe, expect, it } from 'vitest'
import type { ConnectionFacts } from '../../server/observer/observer.ts'
import type { ServerStats } from '../../server/observer/server-stats.ts'
import { idleProcess } from '../../testing/idle-process.ts'
import { OperationsCore } from '../operations.ts'
import type { ServerView } from '../server-view.ts'
import { FINDING_KINDS, type FindingKind } from './finding.ts'
import { EN } from './words/en.ts'
import { LANGUAGES, wordsOf } from './words/words.ts'
import { ZH } from './words/zh.ts'

const START = 1_700_000_000_000
let now: number
let operations: OperationsCore
let held: ServerStats['held']
let last: number
const here = new Map<string, ConnectionFacts>()

beforeEach(() => {
  now = START
  last = 0
  here.clear()
  held = { links: 0, seats: 0, sessions: 0, listeners: 0 }
  operations = new OperationsCore({ now: () => now, ...idleProcess() }, {})
  const stats = () =>
    ({ connections: here.size, connecting: 0, users: 0, held, limited: {}, counters: {} }) as ServerStats
  operations.watch({ stats, channels: () => [] } as Partial<ServerView> as ServerView)
})

/** Whoever comes: by default a user's page in a browser of its own. */
interface Who extends Partial<ConnectionFacts['origin']> {
  readonly user?: string
  readonly slot?: string
  readonly address?: string
  readonly agent?: string
}

function come({ user = 'ada', slot, address = '192.0.2.1', agent, ...origin }: Who = {}, used = true): string {
  const connection = `c${++last}`
  const facts: ConnectionFacts = {
    ...{ connection, user, address, transport: 'websocket', origin, connectedAt: now },
    ...(slot !== undefined && { slot }),
  }
  here.set(connection, facts)
  operations.report({ type: 'connected', facts, resumed: false, ...(agent !== undefined && { agent }) })
  if (used) subscribe(connection, 1)
  return connection
}

function subscribe(connection: string, subscriptions: number): void {
  const event = { type: 'subscribed', connection, channel: 'a', outcome: 'live', recovered: 0, subscriptions } as const
  operations.report(event)
}

function leave(connection: string, code = 1006): void {
  const facts = here.get(connection)
  if (facts === undefined) throw new Error(`${connection} is not here.`)
  here.delete(connection)
  fail(code, facts.address, facts)
}

function fail(code: number, address: string, facts?: ConnectionFacts): void {
  operations.report({
    ...{
      type: 'closed',
      connection: facts?.connection ?? '',
      ...(facts && { facts }),
      address,
      transport: 'websocket',
    },
    ...{ code, reason: 'why', by: 'network', at: now, durationMs: 0, bytesIn: 0, bytesOut: 0 },
    ...{ lastReceived: [], lastSent: [] },
  })
}

function pass(ms: number): void {
  for (const until = now + ms; now < until;) {
    now += 1_000
    operations.tick()
  }
}

const found = () => operations.findings.list()
const kinds = () => found().map(({ kind, variant }) => (variant === undefined ? kind : `${kind}.${variant}`))
const page = { browser: 'b1', tab: 't1', page: 'p1', label: 'feed' }

describe('findings', () => {
  /** Plants a leak; the returned function mends it. */
  const leaks: Readonly<Record<string, () => () => void>> = {
    'duplicate-instance.double-mount': () => {
      come({ ...page, instance: 'i1' })
      const second = come({ ...page, instance: 'i2' })
      return () => leave(second)
    },
    'duplicate-instance.several-components': () => {
      come({ ...page, instance: 'i1' })
      const second = come({ ...page, instance: 'i2', label: 'chat' })
      return () => leave(second)
    },
    'duplicate-instance.hot-reload': () => {
      const old = come({ ...page, instance: 'i1' })
      pass(10_000)
      come({ ...page, instance: 'i2' })
      return () => leave(old)
    },
    'duplicate-instance.route-change': () => {
      const old = come({ ...page, instance: 'i1' })
      pass(10_000)
      come({ ...page, instance: 'i2', label: 'settings' })
      return () => leave(old)
    },
    'stale-page': () => {
      const old = come({ ...page, instance: 'i1' })
      pass(10_000)
      come({ ...page, page: 'p2', instance: 'i2' })
      return () => leave(old)
    },
    'tabs-not-shared': () => {
      come({ ...page, instance: 'i1', slot: 't1' })
      const second = come({ browser: 'b1', tab: 't2', page: 'p2', instance: 'i2', slot: 't2' })
      return () => leave(second)
    },
    'reconnect-overlap': () => {
      const old = come({ ...page, instance: 'i1' })
      pass(10_000)
      come({ ...page, instance: 'i1' })
      return () => leave(old)
    },
    'two-owners': () => {
      const old = come({ browser: 'b1', instance: 'i1', slot: 'shared' })
      come({ browser: 'b1', instance: 'i2', slot: 'shared' })
      return () => leave(old)
    },
    'browser-over-one': () => {
      const old = come({ browser: 'b1' })
      come({ browser: 'b1' })
      return () => leave(old)
    },
    'user-over-limit': () => {
      const own = Array.from({ length: 6 }, (_, device) => come({ browser: `b${device}` }))
      return () => leave(own[0] as string)
    },
    'never-authenticated': () => {
      for (let count = 0; count < 5; count++) fail(4002, '198.51.100.7')
      return () => pass(60_000)
    },
    'never-subscribed': () => {
      const own = ['b1', 'b2', 'b3'].map((browser) => come({ browser, label: 'badge', user: browser }, false))
      pass(60_000)
      return () => subscribe(own[0] as string, 1)
    },
    'growing-subscriptions': () => {
      const own = come(page)
      for (let count = 2; count <= 20; count++) {
        subscribe(own, count)
        pass(1_000)
      }
      return () => {
        operations.report({ type: 'unsubscribed', connection: own, channel: 'a', subscriptions: 1 })
      }
    },
    'listener-growth': () => {
      for (let listeners = 3; listeners <= 20; listeners++) {
        held = { ...held, listeners }
        pass(1_000)
      }
      return () => void (held = { ...held, listeners: 1 })
    },
    'reconnect-loop': () => {
      for (let count = 0; count < 6; count++) {
        leave(come(page), 4103)
        pass(1_000)
      }
      return () => pass(60_000)
    },
    'ghost-in-store': () => {
      held = { ...held, sessions: 1 }
      return () => void (held = { ...held, sessions: 0 })
    },
    'descriptors-over-registry': () => {
      held = { ...held, links: 3 }
      return () => void (held = { ...held, links: 0 })
    },
    unidentified: () => {
      const own = Array.from({ length: 5 }, (_, count) => come({ user: `u${count}`, agent: 'script/1' }))
      return () => leave(own[0] as string)
    },
  }

  it('are planted for every kind', () => {
    expect(new Set(Object.keys(leaks).map((key) => key.split('.')[0]))).toEqual(new Set(FINDING_KINDS))
  })

  it.each(Object.entries(leaks))('name %s within ten seconds, and end with it', (key, plant) => {
    const mend = plant()
    const planted = now
    while (!kinds().includes(key) && now - planted < 10_000) pass(1_000)
    expect(kinds()).toEqual([key])
    const [finding] = found()
    expect(finding?.since).toBeLessThanOrEqual(now)
    expect(operations.registry.read(`staywire_findings{kind="${String(finding?.kind)}"}`)).toBe(1)
    mend()
    pass(10_000)
    expect(kinds()).toEqual([])
  })

  /** What looks like a leak and is none, by the kind that must stay silent about it. */
  const harmless: Readonly<Record<FindingKind, () => void>> = {
    'duplicate-instance': () => {
      const old = come({ ...page, instance: 'i1' })
      come({ ...page, instance: 'i2' })
      pass(1_000)
      leave(old)
    },
    'stale-page': () => {
      const old = come({ ...page, instance: 'i1' })
      come({ ...page, page: 'p2', instance: 'i2' })
      pass(1_000)
      leave(old)
    },
    'tabs-not-shared': () => void come({ browser: 'b1', tab: 't1', page: 'p1', slot: 'shared' }),
    'reconnect-overlap': () => {
      const old = come({ ...page, instance: 'i1' })
      come({ ...page, instance: 'i1' })
      pass(1_000)
      leave(old)
    },
    'two-owners': () => {
      const old = come({ browser: 'b1', instance: 'i1', slot: 'shared' })
      come({ browser: 'b1', instance: 'i2', slot: 'shared' })
      pass(1_000)
      leave(old)
    },
    'browser-over-one': () => {
      come({ browser: 'b1', user: 'ada' })
      come({ browser: 'b1', user: 'bob' })
    },
    'user-over-limit': () => {
      for (let device = 0; device < 5; device++) come({ browser: `b${device}` })
    },
    'never-authenticated': () => {
      for (let count = 0; count < 4; count++) fail(4002, '198.51.100.7')
      for (let count = 0; count < 9; count++) fail(4202, '198.51.100.7')
    },
    'never-subscribed': () => {
      for (const browser of ['b1', 'b2', 'b3']) come({ browser, user: browser })
      pass(90_000)
    },
    'growing-subscriptions': () => {
      const own = come(page)
      subscribe(own, 60)
      pass(10_000)
      for (let round = 0; round < 10; round++) {
        subscribe(own, 61)
        pass(2_000)
        operations.report({ type: 'unsubscribed', connection: own, channel: 'a', subscriptions: 60 })
        pass(2_000)
      }
    },
    'listener-growth': () => {
      held = { ...held, listeners: 30 }
      pass(20_000)
    },
    'reconnect-loop': () => {
      for (let count = 0; count < 6; count++) {
        leave(come(page))
        pass(30_000)
      }
      for (let count = 0; count < 20; count++) come({ browser: `b${count}`, user: `u${count}` })
    },
    'ghost-in-store': () => {
      come(page)
      held = { ...held, seats: 1, sessions: 1 }
    },
    'descriptors-over-registry': () => {
      held = { ...held, links: 2 }
      pass(1_000)
      held = { ...held, links: 0 }
    },
    unidentified: () => {
      for (let count = 0; count < 4; count++) come({ user: `u${count}`, agent: 'script/1' })
      for (let count = 0; count < 9; count++) come({ browser: `b${count}`, user: `v${count}`, agent: 'script/1' })
    },
  }

  it.each(Object.entries(harmless))('stay silent where %s would be wrong', (kind, happen) => {
    happen()
    pass(20_000)
    expect(kinds()).not.toContain(kind)
    expect(kinds().filter((key) => key.startsWith(kind))).toEqual([])
  })

  it('tell a reload, a second tab and a second component of the same user apart', () => {
    const old = come({ ...page, instance: 'i1' })
    pass(10_000)
    come({ ...page, page: 'p2', instance: 'i2' })
    come({ browser: 'b1', tab: 't2', page: 'p3', instance: 'i3' })
    come({ browser: 'b2', tab: 't9', page: 'p9', instance: 'i9' })
    pass(10_000)
    expect(found()).toMatchObject([
      { kind: 'stale-page', subject: { user: 'ada', browser: 'b1', tab: 't1' }, count: 1, examples: [old] },
      { kind: 'tabs-not-shared', subject: { user: 'ada', browser: 'b1' }, values: { tabs: 2 } },
    ])
  })

  it('are bounded, however many leak', () => {
    for (let count = 0; count < 1_000; count++) come({ browser: 'b', user: `u${count % 500}` })
    pass(200_000)
    expect(found().length).toBe(200)
    expect(found()[0]?.examples.length).toBeLessThanOrEqual(5)
  })
})

describe('the words of findings', () => {
  it('are there for each cause in both languages, and speak of the same values', () => {
    expect(Object.keys(ZH)).toEqual(Object.keys(EN))
    const values = (text: string) =>
      [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted((a, b) => a.localeCompare(b))
    for (const [key, { title, cause, cure }] of Object.entries(EN))
      expect([key, values(`${ZH[key]?.title}${ZH[key]?.cause}${ZH[key]?.cure}`)]).toEqual([
        key,
        values(`${title}${cause}${cure}`),
      ])
  })

  it('have the values in them', () => {
    for (let count = 0; count < 6; count++) {
      leave(come(page), 4103)
      pass(1_000)
    }
    pass(2_000)
    for (const language of LANGUAGES) {
      const { title, cause } = wordsOf(found()[0] as NonNullable<ReturnType<typeof found>[0]>, language)
      expect(title).toMatch(/6/)
      expect(cause).toMatch(/4103.*read too slowly/)
      expect(title + cause).not.toMatch(/[{}]/)
    }
  })
})
