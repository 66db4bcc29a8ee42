import { describe, expect, it } from 'vitest'
import type { Client, SubscribeOptions, Subscription } from '../api.ts'
import type { PublicationFrame, SubscribedFrame } from '../../protocol/frame.ts'
import { connected, scripted } from '../../testing/scripted-server.ts'

const at = (offset: number, epoch = 'e'): { epoch: string; offset: number } => ({ epoch, offset })
const publication = (offset: number, more: Partial<PublicationFrame> = {}): PublicationFrame => ({
  type: 'publication',
  channel: 'a',
  offset,
  data: offset,
  at: 1,
  ...more,
})
const subscribed = (id: unknown, offset: number, more: Partial<SubscribedFrame> = {}): SubscribedFrame => ({
  type: 'subscribed',
  channel: 'a',
  position: at(offset),
  outcome: 'live',
  ...(typeof id === 'number' && { id }),
  ...more,
})

/** A subscription to `a` and everything it was told, in order. */
function reader(client: Client, options: SubscribeOptions = {}): { subscription: Subscription; heard: string[] } {
  const heard: string[] = []
  const subscription = client.subscribe('a', ({ data }) => heard.push(String(data)), options)
  subscription.on('outcome', (outcome, { recovered }) =>
    heard.push(outcome === 'recovered' ? `recovered ${recovered}` : outcome),
  )
  subscription.on('gap', ({ from, to, why }) => heard.push(`gap ${from.offset}–${to.offset} ${why}`))
  subscription.on('error', ({ code }) => heard.push(`error ${code}`))
  return { subscription, heard }
}

/** Connected, with one reader that is live at `offset`. */
function live(offset = 5) {
  const all = connected()
  const one = reader(all.client)
  const [frame] = all.server.take()
  all.server.say(subscribed(frame?.['id'], offset))
  return { ...all, ...one }
}

