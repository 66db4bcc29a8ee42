import { beforeEach, expect, it } from 'vitest'
import { ChannelRates } from './channel-rates.ts'

const START = 1_000_000
let rates: ChannelRates

beforeEach(() => {
  rates = new ChannelRates(3)
})

/** One look, ten seconds after the one before. */
function look(nth: number, counts: Readonly<Record<string, number>>): void {
  const channels = Object.entries(counts).map(([channel, publications]) => ({ channel, publications }))
  rates.look(channels, START + nth * 10_000)
}

it('is what came between two looks, by the time between them', () => {
  look(0, { a: 500 })
  expect(rates.of('a')).toBe(0)
  look(1, { a: 530, b: 10 })
  expect([rates.of('a'), rates.of('b'), rates.of('c')]).toEqual([3, 1, 0])
  look(3, { a: 530, b: 30 })
  expect([rates.of('a'), rates.of('b')]).toEqual([0, 1])
})

it('begins anew with a channel that was forgotten meanwhile', () => {
  look(0, { a: 500 })
  look(1, { a: 20 })
  expect(rates.of('a')).toBe(2)
  look(2, {})
  look(3, { a: 30 })
  expect(rates.of('a')).toBe(3)
})

it('looks at so many channels, and does not take one that it did not look at for new', () => {
  look(0, { a: 0, b: 0, c: 0, d: 5_000 })
  look(1, { b: 10, c: 10, d: 5_010 })
  expect([rates.of('b'), rates.of('d')]).toEqual([1, 0])
  look(2, { c: 10, d: 5_030 })
  expect(rates.of('d')).toBe(2)
})

it('is due every ten seconds, and counts nothing where the server does not', () => {
  expect(rates.due(START)).toBe(true)
  rates.look([{ channel: 'a' }], START)
  expect([rates.due(START + 9_999), rates.due(START + 10_000)]).toEqual([false, true])
  rates.look([{ channel: 'a' }], START + 10_000)
  expect(rates.of('a')).toBe(0)
})
