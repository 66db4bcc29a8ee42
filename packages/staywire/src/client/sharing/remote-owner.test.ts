import { expect, it } from 'vitest'
import type { ClientOptions, Publication } from '../api.ts'
import { IDLE } from '../connection/state.ts'
import { VirtualClient } from '../../testing/virtual-client.ts'
import { VirtualTime } from '../../testing/virtual-time.ts'
import { PORT_VERSION, type ToOwner, type ToTab } from './message.ts'
import type { Placement, WayListener } from './placement.ts'
import { RemoteOwner, type RemoteOwnerSettings } from './remote-owner.ts'

const CONNECTED = { ...IDLE, status: 'connected', connection: 'c1', user: 'ada' } as const
const TERMS = { user: 'ada', dedupe: { windowMs: 300_000, life: 'l' } }

/** A tab whose owner says what the test says. */
function setUp(options: ClientOptions & Partial<RemoteOwnerSettings> = {}) {
  const time = new VirtualTime()
  const virtual = new VirtualClient(time, { dial: () => undefined, ...options })
  const { engine, client } = virtual
  const said: (readonly unknown[])[] = []
  const statuses: string[] = []
  const alone: string[] = []
  const renamed: string[] = []
  const ways: { listener: WayListener; open: boolean }[] = []
  const place = (name: Placement['name']): Placement => ({
    name,
    open(listener) {
      const way = { listener, open: true }
      ways.push(way)
      return { post: (message: ToOwner) => void said.push(message), close: () => void (way.open = false) }
    },
  })
  const { tab, run } = engine
  const owner = new RemoteOwner(virtual, tab, {
    placements: [place('shared-worker'), place('leader-tab')],
    url: 'wss://app/realtime',
    identity: undefined,
    tokens: options.getToken !== undefined,
    subject: (token) => (token.includes(' ') ? undefined : token),
    owner: () => ({ url: '', debug: false, connectTimeoutMs: 1, transports: ['websocket'], term: 1, hello: {} }),
    alone: (why) => alone.push(why),
    renamed: (name) => renamed.push(name),
    remember: () => {},
    run,
    visible: true,
    ...options,
  })
  tab.owner = owner
  client.on('status', (status) => statuses.push(status))
  const listener = (): WayListener => ways.at(-1)!.listener
  const tell = (...messages: ToTab[]): void =>
    messages.forEach((message) => listener().received(structuredClone(message)))
  const take = () => said.splice(0)
  const names = () => take().map(([name]) => name)
  /** The way opens and the owner says hello. */
  const attach = (life = 'life', lock = 'lock'): void => {
    listener().opened(lock)
    tell(['hello', { version: PORT_VERSION, owner: life, lock }])
  }
  return { time, client, owner, run, said, statuses, alone, renamed, ways, tell, take, names, attach, listener }
}

it('PORT-2: says who it is once it holds its lock, and then what it wants', () => {
  const { client, attach, take, listener, tell, statuses } = setUp()
  client.subscribe('news')
  expect(take()).toEqual([])
  listener().opened('lock')
  expect(take()[0]?.[1]).toMatchObject({
    version: PORT_VERSION,
    key: 'wss://app/realtime ',
    anonymous: true,
    lock: 'lock',
    visible: true,
    tokens: false,
  })
  attach()
  tell(['state', IDLE], ['state', CONNECTED])
  expect(take().slice(1)).toEqual([['subscribe', 'news', undefined, undefined], ['connect']])
  expect(statuses, 'an owner that was just made is about to connect').toEqual(['connecting', 'connected'])
})

