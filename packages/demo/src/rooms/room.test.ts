import { describe, expect, it } from 'vitest'
import type { Publication } from 'staywire/client'
import { EMPTY_ROOM, roomReducer, type Room, type RoomAction } from './room.ts'

const publication = (offset: number, more: Partial<Publication> = {}): Publication => ({
  channel: 'chat:general',
  offset,
  data: { text: `text ${offset}` },
  at: offset * 1000,
  from: 'bob',
  ...more,
})
const live = (offset: number, more: Partial<Publication> = {}): RoomAction => ({
  type: 'publication',
  publication: publication(offset, more),
})
const page = (offsets: number[], more: Partial<Extract<RoomAction, { type: 'history' }>> = {}): RoomAction => ({
  type: 'history',
  publications: offsets.map((offset) => publication(offset)),
  epoch: 'a',
  newest: true,
  full: false,
  ...more,
})
const gap = (from: [string, number], to: [string, number]): RoomAction => ({
  type: 'gap',
  gap: {
    from: { epoch: from[0], offset: from[1] },
    to: { epoch: to[0], offset: to[1] },
    why: from[0] === to[0] ? 'trimmed' : 'epoch',
  },
})
const after = (...actions: RoomAction[]): Room => actions.reduce(roomReducer, EMPTY_ROOM)
const offsets = ({ messages }: Room) => messages.map(({ offset }) => offset)

describe('history and live publications', () => {
  it('are joined by offset, each message once, whichever came first', () => {
    expect(offsets(after(live(4), page([2, 3, 4]), live(5)))).toEqual([2, 3, 4, 5])
    expect(offsets(after(page([2, 3]), live(4), live(4)))).toEqual([2, 3, 4])
  })

  it('puts older pages before, and knows whether there is more', () => {
    const room = after(page([3, 4], { full: true }), page([1, 2], { newest: false }))
    expect([offsets(room), room.history]).toEqual([[1, 2, 3, 4], 'complete'])
    expect(after(page([3, 4], { full: true })).history).toBe('partial')
  })
})

describe('a gap', () => {
  it('says how many messages are missing, and a newest page heals it without a hole', () => {
    const gapped = after(page([1, 2]), gap(['a', 2], ['a', 7]), live(8))
    expect([gapped.gap, offsets(gapped)]).toEqual([{ missed: 5 }, [1, 2, 8]])
    const healed = roomReducer(gapped, page([6, 7], { full: true }))
    expect([healed.gap, offsets(healed), healed.history]).toEqual([undefined, [6, 7, 8], 'partial'])
  })

  it('of another epoch keeps what was shown apart, because its offsets mean nothing any more', () => {
    const gapped = after(page([1, 2]), gap(['a', 2], ['b', 0]), live(1, { data: { text: 'new' } }))
    expect(gapped.past.map(({ offset }) => offset)).toEqual([1, 2])
    expect(gapped.messages.map(({ text }) => text)).toEqual(['new'])
    expect(gapped.gap).toEqual({})
    const healed = roomReducer(gapped, page([1], { epoch: 'b' }))
    expect([healed.past, offsets(healed), healed.gap]).toEqual([[], [1], undefined])
  })

  it('an older page of an epoch that is over is not mixed in', () => {
    const room = after(page([5, 6], { full: true }), gap(['a', 6], ['b', 0]), page([3, 4], { newest: false }))
    expect([offsets(room), room.history]).toEqual([[], 'failed'])
  })
})

describe('a draft', () => {
  const drafted: RoomAction = { type: 'drafted', draft: { key: 'k', text: 'hi', at: 1, state: 'pending' } }
  const stored: RoomAction = { type: 'stored', key: 'k', offset: 1, user: 'ada' }
  const mine = live(1, { key: 'k', from: 'ada', data: { text: 'hi' } })

  it.each([
    ['acknowledged first', [stored, mine]],
    ['delivered first', [mine, stored]],
  ])('becomes one message, %s', (_order, actions) => {
    const room = after(drafted, ...actions)
    expect(room.drafts).toEqual([])
    expect(room.messages.map(({ text, from }) => [text, from])).toEqual([['hi', 'ada']])
  })

  it('that was refused stays until it is sent again or discarded', () => {
    const refused = after(drafted, { type: 'refused', key: 'k', uncertain: true })
    expect(refused.drafts.map(({ state }) => state)).toEqual(['uncertain'])
    expect(roomReducer(refused, drafted).drafts.map(({ state }) => state)).toEqual(['pending'])
    expect(roomReducer(refused, { type: 'discarded', key: 'k' }).drafts).toEqual([])
  })

  it('that turns up in a page of history is not shown twice', () => {
    const room = after(drafted, page([], { publications: [publication(1, { key: 'k' })] }))
    expect([room.drafts, offsets(room)]).toEqual([[], [1]])
  })
})

it('shows what is not a message of ours as the JSON it is', () => {
  const texts = [{ text: 'a' }, 'b', { other: 1 }, null].map((data, index) => live(index + 1, { data }))
  expect(after(...texts).messages.map(({ text }) => text)).toEqual(['a', 'b', '{"other":1}', 'null'])
})
