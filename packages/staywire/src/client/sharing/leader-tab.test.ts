import { array, asyncProperty, boolean, check, constant, constantFrom, integer, oneof, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { broken } from '../../testing/broken.ts'
import { ToldTabs, type ToldTab } from '../../testing/told-tabs.ts'
import { VirtualBrowser } from '../../testing/virtual-browser.ts'
import { Tab } from '../tab/tab.ts'
import { readEnvelope } from './envelope.ts'

/** A browser whose tabs elect a leader. */
function setUp(seed = 1, options: ConstructorParameters<typeof ToldTabs>[1] = {}) {
  const all = new ToldTabs(seed, options)
  const { world, browser, tabs } = all
  return {
    all,
    world,
    browser,
    tabs,
    open: (visible = true) => all.open({ visible }),
    publish: (tab: ToldTab, data?: unknown) => all.publish(tab, data),
    connections: () => all.connections,
  }
}

describe('tabs that share by a leader', () => {
  it('ELECT-9: have one connection, and all hear what each publishes', async () => {
    const { world, tabs, open, publish, connections } = setUp()
    for (let n = 0; n < 5; n++) open(n % 2 === 0)
    await world.run(2_000)
    for (const [n, tab] of tabs.entries()) publish(tab, n)
    await world.run(2_000)
    expect(connections()).toBe(1)
    for (const { got, settled, client } of tabs) {
      expect([new Set(got), got.length, settled, client.status]).toEqual([
        new Set([0, 1, 2, 3, 4]),
        5,
        ['stored'],
        'connected',
      ])
      expect(client.stats().sharing).toMatchObject({ placement: 'leader-tab', tabs: 5 })
    }
    expect(tabs.map(({ links }) => links)).toEqual([1, 0, 0, 0, 0])
  })

  it('ELECT-1: go on within a second when the leader dies, and miss nothing', async () => {
    const { world, tabs, open, publish, connections } = setUp()
    for (let n = 0; n < 3; n++) open()
    const [one, two, three] = tabs as [ToldTab, ToldTab, ToldTab]
    await world.run(2_000)
    publish(two, 'before')
    await world.run(5)
    one.crash()
    publish(three, 'while')
    expect(await world.until(() => two.links + three.links === 1, 1_000)).toBe(true)
    await world.run(2_000)
    publish(two, 'after')
    await world.run(1_000)
    expect([two.got, three.got]).toEqual([
      ['before', 'while', 'after'],
      ['before', 'while', 'after'],
    ])
    expect([two.settled, three.settled, connections()]).toEqual([['stored', 'stored'], ['stored'], 1])
    expect([two.outcomes, three.outcomes]).toEqual([
      ['live', 'recovered'],
      ['live', 'recovered'],
    ])
  })

  it('CLI-1: publish once what a leader stored that died before it said so', async () => {
    const { world, open, publish } = setUp()
    const [one, two] = [open(), open()]
    await world.run(2_000)
    publish(two, 1)
    await world.run(45) // there, and not back
    one.crash()
    await world.run(3_000)
    expect([two.settled, two.got]).toEqual([['again'], [1]])
  })

  it('ELECT-3, ELECT-2: go on without a leader that hangs, which has no say when it is back', async () => {
    const { world, tabs, open, publish, connections } = setUp()
    for (let n = 0; n < 3; n++) open()
    const [one, two, three] = tabs as [ToldTab, ToldTab, ToldTab]
    await world.run(2_000)
    one.page.hang()
    publish(two, 1)
    publish(three, 2)
    await world.run(5_000)
    expect([three.got, two.settled, three.settled]).toEqual([two.got, ['stored'], ['stored']])
    expect([new Set(two.got), two.got.length]).toEqual([new Set([1, 2]), 2])
    one.page.goOn()
    await world.run(60_000)
    publish(one, 3)
    await world.run(1_000)
    expect([one.links, two.links + three.links, connections()]).toEqual([0, 1, 1])
    expect([one.got, one.settled]).toEqual([two.got, ['stored']])
    expect([one.names, two.names, three.names], 'ELECT-11: by its successor').toEqual([[], [], []])
    expect(world.server.node.registry.connected).toBe(1)
  })

  it('ELECT-5, LIFE-2: a leader that is put aside lets go of everything, and comes back to what it missed', async () => {
    const { world, browser, tabs, open, publish, connections } = setUp()
    const [one, two] = [open(), open(false)]
    await world.run(2_000)
    one.suspend()
    await world.run(100)
    expect([one.page.listeners.size, one.links, browser.wishes]).toEqual([0, 0, 3]) // its lock, the leader's, and the leader waits for its end
    await world.run(1_000)
    publish(two, 'meanwhile')
    await world.run(2_000)
    one.resume()
    await world.run(2_000)
    expect([one.got, one.outcomes, connections()]).toEqual([['meanwhile'], ['live', 'recovered'], 1])
    for (const { client } of tabs) client.close()
    await world.run(10_000)
    expect([connections(), browser.wishes, one.page.listeners.size + two.page.listeners.size]).toEqual([0, 0, 0])
  })

  it('LIFE-4: sleep when all of them have been hidden for so long as was set, until one is looked at or another one comes', async () => {
    const { world, open, publish, connections } = setUp(1, { hidden: { closeAfterMs: 60_000 } })
    const [one, two] = [open(), open(false)]
    await world.run(120_000)
    expect(connections()).toBe(1)
    one.see(false)
    await world.run(61_000)
    expect([connections(), one.client.status, two.client.status]).toEqual([0, 'asleep', 'asleep'])
    two.see(true)
    await world.run(2_000)
    publish(one, 1)
    await world.run(120_000)
    expect([connections(), one.got, two.got]).toEqual([1, [1], [1]])
    two.see(false)
    await world.run(61_000)
    expect(connections()).toBe(0)
    open()
    await world.run(120_000)
    expect([connections(), two.client.status]).toEqual([1, 'connected'])
  })

  it('have connections of their own where there can be no election', async () => {
    const { world, open, browser } = setUp()
    const { request } = browser
    browser.request = (page, name, mode, holder) =>
      name === 'staywire:leader'
        ? (page.soon(() => holder.lost('not here')), () => {})
        : request.call(browser, page, name, mode, holder)
    const one = open()
    await world.run(1_000)
    expect([one.aloneWhy, browser.wishes, one.page.listeners.size]).toEqual(['leader-tab: not here', 0, 0])
  })

  it('the last tab that closes takes the connection along, and ends the session', async () => {
    const { world, open, connections } = setUp()
    const one = open()
    await world.run(2_000)
    one.client.close()
    await world.run(200)
    expect([connections(), world.server.node.sessions.size]).toEqual([0, 0])
  })
})

const tab = integer({ min: 0, max: 4 })
const DEED = oneof(
  record({ deed: constant('open' as const), visible: boolean() }),
  record({ deed: constantFrom('crash', 'hang', 'goOn', 'suspend', 'resume', 'show', 'hide', 'cut', 'publish'), tab }),
  record({ deed: constantFrom('publish', 'crash'), tab }),
  record({
    deed: constant('wait' as const),
    ms: oneof(integer({ min: 0, max: 100 }), integer({ min: 0, max: 8_000 })),
  }),
)
type Deed = { deed: string; visible?: boolean; tab?: number; ms?: number }

/** Lets things happen to the tabs of a browser, then nothing more. Answers what is wrong once all is quiet. */
async function play(seed: number, deeds: readonly Deed[]): Promise<string[]> {
  const { all, world, tabs, open, publish } = setUp(seed)
  open()
  for (const { deed, visible, tab: at = 0, ms = 0 } of deeds) {
    const one = tabs[at % tabs.length] as ToldTab
    if (deed === 'open' && tabs.length < 5) open(visible)
    if (deed === 'wait') await world.run(ms)
    if (!one.page.alive) continue
    if (deed === 'crash') one.crash()
    if (deed === 'hang') one.page.hang()
    if (deed === 'goOn') one.page.goOn()
    if (deed === 'suspend') one.suspend()
    if (deed === 'resume') one.resume()
    if (deed === 'show' || deed === 'hide') one.see(deed === 'show')
    if (deed === 'cut') one.cut()
    if (deed === 'publish' && one.page.runs) publish(one)
  }
  for (const { page } of tabs) page.goOn()
  await world.run(10)
  for (const one of tabs) {
    one.resume()
    one.see(true)
  }
  await world.run(120_000)
  return all.judge()
}

describe('whatever happens to tabs that share by a leader', () => {
  /** What goes wrong, after as few deeds as can be found. */
  const search = async (): Promise<string | null> => {
    const anything = asyncProperty(
      integer({ min: 1, max: 1_000 }),
      array(DEED, { maxLength: 25 }),
      async (seed, deeds) => {
        expect(await play(seed, deeds)).toEqual([])
      },
    )
    const { counterexample } = await check(anything, { numRuns: 100, seed: 6, endOnFailure: true })
    return counterexample && JSON.stringify(counterexample) + (await play(...counterexample)).join()
  }

  it(
    'ELECT-2, ELECT-9: each hears all from its first on in order and once, and each publish is stored once',
    { timeout: 60_000 },
    async () => {
      expect(await search()).toBeNull()
    },
  )

  it('ELECT-9: finds tabs that do not tell a new leader what they want', { timeout: 60_000 }, async () => {
    await broken(
      Tab.prototype,
      'wanted',
      () => [],
      async () => {
        expect(await search()).toMatch('got')
      },
    )
  })

  it('ELECT-9: finds a leader that does not learn of the end of tabs', { timeout: 60_000 }, async () => {
    const { request } = VirtualBrowser.prototype
    const deaf: typeof request = function (this: VirtualBrowser, page, name, mode, holder) {
      return mode === 'share' ? () => undefined : request.call(this, page, name, mode, holder)
    }
    await broken(VirtualBrowser.prototype, 'request', deaf, async () => {
      expect(await search()).toMatch('tabs')
    })
  })
})

describe('readEnvelope', () => {
  it('ELECT-9: takes only envelopes', () => {
    const fromTab = { from: 'a', term: 1, said: [['ask']] }
    const fromLeader = {
      term: 1,
      said: [
        [undefined, ['down']],
        [['a'], ['down']],
      ],
    }
    expect([fromTab, fromLeader].map(readEnvelope)).toEqual([fromTab, fromLeader])
    const others = [null, 1, {}, { ...fromTab, from: 1 }, { ...fromTab, said: [1] }, { ...fromLeader, term: '1' }]
    for (const other of [...others, { term: 1, said: [['a', ['down']]] }]) expect(readEnvelope(other)).toBeUndefined()
  })
})
