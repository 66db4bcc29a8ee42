import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isChannelName, isReserved, userChannel } from './channel-name.ts'

it.each(['a', 'block:eth', 'a.b_c-d@e$f/g%20', '__proto__', 'constructor', '@user:ada', 'x'.repeat(128)])(
  'CHAN-1: takes %j as a channel name',
  (name) => {
    expect(isChannelName(name)).toBe(true)
  },
)

it.each([
  '',
  ':',
  'a:',
  ':a',
  'a::b',
  'a b',
  'a\n',
  'a\0',
  'é',
  'a*',
  'a>',
  'a#',
  'x'.repeat(129),
  7,
  null,
  undefined,
  ['a'],
])('CHAN-1: refuses %j as a channel name', (name) => {
  expect(isChannelName(name)).toBe(false)
})

it('CHAN-4: reserves names whose first segment starts with $ or @', () => {
  expect(['$sys', '@user:ada', 'a:$b', 'a@b'].map(isReserved)).toEqual([true, true, false, false])
})

it('CHAN-5: gives every user id a channel of its own, in one segment', () => {
  const id = fc
    .string({ minLength: 1, maxLength: 9, unit: 'grapheme' })
    .filter((text) => encodeURIComponent(text).length < 100)
  fc.assert(
    fc.property(id, id, (one, other) => {
      const channel = userChannel(one)
      expect(isChannelName(channel)).toBe(true)
      expect(channel.split(':')).toHaveLength(2)
      expect(channel === userChannel(other)).toBe(one === other)
    }),
  )
})

it.each(['', '\ud800', 'é'.repeat(30)])('refuses %j as a user id that has no channel', (user) => {
  expect(() => userChannel(user)).toThrow(RangeError)
})
