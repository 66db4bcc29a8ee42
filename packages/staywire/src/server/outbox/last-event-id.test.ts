import { describe, expect, it } from 'vitest'
import { encodeFrame, encodePublication } from '../../protocol/codec.ts'
import { LastEventId, readLastEventId } from './last-event-id.ts'

const subscribed = (channel: string, offset: number, recovering?: number): string =>
  encodeFrame({
    type: 'subscribed',
    channel,
    position: { epoch: `e-${channel}`, offset },
    outcome: recovering === undefined ? 'live' : 'recovered',
    ...(recovering !== undefined && { recovering }),
  })
const publication = (channel: string, offset: number, prev?: number): string =>
  encodePublication(channel, { offset, data: '"x"', at: 0 }, prev)

describe('the id of a stream of events', () => {
  it('SSE-8: has a place for each channel, empty until it is known', () => {
    const id = new LastEventId(['a', 'b'], [])
    expect(id.after(subscribed('b', 7))).toBe(',e-b:7')
    expect(id.after(subscribed('a', 0))).toBe('e-a:0,e-b:7')
    expect(id.after(publication('a', 1))).toBe('e-a:1,e-b:7')
    expect(id.after(publication('b', 12, 7))).toBe('e-a:1,e-b:12')
  })

  it('SSE-8: does not run ahead of what is still to be recovered', () => {
    const id = new LastEventId(['a'], [{ epoch: 'e-a', offset: 4 }])
    expect(id.after(subscribed('a', 6, 2))).toBe('e-a:4')
    expect(id.after(publication('a', 5))).toBe('e-a:5')
    expect(id.after(publication('a', 6))).toBe('e-a:6')
  })

  it('SSE-8: keeps the place of a channel that is not told about', () => {
    const id = new LastEventId(['a', 'b'], [{ epoch: 'x', offset: 3 }, undefined])
    expect(id.after(subscribed('b', 1))).toBe('x:3,e-b:1')
  })

  it('stays where it is for everything else', () => {
    const id = new LastEventId(['a'], [])
    expect(id.after(encodeFrame({ type: 'pong' }))).toBeUndefined()
    expect(id.after(subscribed('@user:ada', 1))).toBeUndefined()
    expect(id.after(publication('a', 1))).toBeUndefined()
    id.after(subscribed('a', 1))
    expect(id.after(encodePublication('a', { offset: 0, data: '{"offset":9}', at: 0 }))).toBeUndefined()
    expect(id.after('{"type":"subscribed","channel":"a","outcome":"live"}')).toBeUndefined()
  })

  it('SSE-8: is read back, what cannot be read as nothing', () => {
    expect(readLastEventId('e1:3,,e2:0, e3:4')).toEqual([
      { epoch: 'e1', offset: 3 },
      undefined,
      { epoch: 'e2', offset: 0 },
      { epoch: 'e3', offset: 4 },
    ])
    expect(readLastEventId('$,0-0,e:-1,e:1e3')).toEqual([undefined, undefined, undefined, undefined])
  })
})
