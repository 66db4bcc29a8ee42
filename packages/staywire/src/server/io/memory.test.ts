import { expect, it } from 'vitest'
import { memoryShare } from './memory.ts'

it('LIM-9: tells which share of its memory this process uses, and asks no more than four times a second', () => {
  let now = 0
  const share = memoryShare(() => now)
  const first = share()
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThan(1)
  const ballast: number[][] = []
  now = 249
  for (let n = 0; n < 20; n++) ballast.push(Array.from<number>({ length: 100_000 }).fill(0.5))
  expect(share()).toBe(first)
  // Garbage of before may be swept meanwhile: but what is held has to show in the end.
  for (now = 250; share() <= first && ballast.length < 100; now += 250)
    ballast.push(Array.from<number>({ length: 100_000 }).fill(0.5))
  expect(share()).toBeGreaterThan(first)
})
