import { expect, it } from 'vitest'
import { ToldTabs } from '../../testing/told-tabs.ts'
import { Backlog, CHECK_MESSAGES, CHECK_MS } from './backlog.ts'

const HISTORY = { news: { subscribe: true, publish: true, history: { size: 10_000 } } }

it('PORT-14: what waits for a tab that hangs is bounded; it gets all of it when it goes on, once and in order', async () => {
  const all = new ToldTabs(1, {}, HISTORY)
  const { world, worker } = all
  const [hangs, lives] = [all.open({ worker }), all.open({ worker })]
  await world.run(2_000)
  hangs.page.hang()
  const count = 3_200
  for (let n = 0; n < count; n++) {
    await world.server.node.publisher.publish('news', n)
    if (n % 100 === 99) await world.run(250)
  }
  await world.run(8_000)
  expect([lives.got.length, lives.client.stats().sharing.tabs]).toEqual([count, 1])
  // A thousand, and what came in the five seconds that it was given.
  expect(hangs.page.waiting).toBeLessThan(CHECK_MESSAGES * 3.5)
  hangs.page.goOn()
  await world.run(8_000)
  const everything = Array.from({ length: count }, (_, n) => n)
  expect([hangs.got, lives.got]).toEqual([everything, everything])
  expect([hangs.outcomes, lives.outcomes]).toEqual([['live', 'recovered'], ['live']])
  expect([all.connections, lives.client.stats().sharing.tabs]).toEqual([1, 2])
})

it('PORT-14: a tab that answers is never given up, however much it is told', async () => {
  const all = new ToldTabs(1, {}, HISTORY)
  const { world, worker } = all
  const tab = all.open({ worker })
  await world.run(2_000)
  for (let n = 0; n < 5_000; n++) {
    await world.server.node.publisher.publish('news', n)
    if (n % 200 === 199) await world.run(500)
  }
  await world.run(2_000)
  expect([tab.got.length, tab.outcomes]).toEqual([5_000, ['live']])
})

it('PORT-14: asks once for a sign of life, gives the tab time, and begins anew when it says something', () => {
  const backlog = new Backlog()
  const post = (times: number, now = 0, bytes = 0) =>
    Array.from({ length: times }, () => backlog.posted(now, bytes)).filter((verdict) => verdict !== undefined)
  expect(post(CHECK_MESSAGES + 10)).toEqual(['check'])
  expect([post(1, CHECK_MS - 1), post(1, CHECK_MS)]).toEqual([[], ['drop']])
  backlog.heard()
  expect(post(CHECK_MESSAGES - 1, CHECK_MS)).toEqual([])
  // Counted in bytes as well, and given up at once where it is too much.
  backlog.heard()
  expect([post(1, 0, 5_000_000), post(1, 0, 6_000_000), post(1, 0, 7_000_000)]).toEqual([[], [], ['check']])
  expect(post(1, 0, 5_000_000 + 16 * 1_048_576)).toEqual(['drop'])
})
