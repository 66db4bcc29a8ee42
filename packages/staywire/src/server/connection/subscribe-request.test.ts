import { describe, expect, it } from 'vitest'
import { at, LoneConnection, sent } from '../../testing/lone-connection.ts'
import type { Answer } from './ask.ts'

describe('subscribe', () => {
  it('SUB-1, SUB-4: begins before it asks where the channel stands, and joins after it has answered', () => {
    const lone = new LoneConnection()
    lone.connect()
    expect(lone.say({ type: 'subscribe', id: 2, channel: 'a:1' })).toEqual([
      { type: 'begin', channel: 'a:1' },
      { type: 'ask', ticket: 4, ask: { kind: 'position', channel: 'a:1' } },
    ])
    expect(lone.answer(4, { kind: 'position', position: at(7) })).toEqual([
      { type: 'send', frame: { type: 'subscribed', id: 2, channel: 'a:1', position: at(7), outcome: 'live' } },
      { type: 'join', channel: 'a:1', upTo: 7 },
    ])
  })

  it('REC-2, REC-3: sends what was missed before it joins', () => {
    const lone = new LoneConnection()
    lone.connect()
    lone.say({ type: 'subscribe', id: 2, channel: 'a:1', position: at(5) })
    const publications = [{ offset: 6, data: '1', at: 1 }]
    expect(lone.answer(4, { kind: 'recovered', publications, position: at(6) })).toEqual([
      {
        type: 'send',
        frame: { type: 'subscribed', id: 2, channel: 'a:1', position: at(6), outcome: 'recovered', recovering: 1 },
      },
      { type: 'recover', channel: 'a:1', publications, upTo: 6 },
    ])
  })

  it('REC-9: tells a gap with both ends', () => {
    const lone = new LoneConnection()
    lone.connect()
    lone.say({ type: 'subscribe', id: 2, channel: 'a:1', position: at(5) })
    expect(sent(lone.answer(4, { kind: 'gap', why: 'trimmed', position: at(9) }))).toEqual([
      {
        type: 'subscribed',
        id: 2,
        channel: 'a:1',
        position: at(9),
        outcome: 'gap',
        gap: { from: at(5), to: at(9), why: 'trimmed' },
      },
    ])
  })

  it('REC-8: asks whether somebody let in by the application may read what they missed', () => {
    const lone = new LoneConnection()
    lone.connect()
    expect(lone.say({ type: 'subscribe', id: 2, channel: 'other', position: at(5) })).toEqual([
      { type: 'ask', ticket: 4, ask: { kind: 'authorize', action: 'subscribe', channel: 'other' } },
    ])
    lone.answer(4, { kind: 'allowed', allowed: true })
    expect(
      lone.answer(5, { kind: 'recovered', publications: [{ offset: 6, data: '1', at: 1 }], position: at(6) }),
    ).toEqual([{ type: 'ask', ticket: 6, ask: { kind: 'authorize', action: 'history', channel: 'other' } }])
    expect(lone.answer(6, { kind: 'allowed', allowed: false })).toEqual([
      {
        type: 'send',
        frame: expect.objectContaining({ outcome: 'gap', gap: { from: at(5), to: at(6), why: 'forbidden' } }),
      },
      { type: 'join', channel: 'other', upTo: 6 },
    ])
  })

  it('SUB-10: an ephemeral channel needs no position', () => {
    const lone = new LoneConnection()
    lone.connect()
    expect(lone.say({ type: 'subscribe', id: 2, channel: 'typing:1', position: at(5) })).toEqual([
      { type: 'begin', channel: 'typing:1' },
      { type: 'send', frame: { type: 'subscribed', id: 2, channel: 'typing:1', outcome: 'live' } },
      { type: 'join', channel: 'typing:1', upTo: 0 },
    ])
  })

  it('SUB-9: refuses one too many, and counts neither the server’s own nor the same twice', () => {
    const lone = new LoneConnection({ limits: { subscriptionsPerConnection: 1 } })
    lone.connect()
    for (const ticket of [4, 5]) {
      lone.say({ type: 'subscribe', id: 2, channel: 'a:1' })
      lone.answer(ticket, { kind: 'position', position: at(0) })
    }
    expect(sent(lone.say({ type: 'subscribe', id: 3, channel: 'a:2' }))).toMatchObject([
      { id: 3, code: 'too-many-subscriptions' },
    ])
    expect([...(lone.connection.subscriptions?.keys() ?? [])]).toEqual(['@user:ada', 'a:1'])
  })

  it('PRES-1: is a member before looking who is there', () => {
    const lone = new LoneConnection()
    lone.connect()
    lone.say({ type: 'subscribe', id: 2, channel: 'room:1', presence: 'members' })
    expect(lone.answer(4, { kind: 'position', position: at(0) })).toEqual([
      { type: 'enter', channel: 'room:1' },
      { type: 'ask', ticket: 5, ask: { kind: 'roster', channel: 'room:1', watch: 'members' } },
    ])
    expect(
      sent(lone.answer(5, { kind: 'roster', snapshot: { members: [{ user: 'ada' }], memberCount: 1, version: 3 } })),
    ).toEqual([
      {
        type: 'subscribed',
        id: 2,
        channel: 'room:1',
        position: at(0),
        outcome: 'live',
        members: [{ user: 'ada' }],
        memberCount: 1,
        presenceVersion: 3,
      },
    ])
  })

  it('ends with a word when where it stands cannot be found out', () => {
    const lone = new LoneConnection()
    lone.connect()
    lone.say({ type: 'subscribe', id: 2, channel: 'a:1' })
    lone.answer(4, { kind: 'position', position: at(0) })
    lone.say({ type: 'subscribe', id: 3, channel: 'a:1', position: at(0) })
    const failed: Answer = { kind: 'failed', code: 'storage-unavailable', message: 'no' }
    expect(lone.answer(5, failed)).toEqual([
      { type: 'leave', channel: 'a:1' },
      { type: 'send', frame: { type: 'unsubscribed', channel: 'a:1', code: 'storage-unavailable', reason: 'no' } },
      { type: 'send', frame: { type: 'error', id: 3, code: 'storage-unavailable', message: 'no', temporary: true } },
    ])
  })

  it('SUB-4: reads on from where it was told when too much was published meanwhile', () => {
    const lone = new LoneConnection()
    lone.connect()
    lone.say({ type: 'subscribe', id: 2, channel: 'a:1' })
    lone.answer(4, { kind: 'position', position: at(7) })
    expect(lone.connection.handle({ type: 'behind', channel: 'a:1' }, 0)).toEqual([
      { type: 'ask', ticket: 5, ask: { kind: 'recover', channel: 'a:1', from: at(7) } },
    ])
    const publications = [{ offset: 8, data: '1', at: 1 }]
    expect(lone.answer(5, { kind: 'recovered', publications, position: at(8) })).toEqual([
      { type: 'recover', channel: 'a:1', publications, upTo: 8 },
    ])
    lone.connection.handle({ type: 'behind', channel: 'a:1' }, 0)
    expect(sent(lone.answer(6, { kind: 'gap', why: 'too-many', position: at(900) }))).toEqual([
      {
        type: 'subscribed',
        channel: 'a:1',
        position: at(900),
        outcome: 'gap',
        gap: { from: at(8), to: at(900), why: 'too-many' },
      },
    ])
  })

  it('REC-13: tells a subscriber when the epoch changed, and nothing when it did not', () => {
    const lone = new LoneConnection()
    lone.connect()
    lone.say({ type: 'subscribe', id: 2, channel: 'a:1' })
    lone.answer(4, { kind: 'position', position: at(7) })
    lone.connection.handle({ type: 'discontinued', channel: 'a:1' }, 0)
    expect(lone.answer(5, { kind: 'position', position: at(8) })).toEqual([])
    lone.connection.handle({ type: 'discontinued', channel: 'a:1' }, 0)
    const to = { epoch: 'f', offset: 2 }
    expect(lone.answer(6, { kind: 'position', position: { epoch: 'f', offset: 1 } })).toEqual([
      { type: 'begin', channel: 'a:1' },
      { type: 'ask', ticket: 7, ask: { kind: 'position', channel: 'a:1' } },
    ])
    expect(lone.answer(7, { kind: 'position', position: to })).toEqual([
      {
        type: 'send',
        frame: {
          type: 'subscribed',
          channel: 'a:1',
          position: to,
          outcome: 'gap',
          gap: { from: at(7), to, why: 'epoch' },
        },
      },
      { type: 'join', channel: 'a:1', upTo: 2 },
    ])
  })
})
