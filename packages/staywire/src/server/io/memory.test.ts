import { expect, it } from 'vitest'
import { memoryShare } from './memory.ts'

it('LIM-9: tells which share of its memory this process uses, and asks no more than four times a second', () => {
  let now = 0
  const share = memoryShare(() => now)
  const first = share()
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThan(1)
  const ballast = Array.from({ length: 20 }, () => Array.from<number>({ length: 100_000 }).fill(0.5))
  now = 249
  expect(share()).toBe(first)
  // More or less, for garbage of before may have been swept meanwhile: but asked anew.
  now = 250
  expect(share()).not.toBe(first)
  expect(ballast).toHaveLength(20)
})
