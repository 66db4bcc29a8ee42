import { describe, expect, it } from 'vitest'
import { CONNECTED, connected, scripted } from '../../testing/scripted-server.ts'
import type { PublicationFrame } from '../../protocol/frame.ts'

const at = (offset: number): { epoch: string; offset: number } => ({ epoch: 'e', offset })
const publication = (offset: number): PublicationFrame => ({
  type: 'publication',
  channel: 'a',
  offset,
  data: offset,
  at: 1,
})
const live = (id: unknown, offset: number) =>
  ({ type: 'subscribed', id: id as number, channel: 'a', position: at(offset), outcome: 'live' }) as const

/** Connected, with a subscription to `a` that is live at 10. */
function setUp() {
  const all = connected()
  const first: unknown[] = []
  const subscription = all.client.subscribe('a', ({ data }) => first.push(data))
  all.server.say(live(all.server.take()[0]?.['id'], 10))
  return { ...all, first, subscription }
}

describe('several subscriptions to one channel', () => {
  it('share one on the wire, and each gets everything', () => {
    const { client, server, first } = setUp()
    const second: unknown[] = []
    client.subscribe('a', ({ data }) => second.push(data))
    server.say(publication(11))
    expect([server.take(), first, second]).toEqual([[], [11], [11]])
    expect(client.stats().subscriptions).toBe(2)
  })

  it('the outcome of one that joins is told when it can be listening', () => {
    const { time, client } = setUp()
    const outcomes: string[] = []
    client.subscribe('a').on('outcome', (outcome) => outcomes.push(outcome))
    expect(outcomes).toEqual([])
    time.advance(0)
    expect(outcomes).toEqual(['live'])
  })

  it('stand each at its own position: an older one recovers, the others get no double', () => {
    const { client, server, first } = setUp()
    const second: unknown[] = []
    const outcomes: unknown[] = []
    client
      .subscribe('a', ({ data }) => second.push(data), { position: at(8) })
      .on('outcome', (...outcome) => outcomes.push(outcome))
    const [frame] = server.take()
    expect(frame).toMatchObject({ type: 'subscribe', position: at(8) })
    server.say({
      type: 'subscribed',
      id: frame?.['id'] as number,
      channel: 'a',
      position: at(10),
      outcome: 'recovered',
      recovering: 2,
    })
    for (const offset of [9, 10, 11]) server.say(publication(offset))
    expect([first, second]).toEqual([[11], [9, 10, 11]])
    expect(outcomes).toEqual([['recovered', { recovered: 2 }]])
  })

  it("one's gap is not the others'", () => {
    const { client, server, first, subscription } = setUp()
    const gaps: string[] = []
    subscription.on('gap', () => gaps.push('first'))
    client.subscribe('a', undefined, { position: at(1) }).on('gap', () => gaps.push('second'))
    const [frame] = server.take()
    server.say(
      {
        type: 'subscribed',
        id: frame?.['id'] as number,
        channel: 'a',
        position: at(10),
        outcome: 'gap',
        gap: { from: at(1), to: at(10), why: 'trimmed' },
      },
      publication(11),
    )
    expect([gaps, first, server.take()]).toEqual([['second'], [11], []])
  })

  it('after a drop each is brought on from its own position', () => {
    const { time, client, server, first } = setUp()
    const second: unknown[] = []
    const outcomes: unknown[] = []
    client
      .subscribe('a', ({ data }) => second.push(data), { position: at(2) })
      .on('outcome', (outcome) => outcomes.push(outcome))
    server.take()
    server.cut()
    time.advance(1_300)
    expect(server.accept()).toMatchObject({ subscriptions: [{ channel: 'a', position: at(2) }] })
    server.say({
      type: 'subscribed',
      channel: 'a',
      position: at(900),
      outcome: 'gap',
      gap: { from: at(2), to: at(900), why: 'too-many' },
    })
    const again = server.take().find(({ type }) => type === 'subscribe')
    expect(again).toMatchObject({ position: at(10) })
    server.say(publication(901))
    server.say({
      type: 'subscribed',
      id: again?.['id'] as number,
      channel: 'a',
      position: at(901),
      outcome: 'recovered',
      recovering: 891,
    })
    for (let offset = 11; offset <= 902; offset++) server.say(publication(offset))
    expect(outcomes).toEqual(['gap'])
    expect(second).toEqual([901, 902])
    expect(first).toEqual(Array.from({ length: 892 }, (_, index) => index + 11))
  })

  it('ask for presence together: the one who wants to know more has it asked for', () => {
    const { client, server } = setUp()
    client.subscribe('a', undefined, { presence: 'members' })
    const [frame] = server.take()
    expect(frame).toMatchObject({ type: 'subscribe', position: at(10), presence: 'members' })
    client.subscribe('a', undefined, { presence: 'count' })
    expect(server.take()).toEqual([])
  })

  it('a listener that throws harms no other', () => {
    const { server, world, client, first } = setUp()
    client.subscribe('a', () => {
      throw new Error('mine')
    })
    const third: unknown[] = []
    client.subscribe('a', ({ data }) => third.push(data))
    server.say(publication(11))
    expect([first, third]).toEqual([[11], [11]])
    expect(world.failures).toMatchObject([{ message: 'mine' }])
  })

  it('a listener may end its own and other subscriptions', () => {
    const { client, server, subscription, first } = setUp()
    const second = client.subscribe('a', () => {
      second.unsubscribe()
      third.unsubscribe()
    })
    const seen: unknown[] = []
    const third = client.subscribe('a', ({ data }) => seen.push(data))
    server.say(publication(11), publication(12))
    expect([first, seen, subscription.state, third.state]).toEqual([[11, 12], [], 'live', 'ended'])
  })
})

