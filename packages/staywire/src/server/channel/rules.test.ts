import { describe, expect, it } from 'vitest'
import { StaywireError } from '../../protocol/error-code.ts'
import { Rules } from './rules.ts'

describe('channel rules', () => {
  it('CHAN-3: are tried in the order written, and the first match decides', () => {
    const rules = new Rules(
      { 'chat:lobby': { presence: true }, 'chat:*': { history: false }, '**': { subscribe: true } },
      'memory',
    )
    expect(
      [rules.of('chat:lobby'), rules.of('chat:1'), rules.of('news:a:b'), rules.of('chat:1')].map(
        ({ pattern }) => pattern,
      ),
    ).toEqual(['chat:lobby', 'chat:*', '**', 'chat:*'])
  })

  it('CHAN-3: a pattern that earlier ones make unreachable is refused', () => {
    expect(() => new Rules({ 'chat:*': {}, 'chat:lobby': {} }, 'memory')).toThrow(StaywireError)
    expect(() => new Rules({ '**': {}, 'chat:*': {} }, 'memory')).toThrow(/"chat:\*" is never reached: "\*\*"/)
    expect(() => new Rules({ '**': {}, $metrics: {} }, 'memory')).not.toThrow()
  })

  it('CHAN-8: a channel that no rule names keeps the default history', () => {
    expect(new Rules({}, 'disk').of('a')).toEqual({
      pattern: undefined,
      retention: { durability: 'disk', history: { size: 1_000, ttlMs: 86_400_000 } },
      presence: false,
      subscribe: undefined,
      publish: undefined,
      data: undefined,
    })
  })

  it('keeps what a rule says, and the defaults of what it does not say', () => {
    const rules = new Rules({ 'a:*': { history: { size: 5 }, durability: 'memory' }, b: { history: false } }, 'disk')
    expect(rules.of('a:1').retention).toEqual({ durability: 'memory', history: { size: 5, ttlMs: 86_400_000 } })
    expect(rules.of('b').retention).toEqual({ durability: 'disk' })
  })

  it('CHAN-4: no wildcard reaches a reserved name', () => {
    const rules = new Rules(
      { '*': { subscribe: true }, '**': { subscribe: true }, $live: { presence: true } },
      'memory',
    )
    expect([rules.of('@user:ada'), rules.of('$other'), rules.of('$live')].map(({ pattern }) => pattern)).toEqual([
      undefined,
      undefined,
      '$live',
    ])
  })

  it.each([
    [{ 'a**': {} }, /a\*\*/],
    [{ a: { history: { size: 0 } } }, /history\.size 0/],
    [{ a: { history: { ttlMs: Number.NaN } } }, /history\.ttlMs NaN/],
  ])('refuses %j with what is wrong and what to do', (channels, message) => {
    expect(() => new Rules(channels, 'memory')).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringMatching(message), fix: expect.any(String) }),
    )
  })

  it('remembers a bounded number of channels and answers the same afterwards', () => {
    const more = Array.from({ length: 10 }, (_, n) => [`b${n}:*`, {}] as const)
    const rules = new Rules(Object.fromEntries([...more, ['a:*', {}]]), 'memory')
    const first = rules.of('a:0')
    for (let n = 0; n < 25_000; n++) rules.of(`a:${n}`)
    expect(rules.of('a:0')).toBe(first)
  })
})