it('PORT-3, PORT-12: attaches again when the owner is another, states its subscriptions from where they stand, and asks again', async () => {
  const { client, attach, take, tell } = setUp()
  const got: unknown[] = []
  client.subscribe('news', ({ offset }: Publication) => got.push(offset))
  attach()
  const position = { epoch: 'e', offset: 4 }
  tell(
    ['state', CONNECTED],
    ['up', TERMS],
    ['frame', { type: 'subscribed', channel: 'news', position, outcome: 'live' }],
  )
  tell(['frame', { type: 'publication', channel: 'news', offset: 5, data: 1, at: 0 }])
  const published = client.publish('news', 1, { key: 'k' })
  const called = client.call('add')
  const request = take().find(([name]) => name === 'request')
  tell(['hello', { version: PORT_VERSION, owner: 'next' }])
  expect(take()).toMatchObject([['attach', { lock: 'lock' }]])
  await expect(called).rejects.toMatchObject({ code: 'unknown' })
  expect(client.status).toBe('connecting')
  tell(['hello', { version: PORT_VERSION, owner: 'next', lock: 'lock' }], ['state', CONNECTED], ['up', TERMS])
  expect(take()).toEqual([['subscribe', 'news', { epoch: 'e', offset: 5 }, undefined], ['need'], request])
  tell(['answer', request?.[1] as number, { type: 'published', id: 1, position, duplicate: true }])
  expect([await published, got]).toEqual([{ position, duplicate: true }, [5]])
})

it('PORT-3: hears nothing that an owner says to whom it is not attached', () => {
  const { client, listener, tell, statuses } = setUp()
  void client.connect()
  listener().opened('lock')
  tell(['state', CONNECTED], ['up', TERMS])
  expect(statuses).toEqual(['connecting'])
})

it('PORT-4: has a connection of its own beside an owner of another version, and says why', () => {
  const { client, listener, tell, alone, ways, take } = setUp()
  void client.connect()
  listener().opened('lock')
  tell(['hello', { version: PORT_VERSION + 1, owner: 'life' }])
  expect([alone, ways.map(({ open }) => open)]).toEqual([
    [`the owner speaks version ${PORT_VERSION + 1}, this tab ${PORT_VERSION}`],
    [false],
  ])
  expect(take().at(-1)).toEqual(['detach', false])
})

it('looks for an owner in the next place when one says that there is none, or nothing for 3 s', () => {
  const { client, listener, alone, ways, attach, tell } = setUp()
  void client.connect()
  listener().ended('no script')
  expect(ways).toHaveLength(2)
  attach()
  tell(['about', 3, { bytesSent: 1, bytesReceived: 2, framesSent: 3, framesReceived: 4 }])
  expect(client.stats()).toMatchObject({
    bytesReceived: 2,
    sharing: { placement: 'leader-tab', tabs: 3, owner: 'life', why: 'shared-worker: no script' },
  })
  const other = setUp()
  void other.client.connect()
  other.time.advance(3_000)
  other.listener().opened('lock')
  other.time.advance(3_000)
  expect([alone, other.alone]).toEqual([[], ['shared-worker: nobody answered; leader-tab: nobody answered']])
})

it('PORT-13: asks a silent owner while it is looked at, twice, then looks elsewhere', () => {
  const { time, client, attach, names, tell, ways, run, owner } = setUp()
  void client.connect()
  attach()
  names()
  time.advance(5_000)
  expect(names()).toEqual(['ask'])
  tell(['hello', { version: PORT_VERSION, owner: 'life', lock: 'lock' }])
  time.advance(12_000)
  expect(names()).toEqual(['ask', 'ask'])
  run(() => owner.hint('hidden'))
  time.advance(60_000)
  expect([names(), ways.length]).toEqual([['hint'], 1])
  run(() => owner.hint('visible'))
  time.advance(6_000)
  expect([names(), ways.map(({ open }) => open)]).toEqual([
    ['hint', 'ask', 'ask', 'detach'],
    [false, true],
  ])
})

it('PORT-6, PORT-11: a tab is for whom its token says; the owner gets that token, and each later one, until it is another’s', async () => {
  let token: string | null = 'ada'
  const { client, attach, take, ways, tell, listener } = setUp({ getToken: async () => token })
  void client.connect()
  await Promise.resolve()
  listener().opened('lock')
  expect(take()).toMatchObject([['attach', { key: 'wss://app/realtime sub ada', anonymous: false, tokens: true }]])
  attach()
  take()
  tell(['askToken', 5], ['askToken', 6])
  await Promise.resolve()
  expect(take()).toEqual([
    ['token', 5, 'ada'],
    ['token', 6, 'ada', undefined],
  ])
  token = 'bob'
  tell(['askToken', 7])
  await Promise.resolve()
  expect([take(), ways.map(({ open }) => open)]).toEqual([[['detach', false]], [false, true]])
  listener().opened('other')
  expect(take()).toMatchObject([['attach', { key: 'wss://app/realtime sub bob' }]])
})

