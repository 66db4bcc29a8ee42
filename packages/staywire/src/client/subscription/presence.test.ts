import { expect, it } from 'vitest'
import type { JoinFrame } from '../../protocol/frame.ts'
import { nextPresence } from './presence.ts'

const ada = { user: 'ada' }
const bob = { user: 'bob' }
const change = (
  type: 'join' | 'leave',
  memberCount: number,
  presenceVersion: number,
  member?: { user: string },
): JoinFrame => ({
  type,
  channel: 'a',
  memberCount,
  presenceVersion,
  ...(member === undefined ? {} : { member }),
})
const told = nextPresence(undefined, {
  type: 'subscribed',
  channel: 'a',
  outcome: 'live',
  members: [ada],
  memberCount: 1,
  presenceVersion: 4,
})!

it('PRES-1: is what the server tells', () => {
  expect(told).toMatchObject({ members: [ada], count: 1 })
  expect(
    nextPresence(undefined, { type: 'subscribed', channel: 'a', outcome: 'live', memberCount: 3, presenceVersion: 1 }),
  ).toMatchObject({ members: [], count: 3 })
  expect(nextPresence(undefined, { type: 'subscribed', channel: 'a', outcome: 'live' })).toBeUndefined()
})

it('PRES-2: follows joins and leaves', () => {
  const two = nextPresence(told, change('join', 2, 5, bob))
  expect(two).toMatchObject({ members: [ada, bob], count: 2 })
  expect(nextPresence(two, change('leave', 1, 6, ada))).toMatchObject({ members: [bob], count: 1 })
})

it('PRES-2: ignores what is older than what it knows', () => {
  expect(nextPresence(told, change('join', 9, 4, bob))).toBe(told)
})

it('PRES-3: the changes of one tick all carry the count after it', () => {
  const one = nextPresence(told, change('join', 3, 5, bob))
  expect(nextPresence(one, change('join', 3, 6, { user: 'cy' }))).toMatchObject({
    members: [ada, bob, { user: 'cy' }],
    count: 3,
  })
})

it('PRES-4: makes up no members where only counts are told', () => {
  const many = nextPresence(told, change('join', 201, 5))
  expect(many).toMatchObject({ members: [], count: 201 })
  expect(nextPresence(many, change('join', 202, 6, bob))).toMatchObject({ members: [], count: 202 })
})

it('PRES-9: a member who joins again is one member', () => {
  expect(nextPresence(told, change('join', 1, 5, { ...ada }))).toMatchObject({ members: [ada], count: 1 })
})
