import { describe, expect, it } from 'vitest'
import { Rates, type RateLimits, type Sender } from './rates.ts'

const rates = (limits: Partial<RateLimits>): Rates =>
  new Rates({
    framesPerSecond: 0,
    bytesPerSecond: 0,
    userFramesPerSecond: 0,
    userBytesPerSecond: 0,
    burstMs: 1_000,
    ...limits,
  })
const sender = (user = 'ada'): Sender => ({ user, meter: undefined })

/** How many of `frames` sent at once are within the rate. */
const within = (limits: Rates, from: Sender, frames: number, now: number, bytes = 1): number =>
  Array.from({ length: frames }, () => limits.spend(from, bytes, now)).filter((excess) => excess === undefined).length

describe('rates', () => {
  it('let a burst through, then as much as is earned', () => {
    const limits = rates({ framesPerSecond: 10, burstMs: 2_000 })
    const ada = sender()
    expect(within(limits, ada, 20, 5_000)).toBe(20)
    expect(limits.spend(ada, 1, 5_000)).toEqual({ limit: 'framesPerSecond', byMs: 100 })
    expect(limits.spend(ada, 1, 5_100)).toEqual({ limit: 'framesPerSecond', byMs: 100 })
    expect(within(limits, ada, 3, 5_400)).toBe(2)
    expect(within(limits, ada, 100, 100_000)).toBe(20)
  })

  it('count what is refused too, so that who goes on regardless falls ever further behind', () => {
    const limits = rates({ framesPerSecond: 10 })
    const ada = sender()
    within(limits, ada, 30, 0)
    expect(limits.spend(ada, 1, 0)?.byMs).toBeCloseTo(2_100)
  })

  it('count bytes', () => {
    const limits = rates({ bytesPerSecond: 1_000 })
    const ada = sender()
    expect(within(limits, ada, 10, 0, 100)).toBe(10)
    expect(limits.spend(ada, 500, 0)).toEqual({ limit: 'bytesPerSecond', byMs: 500 })
  })

  it('are each connection’s own, and those of a user are shared', () => {
    const limits = rates({ framesPerSecond: 10, userFramesPerSecond: 15 })
    const [one, two, other] = [sender(), sender(), sender('bob')]
    expect([within(limits, one, 10, 0), within(limits, two, 10, 0), within(limits, other, 10, 0)]).toEqual([10, 5, 10])
    expect(limits.spend(two, 1, 0)).toMatchObject({ limit: 'framesPerSecond' })
  })

  it('are not there where they are 0', () => {
    const limits = rates({})
    expect(within(limits, sender(), 100_000, 0, 1e9)).toBe(100_000)
    expect(limits.users).toBe(0)
  })

  it('forget users who have earned back what they took', () => {
    const limits = rates({ userFramesPerSecond: 10, userBytesPerSecond: 10 })
    limits.spend(sender('ada'), 1, 0)
    limits.spend(sender('bob'), 50, 0)
    limits.expire(1_000)
    expect(limits.users).toBe(1)
    limits.expire(5_000)
    expect(limits.users).toBe(0)
  })
})
