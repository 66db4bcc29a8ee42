import { describe, expect, it } from 'vitest'
import { resolveLimits } from './limit-settings.ts'
import type { LimitOptions } from '../limit-options.ts'
import { Seats, type Seat, type Sitter } from './seats.ts'

interface Somebody extends Sitter {
  readonly name: string
}

const somebody = (name: string, activeAt = 0): Somebody => ({ name, activeAt })
const seat = (more: Partial<Seat> = {}): Seat => ({ address: '192.0.2.1', user: 'ada', browser: undefined, ...more })
const seats = (limits: LimitOptions): Seats<Somebody> => new Seats(resolveLimits(limits))

describe('seats', () => {
  it('refuse whoever is one too many, and say by which limit', () => {
    const full = seats({ connections: 3, connectionsPerAddress: 2, connectionsPerUser: 1 })
    expect(full.take(somebody('a'), seat())).toEqual({ evicted: [] })
    expect(full.take(somebody('b'), seat())).toBe('connectionsPerUser')
    expect(full.take(somebody('c'), seat({ user: 'bob' }))).toEqual({ evicted: [] })
    expect(full.take(somebody('d'), seat({ user: 'eve' }))).toBe('connectionsPerAddress')
    expect(full.take(somebody('e'), seat({ user: 'eve', address: '192.0.2.2' }))).toEqual({ evicted: [] })
    expect(full.take(somebody('f'), seat({ user: 'joe', address: '192.0.2.3' }))).toBe('connections')
    expect(full.taken).toBe(3)
  })

  it('are free again once somebody leaves, and nothing is kept of who has left', () => {
    const one = seats({ connectionsPerUser: 1, connectionsPerBrowser: 1 })
    const ada = somebody('ada')
    one.take(ada, seat({ browser: 'b' }))
    one.leave(ada, seat({ browser: 'b' }))
    one.leave(ada, seat({ browser: 'b' }))
    expect(one.taken).toBe(0)
    expect(one.take(somebody('again'), seat({ browser: 'b' }))).toEqual({ evicted: [] })
  })

  it('evict the oldest, or the one that was silent longest, as the policy says', () => {
    for (const [policy, gone] of [
      ['evict-oldest', 'first'],
      ['evict-idle', 'second'],
    ] as const) {
      const two = seats({ connectionsPerUser: 2, connectionsPerUserPolicy: policy })
      two.take(somebody('first', 20), seat())
      two.take(somebody('second', 10), seat())
      expect(two.take(somebody('third', 30), seat())).toMatchObject({
        evicted: [{ who: { name: gone }, limit: 'connectionsPerUser' }],
      })
    }
  })

  it('evict nobody for somebody who is refused by a wider limit', () => {
    const full = seats({
      connections: 2,
      connectionsPerAddress: 1,
      connectionsPerUser: 1,
      connectionsPerUserPolicy: 'evict-oldest',
    })
    full.take(somebody('a'), seat())
    full.take(somebody('b'), seat({ user: 'bob', address: '192.0.2.2' }))
    expect(full.take(somebody('c'), seat({ address: '192.0.2.2' }))).toBe('connectionsPerAddress')
  })

  it('evict one where one is enough for all limits', () => {
    const full = seats({ connections: 1, connectionsPerUser: 1, connectionsPerUserPolicy: 'evict-oldest' })
    full.take(somebody('a'), seat())
    expect(full.take(somebody('b'), seat())).toMatchObject({ evicted: [{ who: { name: 'a' } }] })
    const wide = seats({ connections: 1, connectionsPolicy: 'evict-oldest', connectionsPerUser: 1 })
    wide.take(somebody('a'), seat())
    expect(wide.take(somebody('b'), seat({ user: 'bob' }))).toMatchObject({ evicted: [{ limit: 'connections' }] })
  })

  it('count browsers within their user, whatever both are called', () => {
    const one = seats({ connectionsPerBrowser: 1 })
    one.take(somebody('a'), seat({ user: 'x', browser: 'y' }))
    expect(one.take(somebody('b'), seat({ user: 'x', browser: 'y' }))).toBe('connectionsPerBrowser')
    for (const other of [{ user: 'x', browser: 'z' }, { user: 'x"', browser: 'y' }, { user: 'x' }])
      expect(one.take(somebody('c'), seat(other))).toEqual({ evicted: [] })
  })

  it('have a limit of their own for this machine', () => {
    const local = seats({ connectionsPerAddress: 1, connectionsFromLoopback: 2 })
    expect(local.take(somebody('a'), seat({ address: '127.0.0.1' }))).toEqual({ evicted: [] })
    expect(local.take(somebody('b'), seat({ address: '127.0.0.1' }))).toEqual({ evicted: [] })
    expect(local.take(somebody('c'), seat({ address: '127.0.0.1' }))).toBe('connectionsFromLoopback')
  })
})
