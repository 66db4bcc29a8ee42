import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createTimer } from './timer.ts'

beforeEach(() => vi.useFakeTimers({ now: 0 }))
afterEach(() => vi.useRealTimers())

function setUp() {
  const fired: [number, number][] = []
  const timer = createTimer(Date.now, (lateMs) => fired.push([Date.now(), lateMs]))
  return { timer, fired }
}

it('fires once, at the time it was last armed for', () => {
  const { timer, fired } = setUp()
  for (const at of [500, 200, 900, 900]) timer.arm(at)
  vi.advanceTimersByTime(2_000)
  expect(fired).toEqual([[900, 0]])
  expect(vi.getTimerCount()).toBe(0)
})

it('fires at once for what is past', () => {
  const { timer, fired } = setUp()
  timer.arm(-5)
  vi.advanceTimersByTime(0)
  expect(fired).toEqual([[0, 5]])
})

it('is stopped by infinity, and by hand', () => {
  const { timer, fired } = setUp()
  timer.arm(500)
  timer.arm(Infinity)
  timer.arm(500)
  timer.stop()
  vi.advanceTimersByTime(1_000)
  expect([fired, vi.getTimerCount()]).toEqual([[], 0])
})

it('CLI-12: does not fire at once for what is 60 days away', () => {
  const { timer, fired } = setUp()
  timer.arm(60 * 86_400_000)
  vi.advanceTimersByTime(86_400_000)
  expect(fired).toEqual([])
  vi.advanceTimersByTime(2 ** 31)
  expect(fired).toEqual([[2 ** 31 - 1, 2 ** 31 - 1 - 60 * 86_400_000]])
})

it('says how late it comes', () => {
  const { timer, fired } = setUp()
  timer.arm(1_000)
  vi.setSystemTime(3_600_000)
  vi.advanceTimersByTime(1_000)
  expect(fired).toEqual([[3_601_000, 3_600_000]])
})
