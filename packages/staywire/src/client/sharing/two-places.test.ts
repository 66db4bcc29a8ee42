import { expect, it } from 'vitest'
import { ToldTabs } from '../../testing/told-tabs.ts'
import type { VirtualWorker } from '../../testing/virtual-worker.ts'

/** A worker that this tab cannot have. */
const broken: Pick<VirtualWorker, 'place'> = {
  place: (page) => ({
    name: 'shared-worker',
    open(listener) {
      page.soon(() => listener.ended('its script could not be loaded'))
      return { post: () => {}, close: () => {} }
    },
  }),
}

/** Two tabs that share by a worker, connected. */
async function setUp() {
  const all = new ToldTabs()
  const { worker, world } = all
  const tabs = [all.open({ worker }), all.open({ worker })]
  await world.run(2_000)
  const placements = () => all.tabs.flatMap(({ page, client }) => (page.alive ? client.stats().sharing.placement : []))
  return { all, world, worker, tabs, placements }
}

it('ELECT-10: a tab that cannot have the worker brings those that share by it along, and nobody misses anything', async () => {
  const { all, world, worker, tabs, placements } = await setUp()
  all.publish(tabs[0]!)
  all.open({ worker: broken })
  for (let n = 0; n < 20; n++) {
    all.publish(tabs[n % 2]!)
    await world.run(50)
  }
  await world.run(8_000)
  expect([placements(), worker.links]).toEqual([['leader-tab', 'leader-tab', 'leader-tab'], 0])
  expect(tabs[0]?.client.stats().sharing.why).toBe('shared-worker: another tab leads')
  expect(await all.judge()).toEqual([])
})

it('ELECT-10: tabs that come later go to the leader as well, and to the worker again when there is none', async () => {
  const { all, world, worker, tabs, placements } = await setUp()
  const odd = all.open({ worker: broken })
  await world.run(8_000)
  all.open({ worker })
  await world.run(8_000)
  expect(placements()).toEqual(['leader-tab', 'leader-tab', 'leader-tab', 'leader-tab'])
  expect(await all.judge()).toEqual([])
  for (const tab of [odd, ...tabs, all.tabs.at(-1)!]) tab.crash()
  await world.run(2_000)
  all.open({ worker })
  await world.run(2_000)
  expect([placements(), all.connections]).toEqual([['shared-worker'], 1])
})

it('ELECT-10: a tab that was put aside meanwhile finds the others where they are', async () => {
  const { all, world, tabs, placements } = await setUp()
  tabs[1]?.suspend()
  await world.run(1_000)
  all.open({ worker: broken })
  await world.run(8_000)
  all.publish(tabs[0]!)
  tabs[1]?.resume()
  await world.run(8_000)
  expect(placements()).toEqual(['leader-tab', 'leader-tab', 'leader-tab'])
  expect(await all.judge()).toEqual([])
})

it('ELECT-10: a leader that is there for somebody else, or speaks another version, brings nobody along', async () => {
  const { all, world, placements } = await setUp()
  all.open({ user: 'bob', worker: broken })
  await world.run(8_000)
  expect(placements()).toEqual(['shared-worker', 'shared-worker', 'leader-tab'])
  expect(all.connections).toBe(2)
  const beat = { word: 'beat', leader: 'x', term: 1, handsOver: false }
  const stranger = all.browser.open()
  for (const version of [1, 3]) stranger.broadcast({ ...beat, version, houses: ['wss://host/realtime sub ada'] })
  stranger.broadcast(beat)
  await world.run(1_000)
  expect(placements()).toEqual(['shared-worker', 'shared-worker', 'leader-tab'])
})