describe('the last one that leaves', () => {
  it('SUB-7: ends the subscription on the wire after 250 ms', () => {
    const { time, server, subscription } = setUp()
    subscription.unsubscribe()
    subscription.unsubscribe()
    time.advance(249)
    expect(server.take()).toEqual([])
    time.advance(1)
    expect(server.take()).toEqual([{ type: 'unsubscribe', id: expect.any(Number), channel: 'a' }])
    expect(subscription.state).toBe('ended')
  })

  it('costs nothing when another comes within them, as in StrictMode or on a change of routes', () => {
    const { time, client, server, subscription } = setUp()
    subscription.unsubscribe()
    const second: unknown[] = []
    client.subscribe('a', ({ data }) => second.push(data)).unsubscribe()
    client.subscribe('a', ({ data }) => second.push(data))
    time.advance(1_000)
    server.say(publication(11))
    expect([server.take(), second]).toEqual([[], [11]])
  })

  it('gets nothing more, not even what was on its way', () => {
    const { server, subscription, first } = setUp()
    subscription.unsubscribe()
    server.say(publication(11))
    expect(first).toEqual([])
  })

  it('while connecting leaves nothing on the server', () => {
    const { time, client, server } = scripted()
    const subscription = client.subscribe('a')
    client.subscribe('b')
    server.take()
    subscription.unsubscribe()
    time.advance(300)
    server.say(CONNECTED)
    expect(server.take()).toMatchObject([{ type: 'unsubscribe', channel: 'a' }, { type: 'ping' }])
  })

  it('after an attempt that came to nothing says nothing of it to the server', () => {
    const { time, client, server } = scripted()
    const subscription = client.subscribe('a')
    client.subscribe('b')
    server.take()
    server.cut()
    subscription.unsubscribe()
    time.advance(2_000)
    expect(server.accept()).toMatchObject({ subscriptions: [{ channel: 'b' }] })
    expect(server.take()).toMatchObject([{ type: 'ping' }])
  })

  it('and a first one that comes after it is another subscription', () => {
    const { time, client, server, subscription } = setUp()
    subscription.unsubscribe()
    time.advance(300)
    server.take()
    const seen: unknown[] = []
    client.subscribe('a', ({ data }) => seen.push(data))
    const [frame] = server.take()
    expect(frame).toEqual({ type: 'subscribe', id: expect.any(Number), channel: 'a' })
    server.say(
      publication(11),
      { type: 'unsubscribed', id: 1, channel: 'a', code: 'requested', reason: '' },
      live(frame?.['id'], 12),
      publication(13),
    )
    expect(seen).toEqual([13])
  })
})

describe('many channels', () => {
  it('CLI-6: beyond what one connect carries are asked for once connected', () => {
    const { client, server } = scripted()
    for (let index = 0; index < 130; index++) client.subscribe(`a:${index}`)
    expect(server.accept()['subscriptions']).toHaveLength(128)
    expect(server.take()).toMatchObject([
      { type: 'subscribe', channel: 'a:128' },
      { type: 'subscribe', channel: 'a:129' },
      { type: 'ping' },
    ])
  })

  it('__proto__ is a channel like any other', () => {
    const { client, server } = connected()
    const seen: unknown[] = []
    client.subscribe('__proto__', ({ data }) => seen.push(data))
    const [frame] = server.take()
    server.say({ ...live(frame?.['id'], 0), channel: '__proto__' }, { ...publication(1), channel: '__proto__' })
    expect(seen).toEqual([1])
  })
})