it('PORT-11: a token that does not say whose it is makes a connection of the tab’s own', async () => {
  const { client, alone, ways } = setUp({ getToken: () => 'no subject' })
  void client.connect()
  expect([alone, ways]).toEqual([['the token does not say whose it is, nor does `identity`'], []])
})

it('asks for a token again, with back-off, when there is none to tell whose the tab is', async () => {
  let calls = 0
  const getToken = (): string => {
    if (++calls < 3) throw new Error('offline')
    return 'ada'
  }
  const { time, client, statuses } = setUp({ getToken })
  void client.connect()
  expect([client.status, client.errors()]).toMatchObject(['waiting', [{ reason: 'getToken failed: Error: offline' }]])
  time.advance(60_000)
  expect([calls, statuses]).toEqual([3, ['connecting', 'waiting', 'connecting', 'waiting', 'connecting']])
})

it('PORT-10: nobody signed in is signed out, and so is every tab that the owner tells', () => {
  const { client, ways, statuses } = setUp({ getToken: () => null })
  void client.connect().catch(() => {})
  expect([statuses, ways]).toEqual([['connecting', 'signed-out'], []])
})

it('PORT-10: leaves the others their connection, unless it ends the session', () => {
  const { client, attach, take, tell, ways } = setUp()
  client.subscribe('news')
  attach()
  tell(['state', CONNECTED])
  take()
  client.disconnect({ end: true })
  expect(take()).toEqual([['leave', 'disconnected', true]])
  tell(['down'], ['state', { ...IDLE, status: 'disconnected' }])
  void client.connect()
  expect([take(), client.status]).toEqual([[['connect']], 'connecting'])
  tell(['state', CONNECTED])
  client.disconnect()
  expect([take(), client.status, ways[0]?.open]).toEqual([[['detach', false]], 'disconnected', false])
  client.subscribe('other')
  expect([client.status, ways.length]).toEqual(['disconnected', 1])
  void client.connect()
  attach()
  expect(take().slice(1)).toEqual([
    ['subscribe', 'news', undefined, undefined],
    ['subscribe', 'other', undefined, undefined],
    ['connect'],
  ])
})

it('nothing is left of a tab that closed', () => {
  const { time, client, attach, take, ways, tell, statuses } = setUp()
  client.subscribe('news')
  attach()
  tell(['state', CONNECTED])
  client.close()
  expect([take().at(-1), ways[0]?.open, time.pending]).toEqual([['detach', true], false, 0])
  tell(['state', CONNECTED])
  expect(statuses).toEqual(['connecting', 'connected', 'closed'])
})

it('the same cause told twice is no news', () => {
  const { client, attach, tell, statuses } = setUp()
  void client.connect()
  attach()
  const waiting = { ...IDLE, status: 'waiting', cause: { class: 'network', reason: 'dropped' } } as const
  tell(['state', waiting], ['state', { ...waiting, rttMs: 5 }])
  expect(statuses).toEqual(['connecting', 'waiting'])
})

it('while it is put aside it says nothing; what the user ended meanwhile stays ended', () => {
  const { client, attach, take, tell, ways, run, owner } = setUp()
  client.subscribe('news')
  attach()
  tell(['state', CONNECTED])
  take()
  run(() => owner.suspend())
  client.subscribe('other')
  expect([take(), ways[0]?.open]).toEqual([[['detach', false]], false])
  run(() => owner.resume())
  attach()
  expect(take().map(([name]) => name)).toEqual(['attach', 'subscribe', 'subscribe', 'need'])
  tell(['state', { ...IDLE, status: 'disconnected' }])
  run(() => owner.suspend())
  run(() => owner.resume())
  expect(ways).toHaveLength(2)
})

it('PORT-14, ELECT-11: answers an owner that wants to know whether it lives, and keeps another name of the browser', () => {
  const { client, attach, tell, take, renamed } = setUp()
  void client.connect()
  attach()
  take()
  tell(['check'], ['renamed', 'other'])
  expect([take(), renamed]).toEqual([[['checked']], ['other']])
})
