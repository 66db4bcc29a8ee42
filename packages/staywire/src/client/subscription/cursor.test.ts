import { describe, expect, it } from 'vitest'
import type { PublicationFrame, SubscribedFrame } from '../../protocol/frame.ts'
import { judge, place } from './cursor.ts'

const at = (offset: number, epoch = 'e'): { epoch: string; offset: number } => ({ epoch, offset })
const subscribed = (frame: Omit<SubscribedFrame, 'type' | 'channel'>): SubscribedFrame => ({
  type: 'subscribed',
  channel: 'a',
  ...frame,
})
const publication = (offset: number, prev?: number): PublicationFrame => ({
  type: 'publication',
  channel: 'a',
  offset,
  data: null,
  at: 0,
  ...(prev === undefined ? {} : { prev }),
})

describe('a publication, for a reader at 5', () => {
  it.each([
    [publication(5), 'known'],
    [publication(3), 'known'],
    [publication(6), 'next'],
    [publication(7), 'hole'],
    [publication(9, 5), 'next'],
    [publication(9, 3), 'next'],
    [publication(9, 6), 'hole'],
    [publication(5, 4), 'known'],
  ])('CLI-4, CLI-5, REC-10: %j is %s', (frame, expected) => {
    expect(place(at(5), frame)).toBe(expected)
  })
})

describe('a subscribed', () => {
  it('SUB-1: lets a reader without a position begin at the newest', () => {
    expect(judge(undefined, subscribed({ outcome: 'live', position: at(7) }))).toEqual({
      outcome: 'live',
      position: at(7),
      recovered: 0,
    })
  })

  it('SUB-1: that answers an older reader lets a new one begin after what is recovered', () => {
    expect(judge(undefined, subscribed({ outcome: 'recovered', recovering: 2, position: at(7) }), at(5))).toEqual({
      outcome: 'live',
      position: at(7),
      recovered: 0,
    })
  })

  it('REC-1: recovers a reader at the position asked from', () => {
    expect(judge(at(5), subscribed({ outcome: 'recovered', recovering: 2, position: at(7) }), at(5))).toEqual({
      outcome: 'recovered',
      position: at(5),
      recovered: 2,
    })
  })

  it('REC-1: recovers a reader further on, who filters what it has', () => {
    expect(judge(at(6), subscribed({ outcome: 'recovered', recovering: 2, position: at(7) }), at(5))).toEqual({
      outcome: 'recovered',
      position: at(6),
      recovered: 1,
    })
  })

  it('does not recover a reader further back: it asks from its own position', () => {
    expect(judge(at(3), subscribed({ outcome: 'recovered', recovering: 2, position: at(7) }), at(5))).toBeUndefined()
  })

  it('REC-9: tells the reader that asked of its gap', () => {
    const gap = { from: at(5), to: at(900), why: 'too-many' } as const
    expect(judge(at(5), subscribed({ outcome: 'gap', position: at(900), gap }), at(5))).toEqual({
      outcome: 'gap',
      position: at(900),
      recovered: 0,
      gap,
    })
  })

  it('a gap of an older reader is not that of a younger one', () => {
    const gap = { from: at(5), to: at(900), why: 'too-many' } as const
    expect(judge(at(890), subscribed({ outcome: 'gap', position: at(900), gap }), at(5))).toBeUndefined()
    expect(judge(at(900), subscribed({ outcome: 'gap', position: at(900), gap }), at(5))).toEqual({
      outcome: 'recovered',
      position: at(900),
      recovered: 0,
    })
  })

  it('REC-7, REC-13: of another epoch is a gap for everybody who has a position', () => {
    expect(judge(at(5), subscribed({ outcome: 'live', position: at(2, 'f') }))).toEqual({
      outcome: 'gap',
      position: at(2, 'f'),
      recovered: 0,
      gap: { from: at(5), to: at(2, 'f'), why: 'epoch' },
    })
  })

  it('REC-7: behind the reader that asked is a gap, not silence', () => {
    expect(judge(at(5), subscribed({ outcome: 'recovered', recovering: 0, position: at(3) }), at(5))).toMatchObject({
      outcome: 'gap',
      gap: { why: 'ahead' },
    })
    expect(judge(at(5), subscribed({ outcome: 'live', position: at(3) }))).toBeUndefined()
  })

  it('that answers a position with live is a gap: asking once more would bring the same', () => {
    expect(judge(at(5), subscribed({ outcome: 'live', position: at(9) }), at(5))).toMatchObject({
      outcome: 'gap',
      gap: { from: at(5), to: at(9) },
    })
  })

  it('SUB-10: of an ephemeral channel is live and has no position', () => {
    expect(judge(at(5), subscribed({ outcome: 'live' }), at(5))).toEqual({
      outcome: 'live',
      position: undefined,
      recovered: 0,
    })
  })
})
