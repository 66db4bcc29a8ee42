import { expect, it } from 'vitest'
import { createMint, sameSecret } from './mint.ts'

it('mints names and secrets that never repeat, with 96 and 128 random bits', () => {
  const mint = createMint()
  const made = Array.from({ length: 5_000 }, (_, index) => (index % 2 === 0 ? mint.id() : mint.secret()))
  expect(new Set(made).size).toBe(5_000)
  expect(made.every((text, index) => new RegExp(`^[A-Za-z0-9_-]{${index % 2 === 0 ? 16 : 22}}$`).test(text))).toBe(true)
})

it('compares secrets of any length', () => {
  expect([sameSecret('abc', 'abc'), sameSecret('abc', 'abd'), sameSecret('abc', 'abcd'), sameSecret('', '')]).toEqual([
    true,
    false,
    false,
    true,
  ])
})
