import { describe, expect, it } from 'vitest'
import { Bans } from './bans.ts'

describe('bans', () => {
  it('hold until their time, or until they are lifted', () => {
    const bans = new Bans()
    bans.add('eve')
    bans.add('mallory', 1_000)
    expect(bans.list(999)).toEqual([{ user: 'eve' }, { user: 'mallory', until: 1_000 }])
    expect([bans.has('mallory', 999), bans.has('mallory', 1_000), bans.has('eve', 1e15)]).toEqual([true, false, true])
    expect([bans.lift('eve', 0), bans.lift('eve', 0), bans.has('eve', 0)]).toEqual([true, false, false])
    expect(bans.list(1_000)).toEqual([])
  })

  it('are bounded: the oldest goes first', () => {
    const bans = new Bans(2)
    for (const user of ['a', 'b', 'c']) bans.add(user)
    expect(bans.list(0).map(({ user }) => user)).toEqual(['b', 'c'])
  })
})
