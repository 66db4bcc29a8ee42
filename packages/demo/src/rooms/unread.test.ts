import { expect, it } from 'vitest'
import { EMPTY_ROOM, type Room } from './room.ts'
import { badge, countUnread, markRead, readMarks } from './unread.ts'

const room = (epoch: string, ...from: string[]): Room => ({
  ...EMPTY_ROOM,
  epoch,
  messages: from.map((user, index) => ({ offset: index + 1, from: user, text: '', at: 0, key: undefined })),
})

it('counts messages of others after the mark', () => {
  const marks = markRead({}, 'chat:1', room('a', 'bob'))
  expect(countUnread(marks, 'chat:1', room('a', 'bob', 'bob', 'ada', 'bob'), 'ada')).toBe(2)
})

it('counts nothing in a room that was never seen, and everything of a new epoch', () => {
  const now = room('b', 'bob', 'bob')
  expect(countUnread({}, 'chat:1', now, 'ada')).toBe(0)
  expect(countUnread(markRead({}, 'chat:1', room('a', 'bob')), 'chat:1', now, 'ada')).toBe(2)
})

it('never moves a mark back, and keeps the same marks when nothing is new', () => {
  const marks = markRead({}, 'chat:1', room('a', 'bob', 'bob'))
  expect(markRead(marks, 'chat:1', room('a', 'bob'))).toBe(marks)
})

it('takes whatever is not marks for none', () => {
  expect([null, 'no json', '[]', '3', '{"chat:1":{"epoch":"a","offset":1}}'].map(readMarks)).toEqual([
    {},
    {},
    {},
    {},
    { 'chat:1': { epoch: 'a', offset: 1 } },
  ])
})

it('shows at most 99 on a badge', () => {
  expect([1, 99, 100].map(badge)).toEqual(['1', '99', '99+'])
})
