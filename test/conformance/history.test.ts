// Paging through what a channel keeps.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { hostForTest, startHost, type Host } from './harness/host.ts'
import type { Peer, Wire } from './harness/peer.ts'

let host: Host
let ada: Peer
beforeAll(async () => {
  host = await startHost({
    channels: {
      'live:**': { subscribe: true, publish: true, history: { size: 1_500 } },
      'typing:**': { subscribe: true, history: false },
    },
  })
  ada = await host.connect('ada')
  await ada.settle()
  await host.server.publishMany(Array.from({ length: 20 }, (_, n) => ({ channel: 'live:h', data: n + 1 })))
})
afterAll(() => host.close())

const history = (page: object = {}, channel = 'live:h') => ada.ask({ type: 'history', channel, ...page })
const offsets = (answer: Wire): number[] => (answer['publications'] as { offset: number }[]).map(({ offset }) => offset)
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n)

it('HIST-1: gives whole publications, ascending, and the newest position', async () => {
  await ada.ask({ type: 'publish', channel: 'live:h1', data: { a: 1 }, key: 'k', meta: { m: 1 } })
  const answer = await history({}, 'live:h1')
  expect(answer).toEqual({
    type: 'result',
    id: expect.any(Number),
    publications: [{ offset: 1, data: { a: 1 }, at: expect.any(Number), from: 'ada', key: 'k', meta: { m: 1 } }],
    position: { epoch: expect.any(String), offset: 1 },
  })
  expect(await history({}, 'live:empty')).toMatchObject({ publications: [], position: { offset: 0 } })
})

it('HIST-2: pages backwards and forwards without overlap or hole', async () => {
  expect(offsets(await history({ limit: 5 }))).toEqual(range(16, 20))
  expect(offsets(await history({ limit: 5, before: 16 }))).toEqual(range(11, 15))
  expect(offsets(await history({ limit: 50, before: 4 }))).toEqual(range(1, 3))
  expect(offsets(await history({ before: 1 }))).toEqual([])
  expect(offsets(await history({ limit: 5, after: 0 }))).toEqual(range(1, 5))
  expect(offsets(await history({ limit: 5, after: 5 }))).toEqual(range(6, 10))
  expect(offsets(await history({ after: 20 }))).toEqual([])
  expect(offsets(await history({ after: 500 }))).toEqual([])
})

it('HIST-3: gives no more than asked, and never more than 1,000', async () => {
  await host.server.publishMany(Array.from({ length: 1_200 }, (_, n) => ({ channel: 'live:h3', data: n })))
  expect(offsets(await history({ limit: 1 }, 'live:h3'))).toEqual([1_200])
  expect(offsets(await history({ limit: 5_000 }, 'live:h3'))).toEqual(range(201, 1_200))
})

it('HIST-4: is refused where history may not be read, and where there is none', async () => {
  expect(await history({}, 'secret:h')).toMatchObject({ type: 'error', code: 'forbidden' })
  expect(await history({}, 'typing:h')).toMatchObject({ type: 'error', code: 'no-history' })
  const strict = await hostForTest({ authorize: ({ action }) => action === 'subscribe' })
  const peer = await strict.connect('ada')
  expect(await peer.ask({ type: 'subscribe', channel: 'unruled:h' })).toMatchObject({ type: 'subscribed' })
  expect(await peer.ask({ type: 'history', channel: 'unruled:h' })).toMatchObject({ type: 'error', code: 'forbidden' })
})
