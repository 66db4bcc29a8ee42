import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeClientFrame, encodeFrame, encodePublication, encodePublicationBody } from './codec.ts'
import type { ClientFrame, Json, ServerFrame } from './frame.ts'
import { decodeServerFrame } from './server-frame.ts'

const refusal = (text: string) => {
  const decoded = decodeClientFrame(text)
  return 'refusal' in decoded ? decoded.refusal : undefined
}

describe('reading a frame', () => {
  const frames: ClientFrame[] = [
    {
      type: 'connect',
      id: 1,
      token: 't',
      fence: [5, 1],
      session: { id: 's', secret: 'x' },
      origin: { tab: 't1' },
      slot: 'shared',
      subscriptions: [{ channel: 'a', position: { epoch: 'e', offset: 3 }, presence: 'count' }],
    },
    { type: 'subscribe', id: 2, channel: 'a' },
    { type: 'publish', channel: 'a', data: null },
    { type: 'publish', id: 9_007_199_254_740_991, channel: 'a', data: { x: [1] }, key: 'k', meta: { m: 1 } },
    { type: 'call', id: 3, method: 'sum' },
    { type: 'history', id: 4, channel: 'a', before: 10, limit: 5 },
    { type: 'pong' },
    { type: 'disconnect', end: true },
  ]

  it.each(frames)('FRAME-1: gives back %j as it was written', (frame) => {
    expect(decodeClientFrame(encodeFrame(frame))).toEqual({ frame })
  })

  it('FRAME-2: ignores fields it does not know', () => {
    expect(decodeClientFrame('{"type":"ping","colour":"red"}')).toMatchObject({ frame: { type: 'ping' } })
  })

  it.each(['', '{', 'null', '7', '"x"', '[]', '[[[['.repeat(2_250)])(
    'FRAME-5: refuses %.10j as no frame at all',
    (text) => {
      expect(refusal(text)).toMatchObject({ fatal: true })
    },
  )

  it.each([
    ['{"id":7}', { id: 7, code: 'bad-frame' }],
    ['{"type":"dance","id":7}', { id: 7, code: 'unknown-frame' }],
    ['{"type":"toString","id":7}', { id: 7, code: 'unknown-frame' }],
    ['{"type":"__proto__"}', { code: 'unknown-frame' }],
    ['{"type":"subscribe","id":7}', { id: 7, code: 'bad-channel' }],
    ['{"type":"subscribe","id":7,"channel":"a b"}', { id: 7, code: 'bad-channel' }],
    ['{"type":"subscribe","id":7,"channel":"a","position":"e:1"}', { id: 7, code: 'bad-position' }],
    ['{"type":"subscribe","id":7,"channel":"a","position":null}', { id: 7, code: 'bad-position' }],
    ['{"type":"publish","id":7,"channel":"a"}', { id: 7, code: 'bad-frame' }],
    ['{"type":"publish","id":7,"channel":"a","data":1,"key":""}', { id: 7, code: 'bad-key' }],
    ['{"type":"publish","id":7,"channel":"a","data":1,"meta":[]}', { id: 7, code: 'bad-frame' }],
    ['{"type":"connect","id":7,"fence":[1]}', { id: 7, code: 'bad-frame' }],
    ['{"type":"connect","id":7,"subscriptions":[{"channel":"a"},{}]}', { id: 7, code: 'bad-frame' }],
    ['{"type":"subscribe","id":9007199254740993,"channel":"a"}', { code: 'bad-frame' }],
    ['{"type":"subscribe","id":-1,"channel":"a"}', { code: 'bad-frame' }],
    ['{"type":"subscribe","id":"1","channel":"a"}', { code: 'bad-frame' }],
    ['{"type":"history","id":1e400,"channel":"a"}', { code: 'bad-frame' }],
  ])('FRAME-7, FRAME-8: answers %s without ending the connection', (text, expected) => {
    const { message, ...rest } = refusal(text) ?? {}
    expect({ ...rest, type: undefined }).toEqual({ fatal: false, ...expected })
    expect(message).not.toBe('')
  })

  it('FRAME-9: refuses nesting beyond 32 levels and takes 32', () => {
    const nested = (levels: number): string =>
      `{"type":"publish","id":7,"channel":"a","data":${'['.repeat(levels)}${']'.repeat(levels)}}`
    expect(refusal(nested(31))).toBeUndefined()
    expect(refusal(nested(32))).toMatchObject({ fatal: false, id: 7, code: 'too-deep' })
    expect(refusal(nested(100_000))).toMatchObject({ code: 'too-deep' })
  })

  it('FRAME-10: takes prototype names as ordinary data', () => {
    const decoded = decodeClientFrame(
      '{"type":"publish","id":1,"channel":"__proto__","data":{"__proto__":{"admin":true}}}',
    )
    expect(decoded).toMatchObject({ frame: { channel: '__proto__' } })
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it('never throws, whatever the text', () => {
    const near = fc
      .tuple(fc.constantFrom(...frames.map(encodeFrame)), fc.nat(), fc.string())
      .map(([text, at, noise]) => text.slice(0, at % text.length) + noise + text.slice(at % text.length))
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), near),
        (text) => void [decodeClientFrame(text), decodeServerFrame(text)],
      ),
      { numRuns: 3_000 },
    )
  })

  it('FRAME-4: tells a client that an unknown frame of the server is not for it', () => {
    expect(decodeServerFrame('{"type":"hologram","id":1}')).toBeUndefined()
  })
})

describe('writing a publication', () => {
  it('FRAME-11: carries data and meta exactly as they were published', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (data, meta) => {
        const text = encodePublication('a:b', {
          offset: 3,
          data: JSON.stringify(data),
          at: 5,
          from: 'a"b',
          key: 'k',
          meta: JSON.stringify(meta),
        })
        const expected: Json = JSON.parse(
          JSON.stringify({ type: 'publication', channel: 'a:b', offset: 3, data, at: 5, from: 'a"b', key: 'k', meta }),
        )
        expect(JSON.parse(text)).toEqual(expected)
      }),
    )
  })

  it('leaves the offset out on ephemeral channels, and tells what it follows when asked', () => {
    expect(encodePublication('a', { offset: 0, data: '1', at: 5 })).toBe(
      '{"type":"publication","channel":"a","data":1,"at":5}',
    )
    expect(encodePublication('a', { offset: 9, data: '1', at: 5 }, 4)).toBe(
      '{"type":"publication","channel":"a","prev":4,"offset":9,"data":1,"at":5}',
    )
    expect(`{${encodePublicationBody({ offset: 9, data: '1', at: 5 })}`).toBe('{"offset":9,"data":1,"at":5}')
  })

  it('is read back by the codec of clients', () => {
    const frame: ServerFrame = { type: 'publication', channel: 'a', offset: 1, data: [1], at: 5 }
    expect(decodeServerFrame(encodePublication('a', { offset: 1, data: '[1]', at: 5 }))).toEqual(frame)
  })
})
