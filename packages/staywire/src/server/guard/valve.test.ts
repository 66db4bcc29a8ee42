import { describe, expect, it } from 'vitest'
import { Valve } from './valve.ts'

/** A crowd that comes at once: when each came in, and what the others were told. */
function crowd(size: number, perSecond: number, holdMs: number) {
  const valve = new Valve(perSecond, holdMs)
  const came: number[] = []
  const told: number[] = []
  let now = 0
  for (let n = 0; n < size; n++) {
    const retryAfterMs = valve.pass(0, () => void came.push(now))
    if (retryAfterMs !== undefined) told.push(retryAfterMs)
  }
  const waiting = valve.waiting
  for (now = 10; now <= 40_000; now += 10) valve.tick(now)
  return { valve, came, told, waiting }
}

describe('the valve', () => {
  it('lets in who comes at an ordinary pace at once', () => {
    const valve = new Valve(100, 1_000)
    const came: number[] = []
    for (let now = 0; now < 1_000; now += 10) valve.pass(now, () => void came.push(now))
    expect([came.length, valve.waiting, valve.wakeAt]).toEqual([100, 0, Infinity])
  })

  it('lets a crowd in one by one, and no window gets more than the rate and a little', () => {
    const { came, told, waiting, valve } = crowd(1_000, 500, 1_000)
    expect([came.length + told.length, waiting, valve.waiting]).toEqual([1_000, came.length - 26, 0])
    expect(came.length).toBeGreaterThan(500)
    for (let from = 0; from < 1_000; from += 10)
      expect(came.filter((at) => at >= from && at < from + 100).length).toBeLessThanOrEqual(76)
  })

  it('tells everybody else a time of their own, as far apart as they will be let in', () => {
    const { told } = crowd(5_000, 500, 1_000)
    expect(told[0]).toBe(1_002)
    expect(told.at(-1)).toBeLessThanOrEqual(30_000)
    expect(new Set(told).size).toBe(told.length)
    expect((told.at(-1) ?? 0) - (told[0] ?? 0)).toBeCloseTo((told.length - 1) * 2)
  })

  it('tells nobody to come after half a minute, however many there are', () => {
    expect(Math.max(...crowd(5_000, 10, 1_000).told)).toBe(30_000)
  })

  it('lets anybody in where there is no rate', () => {
    expect(crowd(10_000, 0, 1_000).came.every((at) => at === 0)).toBe(true)
  })
})
