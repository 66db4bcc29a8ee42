import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Timed, Wheel } from './wheel.ts'

class Entry extends Timed {
  readonly woken: number[] = []
  onWake: ((now: number) => void) | undefined
  override wake(now: number): void {
    this.woken.push(now)
    this.onWake?.(now)
  }
}

/** Advances tick by tick. */
function pass(wheel: Wheel, from: number, to: number): void {
  for (let now = from; now <= to; now += wheel.tickMs) wheel.advance(now)
}

describe('the timing wheel', () => {
  it('wakes entries at their time or up to one tick late, never early, beyond one turn too', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 50 }), (times) => {
        const wheel = new Wheel(0, 100, 16)
        const entries = times.map((at) => {
          const entry = new Entry()
          wheel.schedule(entry, at)
          return { at, entry }
        })
        pass(wheel, 100, 21_000)
        expect(wheel.size).toBe(0)
        for (const { at, entry } of entries) {
          expect(entry.woken).toHaveLength(1)
          expect((entry.woken[0] as number) - at).toBeGreaterThanOrEqual(0)
          expect((entry.woken[0] as number) - at).toBeLessThanOrEqual(100)
        }
      }),
    )
  })

  it('moves an entry only to an earlier time', () => {
    const wheel = new Wheel(0, 100)
    const entry = new Entry()
    for (const at of [5_000, 9_000, 1_000, 3_000]) wheel.schedule(entry, at)
    pass(wheel, 100, 10_000)
    expect(entry.woken).toEqual([1_000])
  })

  it('lets an entry schedule itself, cancel a neighbour of the same slot and be cancelled by it', () => {
    const wheel = new Wheel(0, 100)
    const [first, second, third] = [new Entry(), new Entry(), new Entry()]
    for (const entry of [first, second, third]) wheel.schedule(entry, 500)
    first.onWake = (now) => {
      wheel.cancel(second)
      wheel.schedule(first, now + 200)
    }
    pass(wheel, 100, 600)
    expect([first.woken, second.woken, third.woken, wheel.size]).toEqual([[500], [], [500], 1])
    first.onWake = undefined
    pass(wheel, 700, 800)
    expect([first.woken, wheel.size]).toEqual([[500, 700], 0])
  })

  it('visits everything that is due after a stall, once', () => {
    const wheel = new Wheel(0, 100, 16)
    const entries = [50, 700, 1_500, 4_000, 20_050].map((at) => {
      const entry = new Entry()
      wheel.schedule(entry, at)
      return entry
    })
    wheel.advance(20_000)
    expect(entries.map(({ woken }) => woken.length)).toEqual([1, 1, 1, 1, 0])
    wheel.advance(22_000)
    expect(entries[4]?.woken).toEqual([22_000])
  })

  it('says when it may have something to do, never later than it has', () => {
    const wheel = new Wheel(0, 100, 16)
    expect(wheel.wakeAt).toBe(Infinity)
    const entry = new Entry()
    wheel.schedule(entry, 4_050)
    const visits: number[] = []
    while (entry.woken.length === 0) {
      visits.push(wheel.wakeAt)
      wheel.advance(wheel.wakeAt)
    }
    expect([entry.woken, visits.length, wheel.wakeAt]).toEqual([[4_100], 3, Infinity]) // a turn is 1.6 s
  })

  it('has nothing to do with an entry that was cancelled', () => {
    const wheel = new Wheel(0, 100)
    const entry = new Entry()
    wheel.cancel(entry)
    wheel.schedule(entry, 300)
    wheel.cancel(entry)
    pass(wheel, 100, 1_000)
    expect([entry.woken, wheel.size]).toEqual([[], 0])
    wheel.schedule(entry, 1_200)
    pass(wheel, 1_100, 1_200)
    expect(entry.woken).toEqual([1_200])
  })
})
