import { expect, it } from 'vitest'
import type { PublicationFrame, SubscribedFrame } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'
import { SharedChannels } from './shared-channels.ts'

const at = (offset: number, epoch = 'e'): Position => ({ epoch, offset })
const publication = (offset: number): PublicationFrame => ({
  type: 'publication',
  channel: 'news',
  offset,
  data: offset,
  at: 0,
})
const subscribed = (offset: number, more: Partial<SubscribedFrame> = {}): SubscribedFrame => ({
  type: 'subscribed',
  channel: 'news',
  position: at(offset),
  outcome: 'live',
  ...more,
})

/** Channels, what the owner is asked for, and what tabs are told: offsets of publications, else the whole frame. */
function setUp() {
  const asked: unknown[][] = []
  const told: Record<string, unknown[]> = {}
  const channels = new SharedChannels<string>(
    { subscribe: (...args) => asked.push(args), unsubscribe: (...args) => asked.push(args) },
    (tab, [name, ...args]) => {
      const [frame] = args as [{ type?: string; offset?: number }]
      ;(told[tab] ??= []).push(frame.type === 'publication' ? frame.offset : [name, ...args])
    },
  )
  return { channels, asked, told }
}

/** A channel that tab `a` is told of up to offset 5. */
function live() {
  const world = setUp()
  world.channels.subscribe('a', 'news')
  world.channels.frame(subscribed(5), undefined)
  world.asked.splice(0)
  delete world.told['a']
  return world
}

it('PORT-7: a tab that begins, or lacks nothing, needs no server to be told so', () => {
  const { channels, asked, told } = live()
  channels.frame(publication(6), undefined)
  channels.subscribe('b', 'news')
  channels.subscribe('c', 'news', at(6))
  expect(asked).toEqual([])
  expect(told).toEqual({
    a: [6],
    b: [['frame', subscribed(6), at(6)]],
    c: [['frame', subscribed(6, { outcome: 'recovered' }), at(6)]],
  })
  channels.frame(publication(7), undefined)
  expect([told['a'], told['b']?.at(-1), told['c']?.at(-1)]).toEqual([[6, 7], 7, 7])
})

it('PORT-7: a late tab is told who is present, and one that wants to know more makes the owner ask', () => {
  const { channels, asked, told } = setUp()
  const ada = { user: 'ada', devices: 1 }
  channels.subscribe('a', 'news', undefined, 'members')
  channels.frame(subscribed(5, { members: [ada], memberCount: 1, presenceVersion: 3 }), undefined)
  channels.subscribe('b', 'news', undefined, 'count')
  expect(told['b']).toEqual([['frame', subscribed(5, { members: [ada], memberCount: 1, presenceVersion: 3 }), at(5)]])
  channels.subscribe('c', 'quiet')
  channels.subscribe('d', 'quiet', undefined, 'members')
  expect(asked).toEqual([
    ['news', undefined, 'members'],
    ['quiet', undefined, undefined],
    ['quiet', undefined, 'members'],
  ])
})

it('PORT-8: a tab from far behind is told what it missed; the others hear nothing of it', () => {
  const { channels, asked, told } = live()
  channels.subscribe('b', 'news', at(2))
  expect(asked).toEqual([['news', at(2), undefined]])
  // Meanwhile something new: for the one that waits it comes in turn.
  channels.frame(publication(6), undefined)
  channels.frame(subscribed(6, { outcome: 'recovered', recovering: 4 }), at(2))
  for (const offset of [3, 4, 5, 6, 7]) channels.frame(publication(offset), undefined)
  const answer = ['frame', subscribed(6, { outcome: 'recovered', recovering: 4 }), at(2)]
  expect(told).toEqual({ a: [6, answer, 7], b: [answer, 3, 4, 5, 6, 7] })
})

