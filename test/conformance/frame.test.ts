// Everything a peer can send that is not a frame, or not a good one: each is a clear error or a named close on that
// connection only. A bystander on another connection watches all the time and must notice nothing.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startHost, type Host } from './harness/host.ts'
import { CLOSED, REFUSED } from './harness/hostile-frames.ts'
import type { Peer } from './harness/peer.ts'

let host: Host
let bystander: Peer
let peer: Peer
let published = 0

beforeAll(async () => {
  host = await startHost({ channels: { '**': { subscribe: true, publish: true, presence: true } } })
  bystander = await host.connect('bob', { subscriptions: [{ channel: 'live:quiet' }] })
  expect((await bystander.settle()).at(-1)).toMatchObject({ type: 'subscribed', channel: 'live:quiet' })
})
beforeEach(async () => {
  peer = await host.connect('ada')
  await peer.settle()
})
afterEach(async () => {
  // FRAME-12 after every case: the bystander got the publication made now, and nothing else.
  await host.server.publish('live:quiet', { n: ++published })
  const publication = await bystander.next()
  expect(publication).toMatchObject({ type: 'publication', offset: published, data: { n: published } })
  expect(await bystander.settle()).toEqual([])
  peer.drop()
})
afterAll(() => host.close())

describe('what is answered', () => {
  it.each(REFUSED)('$title is answered `$code` and the connection stays', async ({ sent, code, id }) => {
    peer.send(sent)
    const answer = await peer.next()
    expect(answer).toEqual({
      type: 'error',
      code,
      message: expect.stringMatching(/^[A-Z"].{8,}\.$/),
      temporary: false,
      ...(id === undefined ? {} : { id }),
    })
    expect(await peer.settle()).toEqual([])
  })

  it('FRAME-2: fields that nobody knows are ignored', async () => {
    const answer = await peer.ask({ type: 'subscribe', channel: 'live:fields', color: 'red', deep: { er: [1] } })
    expect(answer).toMatchObject({ type: 'subscribed', outcome: 'live' })
  })

  it.each([1, 2 ** 31, 2 ** 53 - 1])('FRAME-7: the id %d comes back as it was', async (id) => {
    peer.send({ type: 'subscribe', id, channel: 'live:ids' })
    expect(await peer.next()).toMatchObject({ type: 'subscribed', id })
  })

  it('FRAME-7: ids may go down and repeat', async () => {
    for (const id of [9, 3, 3]) peer.send({ type: 'unsubscribe', id, channel: 'live:ids' })
    expect([await peer.next(), await peer.next(), await peer.next()].map((frame) => frame['id'])).toEqual([9, 3, 3])
  })

  it('FRAME-9: JSON of exactly 32 levels is accepted', async () => {
    const data = JSON.parse('['.repeat(31) + ']'.repeat(31)) as unknown
    expect(await peer.ask({ type: 'publish', channel: 'live:deep', data })).toMatchObject({ type: 'published' })
  })
})

describe('what is closed', () => {
  it.each(CLOSED)('$title is closed with 4504', async ({ sent }) => {
    peer.send(sent)
    const ending = await peer.ended
    expect(ending).toEqual({ code: 4504, reason: expect.stringContaining('protocol error') })
    expect(peer.inbox).toEqual([{ type: 'disconnect', code: 4504, reason: expect.any(String) }])
  })

  it('CLOSE-1: invalid UTF-8 is closed with 1007', async () => {
    peer.sendText(Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d))
    expect((await peer.ended).code).toBe(1007)
  })

  it('CLOSE-1: an unmasked message is closed with 1002', async () => {
    peer.sendText(new TextEncoder().encode('{"type":"ping"}'), false)
    expect((await peer.ended).code).toBe(1002)
  })

  it('FRAME-12: 1,000 bad frames at once harm nobody else', async () => {
    for (let n = 0; n < 1_000; n++) peer.send('{"type":"subscribe","id":1,"channel":""}')
    expect((await peer.settle()).length).toBe(1_000)
  })
})

describe('names that JavaScript finds special', () => {
  it.each(['__proto__', 'constructor', 'toString', 'live:__proto__', 'hasOwnProperty'])(
    'FRAME-10: a channel may be called %s',
    async (channel) => {
      expect(await peer.ask({ type: 'subscribe', channel, presence: 'members' })).toMatchObject({
        outcome: 'live',
        position: { offset: 0 },
        members: [{ user: 'ada' }],
      })
      expect(await peer.ask({ type: 'publish', channel, data: { channel }, key: '__proto__' })).toMatchObject({
        position: { offset: 1 },
      })
      expect(await peer.take('publication')).toMatchObject({ channel, offset: 1, data: { channel }, key: '__proto__' })
      expect(await peer.ask({ type: 'history', channel })).toMatchObject({ publications: [{ offset: 1 }] })
      expect(await peer.ask({ type: 'publish', channel, data: 2, key: '__proto__' })).toMatchObject({
        code: 'idempotency-conflict',
      })
      expect(await peer.ask({ type: 'unsubscribe', channel })).toMatchObject({ type: 'unsubscribed', channel })
    },
  )

  it.each(['__proto__', 'constructor'])('FRAME-10: a user may be called %s', async (user) => {
    const odd = await host.connect(user)
    expect(odd.connected['user']).toBe(user)
    expect(await host.server.connections.list({ user })).toHaveLength(1)
    odd.drop()
  })

  it.each(['__proto__', 'constructor', 'toString'])(
    'FRAME-10: the method %s is unknown like any other',
    async (method) => {
      expect(await peer.ask({ type: 'call', method })).toMatchObject({ type: 'error', code: 'unknown-method' })
    },
  )

  it('FRAME-10, FRAME-11: __proto__ as a key of data arrives as data and changes no object', async () => {
    await peer.ask({ type: 'subscribe', channel: 'live:proto' })
    peer.send(
      '{"type":"publish","id":5,"channel":"live:proto","data":{"__proto__":{"polluted":true}},"meta":{"__proto__":{"polluted":true}},"__proto__":{"polluted":true}}',
    )
    const publication = await peer.take('publication')
    expect(JSON.stringify(publication)).toContain('"data":{"__proto__":{"polluted":true}}')
    expect(JSON.stringify(publication)).toContain('"meta":{"__proto__":{"polluted":true}}')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('what is carried', () => {
  const values: readonly unknown[] = [
    null,
    false,
    0,
    -1.5e-7,
    '',
    'a\u2028b\u0000c',
    '😀',
    '\ud800',
    [],
    {},
    [[null]],
    { '': { ' ': 1 } },
  ]
  it.each(values.map((value) => ({ text: JSON.stringify(value), value })))(
    'FRAME-11: $text arrives as it was published',
    async ({ value }) => {
      await peer.ask({ type: 'subscribe', channel: 'live:values' })
      peer.send({ type: 'publish', id: 5, channel: 'live:values', data: value, meta: { value } })
      expect(await peer.take('publication')).toMatchObject({ data: value, meta: { value } })
    },
  )
})
