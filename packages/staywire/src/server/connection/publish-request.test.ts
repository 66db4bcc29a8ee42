import { describe, expect, it } from 'vitest'
import { at, LoneConnection, sent } from '../../testing/lone-connection.ts'
import type { Answer } from './ask.ts'
import type { Output } from './output.ts'
const stored = (offset: number): Answer => ({ kind: 'stored', position: at(offset), duplicate: false })

describe('publish', () => {
  it('PUB-1, PUB-12: hands publishes of a channel over in order without waiting, and answers each when it is stored', () => {
    const lone = new LoneConnection()
    lone.connect()
    const asked = [2, 3].flatMap((id) =>
      lone.say({ type: 'publish', id, channel: 'a:1', data: id, key: `k${id}`, meta: { n: id } }),
    )
    expect(asked.map((output) => (output.type === 'ask' ? output.ask : output))).toEqual(
      [2, 3].map((id) => ({
        kind: 'append',
        entry: {
          channel: 'a:1',
          data: String(id),
          from: 'ada',
          key: `k${id}`,
          meta: `{"n":${id}}`,
          retention: { durability: 'memory', history: { size: 1_000, ttlMs: 86_400_000 } },
        },
      })),
    )
    expect(sent(lone.answer(4, stored(1)))).toEqual([{ type: 'published', id: 2, position: at(1) }])
    expect(sent(lone.answer(5, { kind: 'stored', position: at(1), duplicate: true }))).toEqual([
      { type: 'published', id: 3, position: at(1), duplicate: true },
    ])
  })

  it('PUB-12: a publish that has to be decided holds back the later ones of its channel only', () => {
    const lone = new LoneConnection()
    lone.connect()
    lone.say({ type: 'publish', id: 2, channel: 'other', data: 1 })
    expect(lone.say({ type: 'publish', id: 3, channel: 'other', data: 2 })).toEqual([])
    expect(lone.say({ type: 'publish', id: 4, channel: 'a:1', data: 3 })).toMatchObject([{ ask: { kind: 'append' } }])
    expect(lone.answer(4, { kind: 'allowed', allowed: false })).toEqual([
      {
        type: 'send',
        frame: { type: 'error', id: 2, code: 'forbidden', message: expect.any(String), temporary: false },
      },
      { type: 'ask', ticket: 6, ask: { kind: 'authorize', action: 'publish', channel: 'other' } },
    ])
  })

  it('PUB-15: what was sent after a publish that was refused for a while is refused too, until one of them comes again', () => {
    const lone = new LoneConnection()
    lone.connect()
    const publish = (id: number, n: number, channel = 'a:1') =>
      lone.say({ type: 'publish', id, channel, data: n, key: `k${n}` })
    const full = { code: 'storage-unavailable', message: 'full', retryAfterMs: 50 } as const
    publish(2, 1)
    expect(sent(lone.answer(4, { kind: 'failed', ...full }))).toMatchObject([{ type: 'error', id: 2, ...full }])
    expect(sent(publish(3, 2))).toEqual([{ type: 'error', id: 3, ...full, temporary: true }])
    expect(publish(4, 3, 'a:2')).toMatchObject([{ ask: { kind: 'append' } }]) // other channels are not concerned
    const again = [publish(5, 1), publish(6, 2), publish(7, 3)]
    expect(again).toMatchObject([1, 2, 3].map((n) => [{ ask: { entry: { key: `k${n}` } } }]))
  })

  it('PUB-15: a client that sends nothing refused again is not kept waiting for more than 10 s', () => {
    const lone = new LoneConnection()
    lone.connect()
    const publish = (key: string) => lone.say({ type: 'publish', id: 2, channel: 'a:1', data: 1, key })
    publish('k1')
    lone.answer(4, { kind: 'failed', code: 'storage-unavailable', message: 'full' })
    expect(sent(publish('k2'))).toMatchObject([{ code: 'storage-unavailable' }])
    lone.passTo(lone.now + 9_999)
    expect(sent(publish('k3'))).toMatchObject([{ code: 'storage-unavailable' }])
    lone.passTo(lone.now + 1)
    expect(publish('k4')).toMatchObject([{ ask: { kind: 'append' } }])
  })

  it('PUB-15: a refusal for good, or of a publish without a key, holds nothing back', () => {
    const lone = new LoneConnection()
    lone.connect()
    const publish = (key?: string) => lone.say({ type: 'publish', id: 2, channel: 'a:1', data: 1, ...(key && { key }) })
    publish('k1')
    lone.answer(4, { kind: 'failed', code: 'idempotency-conflict', message: 'no' })
    publish()
    lone.answer(5, { kind: 'failed', code: 'storage-unavailable', message: 'full' })
    expect(publish('k2')).toMatchObject([{ ask: { kind: 'append' } }])
  })

  it('PUB-10: answers no published without an id, and an error without one', () => {
    const lone = new LoneConnection()
    lone.connect()
    lone.say({ type: 'publish', channel: 'a:1', data: 1 })
    expect(lone.answer(4, stored(1))).toEqual([])
    lone.say({ type: 'publish', channel: 'a:1', data: 1 })
    expect(
      sent(lone.answer(5, { kind: 'failed', code: 'storage-unavailable', message: 'no', retryAfterMs: 50 })),
    ).toEqual([{ type: 'error', code: 'storage-unavailable', message: 'no', temporary: true, retryAfterMs: 50 }])
  })

  it('waits with what else is asked of a channel until its publishes are answered', () => {
    const lone = new LoneConnection()
    lone.connect()
    lone.say({ type: 'publish', id: 2, channel: 'a:1', data: 1 })
    expect(lone.say({ type: 'unsubscribe', id: 3, channel: 'a:1' })).toEqual([])
    expect(lone.say({ type: 'publish', id: 4, channel: 'a:1', data: 2 })).toEqual([])
    expect(
      lone.answer(4, stored(1)).map((output) => (output.type === 'send' ? output.frame.type : output.type)),
    ).toEqual(['published', 'unsubscribed', 'ask'])
  })
})

