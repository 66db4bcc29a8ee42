import { describe, expect, it } from 'vitest'
import { trailed, typesOf, type FrameType } from './frame-trail.ts'

const SEEN: readonly FrameType[] = ['connect', 'subscribe', 'publish', 'ping', 'error', 'disconnect', 'pong', 'history']

describe('a trail of frames', () => {
  it('is empty at first', () => {
    expect(typesOf(0)).toEqual([])
  })

  it('has the last six types, oldest first', () => {
    expect(typesOf(SEEN.reduce(trailed, 0))).toEqual(SEEN.slice(-6))
    expect(typesOf(SEEN.slice(0, 2).reduce(trailed, 0))).toEqual(['connect', 'subscribe'])
  })

  it('stays a small integer', () => {
    expect(Array.from({ length: 50 }, () => 'error' as const).reduce(trailed, 0)).toBeLessThan(2 ** 30)
  })
})
