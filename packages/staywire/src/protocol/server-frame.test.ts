import { expect, it } from 'vitest'
import fc from 'fast-check'
import type { ServerFrame } from './frame.ts'
import { decodeServerFrame } from './server-frame.ts'

const position = { epoch: 'e', offset: 3 }
const frames: ServerFrame[] = [
  {
    type: 'connected',
    id: 1,
    connection: 'c',
    session: { id: 's', secret: 'x', ttlMs: 5 },
    user: 'ada',
    resumed: false,
    node: 'n',
    serverTime: 1,
    heartbeat: { intervalMs: 25_000, timeoutMs: 8_000 },
    spreadMs: 1_000,
    limits: { frameBytes: 65_536, subscriptions: 128 },
    dedupe: { windowMs: 300_000, life: 'l' },
    tokenExpiresInMs: 60_000,
    previous: { code: 4103, reason: 'slow consumer', at: 1 },
  },
  { type: 'subscribed', id: 2, channel: 'a', position, outcome: 'recovered', recovering: 2 },
  { type: 'subscribed', channel: 'a', outcome: 'live', members: [{ user: 'ada' }], memberCount: 1, presenceVersion: 4 },
  { type: 'subscribed', channel: 'a', position, outcome: 'gap', gap: { from: position, to: position, why: 'trimmed' } },
  { type: 'unsubscribed', channel: 'a', code: 'requested', reason: '' },
  { type: 'published', id: 3, position, duplicate: true },
  { type: 'publication', channel: 'a', offset: 4, prev: 2, data: null, at: 5 },
  { type: 'result', id: 4, publications: [{ offset: 1, data: 0, at: 5 }], position },
  { type: 'error', code: 'forbidden', message: 'no', temporary: false },
  { type: 'leave', channel: 'a', memberCount: 0, presenceVersion: 5 },
  { type: 'ping' },
  { type: 'disconnect', code: 4501, reason: 'replaced', term: 7 },
]

it.each(frames.map((frame) => [JSON.stringify(frame), frame] as const))('FRAME-1: reads %s', (text, frame) => {
  expect(decodeServerFrame(text)).toEqual(frame)
})

it('FRAME-2: leaves fields it does not know alone', () => {
  expect(decodeServerFrame('{"type":"pong","mood":"good"}')).toMatchObject({ type: 'pong' })
})

it.each([
  'not json',
  '[]',
  'null',
  '{}',
  '{"type":7}',
  '{"type":"constructor"}',
  '{"type":"connect","id":1}',
  '{"type":"connected","connection":"c"}',
  '{"type":"subscribed","channel":"a","outcome":"live","position":{"epoch":"e","offset":-1}}',
  '{"type":"join","channel":"a"}',
  '{"type":"publication","channel":"a","offset":"1","data":1,"at":1}',
  '{"type":"error","code":"timeout","message":"","temporary":true,"retryAfterMs":"soon"}',
  '{"type":"disconnect","code":"4101"}',
])('FRAME-4: drops %s', (text) => {
  expect(decodeServerFrame(text)).toBeUndefined()
})

it('FRAME-10: takes __proto__ for an ordinary name', () => {
  const frame = decodeServerFrame(
    '{"type":"publication","channel":"__proto__","data":{"__proto__":1},"at":1,"__proto__":2}',
  )
  expect(frame).toMatchObject({ type: 'publication', channel: '__proto__' })
  expect(Object.getPrototypeOf(frame)).toBe(Object.prototype)
})

it('never throws', () => {
  const near = fc.constantFrom(...frames).map((frame) => JSON.stringify(frame).replace(/[{"1]/, ''))
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), near), (text) => void decodeServerFrame(text)))
})
