import { expect, it } from 'vitest'
import { ScriptedServer } from '../../testing/scripted-server.ts'
import { VirtualClient } from '../../testing/virtual-client.ts'
import { VirtualTime } from '../../testing/virtual-time.ts'
import { PORT_VERSION, type Attach, type ToTab } from './message.ts'
import { OwnerHost } from './owner-host.ts'

const SETTINGS = {
  url: 'wss://app.example/realtime',
  debug: false,
  connectTimeoutMs: 10_000,
  transports: ['websocket'],
  term: 1,
  hello: { slot: 'shared', sdk: 'test' },
} as const
const attach = (lock: string, more: Partial<Attach> = {}): readonly ['attach', Attach] => [
  'attach',
  {
    version: PORT_VERSION,
    key: 'key',
    anonymous: false,
    lock,
    visible: true,
    tokens: false,
    settings: SETTINGS,
    ...more,
  },
]
const hello = (lock?: string): ToTab => ['hello', { version: PORT_VERSION, owner: 'life', lock }]

/** A host, and tabs by name: what each was told. */
function setUp() {
  const time = new VirtualTime()
  const server = new ScriptedServer(time)
  const locks = new Map<string, () => void>()
  const worlds: VirtualClient[] = []
  const host = new OwnerHost({
    owner: 'life',
    world: () => {
      const world = new VirtualClient(time, { dial: server.dial })
      worlds.push(world)
      return world
    },
    released: (lock, act) => void locks.set(lock, act),
  })
  const tab = () => {
    const told: ToTab[] = []
    const way = { post: (message: ToTab) => void told.push(message) }
    const say = (...messages: unknown[]): void => messages.forEach((message) => host.received(way, message))
    return { told, say, take: () => told.splice(0), names: () => told.splice(0).map(([name]) => name) }
  }
  /** What is dialled comes up. */
  const accept = (user = 'ada'): void => {
    time.advance(0)
    server.accept({ user })
  }
  return { time, server, host, locks, worlds, tab, accept }
}

it('PORT-1, PORT-3: what is not understood is ignored, and who is not attached is told to attach', () => {
  const { tab, worlds } = setUp()
  const { say, take } = tab()
  const nonsense = [null, 'attach', [], ['attach'], ['attach', null], ['attach', {}], ['constructor'], ['detach', true]]
  say(...nonsense)
  expect([take(), worlds]).toEqual([[], []])
  say(['ask'], ['subscribe', 'news'])
  expect(take()).toEqual([hello(), hello()])
})

it('PORT-4: a tab of another version is told which one is spoken here, and gets nothing else', () => {
  const { tab, worlds } = setUp()
  const { say, take } = tab()
  say(['attach', { version: PORT_VERSION + 1, whatever: 'that is' }], ['connect'])
  expect([take(), worlds]).toEqual([[hello(), hello()], []])
})

it('PORT-2: the first tab of a key makes its owner, the next share it, and the last takes it along', () => {
  const { tab, server, locks, accept, worlds } = setUp()
  const [one, two] = [tab(), tab()]
  one.say(attach('1'), ['connect'])
  accept()
  two.say(attach('2'))
  expect(two.take()).toMatchObject([
    hello('2'),
    ['state', { status: 'connected', user: 'ada' }],
    ['up', { user: 'ada' }],
    ['about', 2, {}],
  ])
  expect(one.names()).toEqual(['hello', 'state', 'about', 'state', 'state', 'up', 'about'])
  server.take()
  locks.get('1')?.()
  expect([server.take(), two.names()]).toEqual([[], ['about']])
  locks.get('2')?.()
  expect(server.take()).toEqual([{ type: 'disconnect', end: false }])
  expect([worlds.length, worlds[0]?.armed]).toEqual([1, false])
})