describe('a subscription', () => {
  it('SUB-1, SUB-2: is live from its subscribed on and gets publications in order', () => {
    const { server, subscription, heard } = live()
    server.say(publication(6), publication(7))
    expect(heard).toEqual(['live', '6', '7'])
    expect([subscription.state, subscription.position]).toEqual(['live', at(7)])
  })

  it('hands on what was published, without the wire around it', () => {
    const { client, server } = connected()
    const got: unknown[] = []
    client.subscribe('a', (one) => got.push(one))
    server.say(
      subscribed(server.take()[0]?.['id'], 5),
      publication(9, { prev: 5, data: { x: 1 }, from: 'bob', key: 'k', meta: { m: 1 } }),
    )
    expect(got).toEqual([{ channel: 'a', offset: 9, data: { x: 1 }, at: 1, from: 'bob', key: 'k', meta: { m: 1 } }])
  })

  it('CLI-5: never hands on what it has', () => {
    const { server, heard } = live()
    server.say(publication(5), publication(6), publication(6), publication(3), publication(7))
    expect(heard).toEqual(['live', '6', '7'])
  })

  it('CLI-4: with a hole it asks again from its position, once, and hands nothing on meanwhile', () => {
    const { server, subscription, heard } = live()
    server.say(publication(7), publication(8))
    const frames = server.take()
    expect(frames).toEqual([{ type: 'subscribe', id: expect.any(Number), channel: 'a', position: at(5) }])
    expect(subscription.state).toBe('pending')
    server.say(
      subscribed(frames[0]?.['id'], 8, { outcome: 'recovered', recovering: 3 }),
      publication(6),
      publication(7),
      publication(8),
      publication(9),
    )
    expect(heard).toEqual(['live', 'recovered 3', '6', '7', '8', '9'])
  })

  it('CLI-6: with a hole that is not filled yet it is restated from before it', () => {
    const { time, server } = live()
    server.say(publication(7), publication(8))
    server.cut()
    time.advance(1_300)
    expect(server.accept()['subscriptions']).toEqual([{ channel: 'a', position: at(5) }])
  })

  it('CLI-6: is restated with its position by the next connect', () => {
    const { time, server, heard } = live()
    server.say(publication(6))
    server.cut()
    time.advance(1_300)
    expect(server.accept()['subscriptions']).toEqual([{ channel: 'a', position: at(6) }])
    server.say(
      subscribed(undefined, 8, { outcome: 'recovered', recovering: 2 }),
      publication(7),
      publication(8),
      publication(9),
    )
    expect(heard).toEqual(['live', '6', 'recovered 2', '7', '8', '9'])
  })

  it('REC-9: is told of a gap, and goes on after it', () => {
    const { time, server, subscription, heard } = live()
    server.cut()
    time.advance(1_300)
    server.accept()
    server.say(
      subscribed(undefined, 900, { outcome: 'gap', gap: { from: at(5), to: at(900), why: 'too-many' } }),
      publication(901),
    )
    expect(heard).toEqual(['live', 'gap', 'gap 5–900 too-many', '901'])
    expect(subscription.position).toEqual(at(901))
  })

  it('a second failure during recovery recovers from where the first had come to', () => {
    const { time, server, heard } = live()
    server.cut()
    time.advance(1_300)
    server.accept()
    server.say(subscribed(undefined, 9, { outcome: 'recovered', recovering: 4 }), publication(6), publication(7))
    server.cut()
    time.advance(2_000)
    expect(server.accept()['subscriptions']).toEqual([{ channel: 'a', position: at(7) }])
    server.say(subscribed(undefined, 9, { outcome: 'recovered', recovering: 2 }), publication(8), publication(9))
    expect(heard).toEqual(['live', 'recovered 4', '6', '7', 'recovered 2', '8', '9'])
  })

  it('REC-1: without a single publication it is recovered too', () => {
    const { time, server, heard } = live(0)
    server.cut()
    time.advance(1_300)
    expect(server.accept()['subscriptions']).toEqual([{ channel: 'a', position: at(0) }])
    server.say(subscribed(undefined, 1, { outcome: 'recovered', recovering: 1 }), publication(1))
    expect(heard).toEqual(['live', 'recovered 1', '1'])
  })

  it('REC-13: unasked, a subscribed of another epoch is a gap', () => {
    const { server, heard } = live()
    server.say(
      subscribed(undefined, 2, {
        position: at(2, 'f'),
        outcome: 'gap',
        gap: { from: at(5), to: at(2, 'f'), why: 'epoch' },
      }),
      publication(3),
    )
    expect(heard).toEqual(['live', 'gap', 'gap 5–2 epoch', '3'])
  })

  it('begins where a page rendered by the server ended', () => {
    const { client, server } = connected()
    const { heard } = reader(client, { position: at(3) })
    const [frame] = server.take()
    expect(frame).toMatchObject({ type: 'subscribe', position: at(3) })
    server.say(subscribed(frame?.['id'], 5, { outcome: 'recovered', recovering: 2 }), publication(4), publication(5))
    expect(heard).toEqual(['recovered 2', '4', '5'])
  })

  it('SUB-10: of an ephemeral channel gets everything and keeps no position', () => {
    const { client, server } = connected()
    const { subscription, heard } = reader(client)
    const ephemeral = { type: 'publication', channel: 'a', data: 'x', at: 1 } as const
    server.say(
      { type: 'subscribed', channel: 'a', id: server.take()[0]?.['id'] as number, outcome: 'live' },
      ephemeral,
      ephemeral,
    )
    expect([heard, subscription.position]).toEqual([['live', 'x', 'x'], undefined])
  })

  it('SUB-5: refused, says so and is over', () => {
    const { client, server } = connected()
    const { subscription, heard } = reader(client)
    server.say({
      type: 'error',
      id: server.take()[0]?.['id'] as number,
      code: 'forbidden',
      message: 'no',
      temporary: false,
    })
    expect([subscription.state, heard]).toEqual(['refused', ['error forbidden']])
    client.subscribe('a')
    expect(server.take()).toMatchObject([{ type: 'subscribe', channel: 'a' }])
  })

  it('CONN-11: refused in the answer to connect it is over too', () => {
    const { client, server } = scripted()
    const { subscription, heard } = reader(client)
    server.accept()
    server.say({ type: 'unsubscribed', channel: 'a', code: 'forbidden', reason: 'no' })
    expect([subscription.state, heard]).toEqual(['refused', ['error forbidden']])
  })

  it('SUB-8: ended by the server, says so', () => {
    const { server, subscription, heard } = live()
    server.say({ type: 'unsubscribed', channel: 'a', code: 'forbidden', reason: 'narrowed' }, publication(6))
    expect([subscription.state, heard]).toEqual(['ended', ['live', 'error forbidden']])
  })

  it('refused for a while only, is asked for again', () => {
    const { time, client, server } = connected()
    const { heard } = reader(client)
    const [frame] = server.take()
    server.say({
      type: 'error',
      id: frame?.['id'] as number,
      code: 'timeout',
      message: 'later',
      temporary: true,
      retryAfterMs: 300,
    })
    time.advance(299)
    expect(server.take()).toEqual([])
    time.advance(301)
    server.say(subscribed(server.take()[0]?.['id'], 5))
    expect(heard).toEqual(['live'])
  })

  it('PRES-1, PRES-2: shows who is there and follows the changes', () => {
    const { client, server } = connected()
    const { subscription } = reader(client, { presence: 'members' })
    const seen: number[] = []
    subscription.on('presence', ({ count }) => seen.push(count))
    const [frame] = server.take()
    expect(frame).toMatchObject({ presence: 'members' })
    server.say(subscribed(frame?.['id'], 5, { members: [{ user: 'ada' }], memberCount: 1, presenceVersion: 1 }))
    server.say({ type: 'join', channel: 'a', member: { user: 'bob' }, memberCount: 2, presenceVersion: 2 })
    expect(seen).toEqual([1, 2])
    expect(subscription.presence).toMatchObject({ members: [{ user: 'ada' }, { user: 'bob' }], count: 2 })
  })
})
