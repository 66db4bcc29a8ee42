import { array, asyncProperty, check, constant, constantFrom, integer, oneof, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { broken } from '../../testing/broken.ts'
import { ToldTabs, type ToldTab } from '../../testing/told-tabs.ts'
import { SharedChannels } from './shared-channels.ts'

/** A browser whose tabs share by a worker. */
function setUp(seed = 1, channels: ConstructorParameters<typeof ToldTabs>[2] = {}) {
  const all = new ToldTabs(seed, {}, channels)
  const { world, browser, worker, tabs } = all
  return {
    all,
    world,
    browser,
    worker,
    tabs,
    open: (user = 'ada') => all.open({ user, worker }),
    publish: (tab: ToldTab, data?: unknown) => all.publish(tab, data),
    connections: () => all.connections,
  }
}

describe('tabs that share by a worker', () => {
  it('PORT-5: twenty of them have one connection, and it goes with the last', async () => {
    const { world, tabs, open, publish, connections, worker } = setUp()
    for (let n = 0; n < 20; n++) open()
    await world.run(2_000)
    for (const [n, tab] of tabs.entries()) publish(tab, n)
    await world.run(2_000)
    expect([connections(), worker.links]).toEqual([1, 1])
    const all = [...tabs.keys()]
    for (const { got, settled, client } of tabs) {
      expect([[...(got as number[])].sort((a, b) => a - b), settled]).toEqual([all, ['stored']])
      expect(client.stats().sharing).toMatchObject({ placement: 'shared-worker', tabs: 20, owner: 'worker-1' })
    }
    for (const tab of tabs.slice(1)) tab.crash()
    await world.run(1_000)
    expect([connections(), tabs[0]?.client.stats().sharing.tabs]).toEqual([1, 1])
    tabs[0]?.crash()
    await world.run(2_000)
    expect(connections()).toBe(0)
  })

  it('PORT-6: two people in two tabs have a connection each', async () => {
    const { world, open, connections } = setUp()
    const [ada, bob] = [open('ada'), open('bob')]
    await world.run(2_000)
    expect([connections(), ada.client.stats().user, bob.client.stats().user]).toEqual([2, 'ada', 'bob'])
    ada.client.disconnect({ end: true })
    await world.run(1_000)
    expect([connections(), bob.client.status]).toEqual([1, 'connected'])
  })

  it('PORT-3, PORT-12: find a worker that began anew without a word, lose nothing and publish nothing twice', async () => {
    const { world, worker, tabs, open, publish, connections } = setUp()
    for (let n = 0; n < 3; n++) open()
    await world.run(2_000)
    for (const [n, tab] of tabs.entries()) publish(tab, n)
    await world.run(30) // on their way
    worker.restart()
    await world.run(20_000)
    expect(connections()).toBe(1)
    const [{ got } = { got: [] }] = tabs
    expect([...(got as number[])].sort((a, b) => a - b)).toEqual([0, 1, 2])
    for (const tab of tabs)
      expect([tab.got, tab.settled.length, tab.client.stats().sharing.owner]).toEqual([got, 1, 'worker-2'])
  })

  it('PORT-8: a tab that was put aside gets what it missed, and nobody else gets it again', async () => {
    const { world, open, publish, connections } = setUp()
    const [one, two] = [open(), open()]
    await world.run(2_000)
    two.suspend()
    for (let n = 0; n < 5; n++) publish(one, n)
    await world.run(2_000)
    two.resume()
    await world.run(2_000)
    const all = [0, 1, 2, 3, 4]
    expect([one.got, two.got, one.outcomes, two.outcomes]).toEqual([all, all, ['live'], ['live', 'recovered']])
    expect(connections()).toBe(1)
  })

  it('PORT-13: leave a worker that hangs, and are on one connection again, without it', async () => {
    const { world, worker, tabs, open, publish } = setUp()
    const [one, two] = [open(), open()]
    await world.run(2_000)
    worker.hang()
    publish(one, 1)
    await world.run(30_000)
    for (const { client, got } of tabs) {
      expect([client.stats().sharing.placement, client.stats().sharing.why, got]).toEqual([
        'leader-tab',
        'shared-worker: silent',
        [1],
      ])
    }
    expect(one.links + two.links).toBe(1)
    worker.goOn()
    await world.run(60_000)
    publish(two, 2)
    await world.run(1_000)
    expect([one.got, two.got, worker.links]).toEqual([[1, 2], [1, 2], 0])
  })

  it('ELECT-11: keep the other name that their owner took when another browser had theirs', async () => {
    const { world, open, all } = setUp()
    const [one, two] = [open(), open()]
    await world.run(2_000)
    const copy = new ToldTabs(2, {}, {}, world)
    const three = copy.open({ worker: copy.worker })
    await world.run(10_000)
    expect(all.connections).toBe(2)
    const names = [one.names, two.names, three.names].map((each) => each.length)
    expect(names.toSorted((a, b) => a - b)).toEqual([0, 1, 1])
    expect(one.names).toEqual(two.names)
  })

  it('leave nothing behind when they close', async () => {
    const { world, browser, tabs, open, connections } = setUp()
    for (let n = 0; n < 3; n++) open()
    await world.run(2_000)
    for (const { client } of tabs) client.close()
    await world.run(1_000)
    expect([connections(), browser.wishes, world.server.node.sessions.size]).toEqual([0, 0, 0])
  })
})

const tab = integer({ min: 0, max: 4 })
const DEED = oneof(
  record({ deed: constantFrom('open', 'restart', 'cut') }),
  record({ deed: constantFrom('crash', 'hang', 'goOn'), tab }),
  record({ deed: constantFrom('suspend', 'resume'), tab }),
  record({ deed: constant('publish'), tab }),
  record({ deed: constant('wait'), ms: oneof(integer({ min: 0, max: 100 }), integer({ min: 0, max: 8_000 })) }),
)
type Deed = { readonly deed: string; readonly tab?: number; readonly ms?: number }

/** Lets things happen to the tabs of a browser, then nothing more. Answers what is wrong once all is quiet. */
async function play(seed: number, deeds: readonly Deed[]): Promise<string[]> {
  const { all, world, worker, tabs, open, publish, connections } = setUp(seed)
  const wrong: string[] = []
  open()
  open()
  for (const { deed, tab: at = 0, ms = 0 } of deeds) {
    const one = tabs[at % tabs.length] as ToldTab
    if (deed === 'open' && tabs.length < 5) open()
    if (deed === 'restart') worker.restart()
    if (deed === 'cut') worker.cut()
    if (deed === 'wait') await world.run(ms)
    if (connections() > 1) wrong.push(`${connections()} connections after ${deed}`)
    if (!one.page.alive) continue
    if (deed === 'crash') one.crash()
    if (deed === 'hang') one.page.hang()
    if (deed === 'goOn') one.page.goOn()
    if (deed === 'suspend') one.suspend()
    if (deed === 'resume') one.resume()
    if (deed === 'publish' && one.page.runs) publish(one)
  }
  for (const { page } of tabs) page.goOn()
  await world.run(10)
  for (const one of tabs) one.resume()
  await world.run(25_000)
  for (const { page, client } of tabs)
    if (page.alive && client.stats().sharing.placement !== 'shared-worker') wrong.push('left the worker')
  return [...wrong, ...(await all.judge())]
}

describe('whatever happens to tabs that share by a worker', () => {
  /** What goes wrong, after as few deeds as can be found. */
  const search = async (): Promise<string | null> => {
    const anything = asyncProperty(
      integer({ min: 1, max: 1_000 }),
      array(DEED, { maxLength: 25 }),
      async (seed, deeds) => {
        expect(await play(seed, deeds)).toEqual([])
      },
    )
    const { counterexample } = await check(anything, { numRuns: 100, seed: 7, endOnFailure: true })
    return counterexample && JSON.stringify(counterexample) + (await play(...counterexample)).join()
  }

  it(
    'PORT-5, PORT-8, PORT-12: one connection at most, each tab hears all in order and once, each publish ends once',
    { timeout: 60_000 },
    async () => {
      expect(await search()).toBeNull()
    },
  )

  it('PORT-8: finds a tab that is told nothing of what it missed', { timeout: 60_000 }, async () => {
    const { subscribe } = SharedChannels.prototype
    const forgetful: typeof subscribe = function (this: SharedChannels<unknown>, one, name, _position, presence) {
      subscribe.call(this, one, name, undefined, presence)
    }
    await broken(SharedChannels.prototype, 'subscribe', forgetful, async () => {
      expect(await search()).toMatch('got')
    })
  })
})