it('PORT-2: only the end of a tab’s last attachment is its end', () => {
  const { tab, server, locks, accept } = setUp()
  const { say, names } = tab()
  say(attach('1'), ['connect'])
  accept()
  server.take()
  say(attach('2'))
  names()
  locks.get('1')?.()
  expect([server.take(), names()]).toEqual([[], []])
  say(['detach', true])
  locks.get('2')?.()
  expect(server.take()).toEqual([{ type: 'disconnect', end: true }])
})

it('PORT-12: an answer goes to the tab that asked, by its own ticket, and to nobody when that is gone', () => {
  const { tab, server, accept } = setUp()
  const [one, two] = [tab(), tab()]
  one.say(attach('1'), ['connect'])
  two.say(attach('2'))
  accept()
  one.take()
  two.take()
  server.take()
  one.say(['request', 1, '"type":"publish","channel":"news"}'])
  two.say(['request', 1, '"type":"publish","channel":"news"}'])
  const [first, second] = server.take().map(({ id }) => id) as [number, number]
  server.say({ type: 'published', id: second, position: { epoch: 'e', offset: 1 } })
  expect([one.take(), two.take()]).toMatchObject([[], [['answer', 1, { position: { offset: 1 } }]]])
  one.say(['detach', false])
  server.say({ type: 'published', id: first, position: { epoch: 'e', offset: 2 } })
  expect(one.take()).toEqual([])
})

it('PORT-11: tabs that nobody named a person for share a connection as long as the server names none either', () => {
  const { tab, server, accept, time } = setUp()
  const [one, two, three] = [tab(), tab(), tab()]
  one.say(attach('1', { anonymous: true }), ['connect'])
  accept('anon:browser')
  expect(one.names().at(-1)).toBe('up')
  server.cut()
  time.advance(10_000)
  two.say(attach('2', { anonymous: true }))
  accept('ada')
  three.say(attach('3', { anonymous: true }))
  const unfit = [one, two, three].map(({ names }) => names().filter((name) => name === 'unfit' || name === 'up'))
  expect(unfit).toEqual([['unfit'], ['unfit'], ['unfit']])
})

it('hidden is a browser none of whose tabs is looked at', () => {
  const { tab, time, server, accept } = setUp()
  const [one, two] = [tab(), tab()]
  one.say(attach('1'), ['connect'])
  two.say(attach('2', { visible: false }))
  accept()
  server.say({ type: 'disconnect', code: 4507, reason: 'evicted' })
  time.advance(60_000)
  one.take()
  // The first is looked at all along: nobody returned when the second is, too.
  two.say(['hint', 'visible'])
  expect(one.names()).toEqual([])
  one.say(['hint', 'hidden'])
  two.say(['hint', 'hidden'], ['hint', 'visible'])
  expect(one.take()).toMatchObject([['state', { status: 'connecting' }]])
})

it('a stopped host has dropped its connections, and tells nobody anything', () => {
  const { tab, host, time, accept, worlds } = setUp()
  const { say, take } = tab()
  say(attach('1'), ['connect'])
  accept()
  take()
  host.stop()
  time.advance(100_000)
  expect([take(), worlds[0]?.link, worlds[0]?.armed]).toEqual([[], undefined, false])
})

it('ELECT-8, ELECT-11: another name of the browser is told once the owner is connected under it, and not before', () => {
  const { time, server, tab, accept } = setUp()
  const one = tab()
  const hello = { ...SETTINGS.hello, origin: { browser: 'b', tab: 't' } }
  one.say(attach('1', { settings: { ...SETTINGS, hello } }), ['connect'])
  accept()
  one.take()
  server.close(4501, 'replaced')
  time.advance(4_000)
  expect(one.names()).not.toContain('renamed')
  time.advance(0)
  const { origin } = server.accept() as { origin?: { browser?: string } }
  expect(origin?.browser).toMatch(/^b~/)
  expect(one.take()).toContainEqual(['renamed', origin?.browser])
  server.cut()
  time.advance(3_000)
  server.accept()
  expect(one.names(), 'once').not.toContain('renamed')
})