it('PORT-8: two tabs that wait from different positions are served by one answer, from the lower', () => {
  const { channels, asked, told } = live()
  channels.subscribe('b', 'news', at(2))
  channels.subscribe('c', 'news', at(4))
  expect(asked).toEqual([
    ['news', at(2), undefined],
    ['news', at(2), undefined],
  ])
  const answer = subscribed(5, { outcome: 'recovered', recovering: 3 })
  channels.frame(answer, at(2))
  for (const offset of [3, 4, 5]) channels.frame(publication(offset), undefined)
  expect(told).toEqual({
    a: [['frame', answer, at(2)]],
    b: [['frame', answer, at(2)], 3, 4, 5],
    c: [['frame', answer, at(2)], 5],
  })
})

it('PORT-8: a position of another life of the channel is nobody else’s concern', () => {
  const { channels, asked, told } = live()
  channels.subscribe('b', 'news', at(9, 'old'))
  const gap = { from: at(9, 'old'), to: at(5), why: 'epoch' } as const
  channels.frame(subscribed(5, { outcome: 'gap', gap }), at(9, 'old'))
  channels.frame(publication(6), undefined)
  const answer = ['frame', subscribed(5, { outcome: 'gap', gap }), at(9, 'old')]
  expect([asked, told]).toEqual([[['news', at(9, 'old'), undefined]], { a: [answer, 6], b: [answer, 6] }])
})

it('a hole is shown to those who have it, for they must ask; whoever waits for an answer is spared', () => {
  const { channels, told } = live()
  channels.subscribe('b', 'news', at(2))
  channels.frame(publication(8), undefined)
  expect(told).toEqual({ a: [8] })
  channels.frame(subscribed(8, { outcome: 'recovered', recovering: 6 }), at(2))
  for (const offset of [3, 4, 5, 6, 7, 8]) channels.frame(publication(offset), undefined)
  expect([told['a']?.slice(2), told['b']?.slice(1)]).toEqual([
    [6, 7, 8],
    [3, 4, 5, 6, 7, 8],
  ])
})

it('nothing of an ephemeral channel is held back or told twice', () => {
  const { channels, asked, told } = setUp()
  const frame = { type: 'publication', channel: 'news', data: 1, at: 0 } as const
  channels.subscribe('a', 'news')
  channels.frame({ type: 'subscribed', channel: 'news', outcome: 'live' }, undefined)
  channels.frame(frame, undefined)
  channels.subscribe('b', 'news')
  channels.frame(frame, undefined)
  expect(asked).toHaveLength(1)
  expect([told['a']?.length, told['b']?.length]).toEqual([3, 2])
})

it('after a drop all wait for the answers that the owner asks for, and late ones with them', () => {
  const { channels, asked, told } = live()
  channels.down()
  channels.subscribe('b', 'news')
  channels.subscribe('c', 'news', at(3))
  expect([asked, told]).toEqual([[['news', at(3), undefined]], {}])
  const answer = ['frame', subscribed(5, { outcome: 'recovered', recovering: 2 }), at(3)]
  channels.frame(subscribed(5, { outcome: 'recovered', recovering: 2 }), at(3))
  expect(told).toEqual({ a: [answer], b: [answer], c: [answer] })
})

it('a channel is wanted until the last tab wants it no more, or is gone', () => {
  const { channels, asked, told } = live()
  channels.subscribe('b', 'news')
  channels.subscribe('b', 'other')
  channels.unsubscribe('a', 'news')
  channels.unsubscribe('a', 'news')
  expect(asked).toEqual([['other', undefined, undefined]])
  channels.gone('b')
  expect(asked.slice(1)).toEqual([['news'], ['other']])
  channels.frame(publication(6), undefined)
  expect(told['a']).toBeUndefined()
})

it('a refusal is told to all who want the channel, and asked for anew by whoever comes later', () => {
  const { channels, asked, told } = live()
  channels.refused('news', 'forbidden', 'no')
  channels.subscribe('b', 'news')
  expect([told, asked]).toEqual([{ a: [['refused', 'news', 'forbidden', 'no']] }, [['news', undefined, undefined]]])
})