describe('decisions', () => {
  it('OUT-4: at most 32 are pending, then reading stops until all that waited has been taken on', () => {
    const lone = new LoneConnection()
    lone.connect()
    const call = (id: number): Output[] => lone.say({ type: 'call', id, method: 'add' })
    const asked = Array.from({ length: 40 }, (_, index) => call(index + 10))
    expect(asked.flat().filter(({ type }) => type === 'ask')).toHaveLength(32)
    expect(asked.flat().filter(({ type }) => type === 'pause')).toHaveLength(1)
    expect(lone.say({ type: 'ping' })).toEqual([{ type: 'send', frame: { type: 'pong' } }])
    const result: Answer = { kind: 'result', data: '1' }
    const later = Array.from({ length: 8 }, (_, index) => lone.answer(4 + index, result).map(({ type }) => type))
    expect(later.slice(0, 7)).toEqual(Array(7).fill(['send-text', 'ask']))
    expect(later[7]).toEqual(['send-text', 'ask', 'resume'])
  })

  it('CALL-5: one that is not made in time is answered timeout, and its late answer is ignored', () => {
    const lone = new LoneConnection()
    lone.connect()
    lone.say({ type: 'call', id: 2, method: 'add' })
    expect(sent(lone.passTo(5_000))).toEqual([
      { type: 'error', id: 2, code: 'timeout', message: expect.any(String), temporary: true },
    ])
    expect(lone.answer(4, { kind: 'result', data: '1' })).toEqual([])
  })

  it('keeps the words of a handler as they are', () => {
    const lone = new LoneConnection()
    lone.connect()
    lone.say({ type: 'call', id: 2, method: 'add', data: [1] })
    expect(lone.answer(4, { kind: 'result', data: '{"a":1}' })).toEqual([
      { type: 'send-text', text: '{"type":"result","id":2,"data":{"a":1}}' },
    ])
    lone.say({ type: 'call', id: 3, method: 'add' })
    expect(lone.answer(5, { kind: 'result', data: undefined })).toEqual([
      { type: 'send-text', text: '{"type":"result","id":3}' },
    ])
  })
})
