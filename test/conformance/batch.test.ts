// Several frames in one message, up and down.

import { expect, it } from 'vitest'
import { hostForTest, SPEC_OPTIONS, type Host } from './harness/host.ts'

const start = (batch = { maxDelayMs: 200, maxCount: 4 }): Promise<Host> =>
  hostForTest({
    ...SPEC_OPTIONS,
    channels: { 'fast:**': { subscribe: true, publish: true, batch }, ...SPEC_OPTIONS.channels },
  })
const many = { features: ['batch'], subscriptions: [{ channel: 'fast:a' }] }

it('BATCH-1: an array of frames is handled like as many messages, refusals and `connect` among them', async () => {
  const { open } = await start()
  const peer = await open()
  const call = (id: number, data: unknown) => ({ type: 'call', id, method: 'add', data })
  peer.send([{ type: 'connect', id: 1, token: 'ada' }, call(2, [1, 2]), { type: 'dance', id: 3 }, call(4, [3, 4])])
  expect(await peer.take('connected')).toMatchObject({ id: 1 })
  const frames = await peer.settle()
  const answers = frames.filter((frame) => 'id' in frame).toSorted((a, b) => Number(a['id']) - Number(b['id']))
  expect(answers).toMatchObject([
    { type: 'result', id: 2, data: 3 },
    { type: 'error', id: 3, code: 'unknown-frame' },
    { type: 'result', id: 4, data: 7 },
  ])
})

it.each(['[]', '[1]', '[{"type":"ping"},null]', '[[{"type":"ping"}]]', `[${'{"type":"ping"},'.repeat(256)}{}]`])(
  'BATCH-1, FRAME-5: %s is closed with 4504',
  async (text) => {
    const { connect } = await start()
    const peer = await connect('ada')
    peer.send(text)
    expect((await peer.ended).code).toBe(4504)
    expect(peer.inbox).not.toContainEqual({ type: 'pong' })
  },
)

it('BATCH-1, LIM-2: a frame too large among others is refused alone', async () => {
  const { connect } = await start()
  const peer = await connect('ada')
  await peer.settle()
  peer.send([
    { type: 'call', id: 2, method: 'add', data: [1] },
    { type: 'call', id: 3, method: 'add', data: 'x'.repeat(65_536) },
    { type: 'call', id: 4, method: 'add', data: [2] },
  ])
  expect(await peer.settle()).toMatchObject([
    { type: 'error', id: 3, code: 'payload-too-large' },
    { type: 'result', id: 2 },
    { type: 'result', id: 4 },
  ])
})

it('BATCH-2, BATCH-3: who takes arrays gets them, full or after the delay, and who does not gets each alone', async () => {
  const { connect, server } = await start()
  const [batched, plain] = [await connect('ada', many), await connect('bob', { subscriptions: many.subscriptions })]
  expect([batched.connected['features'], plain.connected['features']]).toEqual([['batch'], undefined])
  for (const peer of [batched, plain]) await peer.settle()
  for (let n = 1; n <= 7; n++) void server.publish('fast:a', n)
  for (const peer of [batched, plain]) {
    for (let n = 1; n <= 7; n++) expect(await peer.take('publication')).toMatchObject({ offset: n, data: n })
    expect(await peer.settle()).toEqual([])
  }
  expect([batched.batches, plain.batches]).toEqual([[4, 3], []])
})

it('BATCH-3, SUB-7: what was gathered comes before `unsubscribed`, and nothing after it', async () => {
  const { connect, server } = await start({ maxDelayMs: 60_000, maxCount: 100 })
  const peer = await connect('ada', many)
  await peer.settle()
  for (let n = 1; n <= 3; n++) await server.publish('fast:a', n)
  peer.send({ type: 'unsubscribe', id: 9, channel: 'fast:a' })
  expect((await peer.settle()).map(({ type, offset }) => [type, offset])).toEqual([
    ['publication', 1],
    ['publication', 2],
    ['publication', 3],
    ['unsubscribed', undefined],
  ])
})

it('BATCH-3, REC-3: who recovers in the middle of gathering gets everything once', async () => {
  const { connect, server } = await start({ maxDelayMs: 100, maxCount: 100 })
  const first = await connect('ada', many)
  const { position } = await first.take((frame) => frame['channel'] === 'fast:a')
  const offsets: unknown[] = []
  for (let n = 1; n <= 20; n++) await server.publish('fast:a', n)
  const second = await connect('bob', { ...many, subscriptions: [{ channel: 'fast:a', position: position as object }] })
  for (let n = 21; n <= 40; n++) await server.publish('fast:a', n)
  for (let n = 1; n <= 40; n++)
    offsets.push([(await first.take('publication'))['offset'], (await second.take('publication'))['offset']])
  expect(offsets).toEqual(Array.from({ length: 40 }, (_, n) => [n + 1, n + 1]))
  expect([...(await first.settle()), ...(await second.settle())].filter(({ type }) => type === 'publication')).toEqual(
    [],
  )
})
