import fc from 'fast-check'
import { expect, it } from 'vitest'
import { depthOf } from './json-body.ts'

it('counts how deep brackets nest', () => {
  expect(depthOf('1')).toBe(0)
  expect(depthOf('[{"a":[]}]')).toBe(3)
  expect(depthOf('"[[[[\\"[[" ')).toBe(0)
  expect(depthOf('["\\\\", [1]]')).toBe(2)
  expect(depthOf('['.repeat(500_000))).toBe(500_000)
})

it('is exact for all JSON', () => {
  const exact = fc.property(fc.json({ maxDepth: 6 }), (text) => depthOf(text) === levels(JSON.parse(text)))
  expect(fc.check(exact)).toMatchObject({ failed: false })
})

function levels(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(levels))
}
