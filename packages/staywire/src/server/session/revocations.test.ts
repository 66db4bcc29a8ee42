import { describe, expect, it } from 'vitest'
import { Revocations, type Revocation } from './revocations.ts'

const user = (id: string, at: number, until: number): Revocation => ({ kind: 'user', id, at, until })

describe('revocations', () => {
  it('AUTH-11: cover what was issued to a user before, and nothing that was issued later', () => {
    const revocations = new Revocations()
    revocations.add(user('ada', 1_000, 9_000))
    const covered = (identity: object) => revocations.cover({ user: 'ada', ...identity }, undefined)
    expect(covered({ issuedAt: 999 })).toBe(true)
    expect(covered({ issuedAt: 1_000 })).toBe(true)
    expect(covered({ issuedAt: 1_001 })).toBe(false)
    expect(covered({ user: 'eve', issuedAt: 1 })).toBe(false)
    // Who does not say when it was issued is believed: `authenticate` knows.
    expect(covered({})).toBe(false)
  })

  it('AUTH-11: cover a token by its id whenever it was issued, and a session for older tokens only', () => {
    const revocations = new Revocations()
    revocations.add({ kind: 'token', id: 't1', at: 1_000, until: 9_000 })
    revocations.add({ kind: 'session', id: 's1', at: 1_000, until: 9_000 })
    expect(revocations.cover({ user: 'ada', tokenId: 't1', issuedAt: 5_000 }, undefined)).toBe(true)
    expect(revocations.cover({ user: 'ada', tokenId: 't2', issuedAt: 1 }, undefined)).toBe(false)
    expect(revocations.cover({ user: 'ada', issuedAt: 1 }, 's1')).toBe(true)
    expect(revocations.cover({ user: 'ada', issuedAt: 1_001 }, 's1')).toBe(false)
    expect(revocations.cover({ user: 'ada', issuedAt: 1 }, 's2')).toBe(false)
  })

  it('do not take one kind for another, whatever ids are made of', () => {
    const revocations = new Revocations()
    revocations.add(user('token:x', 1, 9_000))
    revocations.add(user('__proto__', 1, 9_000))
    expect(revocations.cover({ user: 'eve', tokenId: 'x', issuedAt: 0 }, 'x')).toBe(false)
    expect(revocations.cover({ user: '__proto__', issuedAt: 0 }, undefined)).toBe(true)
    expect(revocations.cover({ user: 'constructor', issuedAt: 0 }, undefined)).toBe(false)
  })

  it('of two about one thing keep what each says later', () => {
    const revocations = new Revocations()
    revocations.add(user('ada', 1_000, 9_000))
    revocations.add(user('ada', 2_000, 3_000))
    revocations.expire(8_999)
    expect(revocations.cover({ user: 'ada', issuedAt: 1_500 }, undefined)).toBe(true)
    revocations.expire(9_000)
    expect([revocations.size, revocations.wakeAt]).toEqual([0, Infinity])
  })

  it('are bounded: the one that runs out first makes room, and is told', () => {
    const revocations = new Revocations(2)
    revocations.add(user('a', 0, 5_000))
    expect(revocations.add(user('b', 0, 3_000))).toBeUndefined()
    expect(revocations.add(user('c', 0, 4_000))).toMatchObject({ id: 'b' })
    expect(revocations.size).toBe(2)
    revocations.expire(4_000)
    expect([revocations.size, revocations.wakeAt]).toEqual([1, 5_000])
  })
})
