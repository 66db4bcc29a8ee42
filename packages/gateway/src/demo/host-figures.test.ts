import { expect, it } from 'vitest'
import { figuresOf } from './host-figures.ts'

it('makes shares and rates out of two readings', () => {
  const before = { at: 1_000, busyMs: 500, allMs: 4_000, publications: 10 }
  const now = { at: 2_000, busyMs: 1_000, allMs: 6_000, publications: 15 }
  const world = { loopDelayMs: 1.23456, connections: 3, total: 8_000, free: 6_000 }
  expect(figuresOf(before, now, world)).toEqual({
    at: 2_000,
    cpu: 0.25,
    memory: 0.25,
    memoryBytes: 2_000,
    loopDelayMs: 1.23,
    connections: 3,
    publicationsPerSecond: 5,
  })
})

it('stays finite when the clock stands still', () => {
  const reading = { at: 1_000, busyMs: 500, allMs: 4_000, publications: 10 }
  const world = { loopDelayMs: 0, connections: 0, total: 8_000, free: 8_000 }
  expect(figuresOf(reading, reading, world)).toMatchObject({ cpu: 0, memory: 0, publicationsPerSecond: 0 })
})
