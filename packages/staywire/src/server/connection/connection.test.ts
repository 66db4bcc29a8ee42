import { describe, expect, it } from 'vitest'
import { at, LoneConnection, sent } from '../../testing/lone-connection.ts'
import { Session } from '../session/session.ts'
const close = (code: number): object => expect.objectContaining({ type: 'close', code })

describe('the handshake', () => {
  it('CONN-7: asks who it is, then whether they may, and answers connected before everything else', () => {
    const lone = new LoneConnection()
    expect(
      lone.say({ type: 'connect', id: 5, token: 't', fence: [1, 2], slot: 'shared', origin: { browser: 'b' } }),
    ).toEqual([{ type: 'ask', ticket: 1, ask: { kind: 'authenticate', token: 't', origin: { browser: 'b' } } }])
    const identity = { user: 'ada' }
    expect(lone.answer(1, { kind: 'identity', identity, expiresInMs: 60_000 })).toEqual([
      {
        type: 'ask',
        ticket: 2,
        ask: { kind: 'admit', identity, claims: { session: undefined, fence: [1, 2], slot: 'shared', browser: 'b' } },
      },
    ])
    const outputs = lone.answer(2, {
      kind: 'admitted',
      session: new Session('n1.s', 'secret', 'ada'),
      resumed: true,
      previous: { code: 4107, reason: 'moved', at: 7 },
    })
    expect(outputs.slice(0, 2)).toEqual([
      { type: 'connected', resumed: true },
      {
        type: 'send',
        frame: {
          type: 'connected',
          id: 5,
          connection: 'c1',
          session: { id: 'n1.s', secret: 'secret', ttlMs: 120_000 },
          user: 'ada',
          resumed: true,
          node: 'n1',
          serverTime: 1_700_000_000_000,
          heartbeat: { intervalMs: 25_000, timeoutMs: 8_000 },
          spreadMs: 1_000,
          limits: { frameBytes: 65_536, subscriptions: 128 },
          dedupe: { windowMs: 300_000, life: 'l' },
          tokenExpiresInMs: 60_000,
          previous: { code: 4107, reason: 'moved', at: 7 },
        },
      },
    ])
  })

  it('CONN-12: subscribes to what the server gives, but only once where the client restates it', () => {
    const lone = new LoneConnection()
    lone.say({ type: 'connect', id: 1, subscriptions: [{ channel: '@user:ada', position: at(3) }] })
    lone.answer(1, { kind: 'identity', identity: { user: 'ada', subscriptions: ['given'] }, expiresInMs: undefined })
    const outputs = lone.answer(2, { kind: 'admitted', session: undefined, resumed: false, previous: undefined })
    expect(outputs.slice(2)).toEqual([
      { type: 'begin', channel: '@user:ada' },
      { type: 'ask', ticket: 3, ask: { kind: 'recover', channel: '@user:ada', from: at(3) } },
      { type: 'begin', channel: 'given' },
      { type: 'ask', ticket: 4, ask: { kind: 'position', channel: 'given' } },
    ])
    expect(lone.connection.subscriptionCount).toBe(0)
  })

  it('CONN-4: closes on any other first frame, and on one that cannot be read', () => {
    for (const frame of [
      { type: 'ping' },
      { type: 'subscribe', id: 1, channel: 'a:1' },
      { type: 'dance' },
      'no json',
      '[]',
    ]) {
      expect(new LoneConnection().say(frame)).toEqual([close(4504)])
    }
  })

  it('CONN-5: closes after the connect timeout, which a connect with a bad value does not stop', () => {
    const lone = new LoneConnection()
    expect(sent(lone.say({ type: 'connect', id: 1, fence: [1] }))).toMatchObject([
      { type: 'error', id: 1, code: 'bad-frame' },
    ])
    const { tellAfterMs } = lone.connection.terms.settings.silence
    expect(lone.passTo(tellAfterMs - 1)).toEqual([])
    expect(lone.passTo(tellAfterMs)).toEqual([close(4105)])
  })

  it('CONN-6: closes on a first frame over 64 KiB without reading it', () => {
    expect(new LoneConnection().say({ type: 'connect', id: 1 }, 65_537)).toEqual([close(4505)])
  })

  it('CONN-9: closes on a second connect, before and after the first is decided', () => {
    const early = new LoneConnection()
    early.say({ type: 'connect', id: 1 })
    expect(early.say({ type: 'connect', id: 2 })).toEqual([close(4504)])
    const late = new LoneConnection()
    late.connect()
    expect(late.say({ type: 'connect', id: 2 })).toEqual([close(4504)])
  })

  it('CONN-10: handles what came along with connect after it, in order', () => {
    const lone = new LoneConnection()
    lone.say({ type: 'connect', id: 1 })
    expect(lone.say({ type: 'publish', id: 2, channel: 'a:1', data: 1 })).toEqual([])
    expect(lone.say({ type: 'subscribe', id: 3, channel: 'a:1', position: 'no' })).toEqual([])
    expect(lone.say({ type: 'ping' })).toEqual([])
    lone.answer(1, { kind: 'identity', identity: { user: 'ada' }, expiresInMs: undefined })
    const outputs = lone.answer(2, { kind: 'admitted', session: undefined, resumed: false, previous: undefined })
    expect(
      outputs.map((output) =>
        output.type === 'send' ? output.frame.type : output.type === 'ask' ? output.ask.kind : output.type,
      ),
    ).toEqual(['connected', 'connected', 'begin', 'position', 'append', 'error', 'pong'])
  })

  it('AUTH-2, AUTH-3: closes with the code it is turned away with, and with 4104 when nobody decides', () => {
    const refused = new LoneConnection()
    refused.say({ type: 'connect', id: 1 })
    expect(refused.answer(1, { kind: 'turned-away', code: 4002 })).toEqual([close(4002)])
    const slow = new LoneConnection()
    slow.say({ type: 'connect', id: 1 })
    expect(slow.passTo(4_999)).toEqual([])
    expect(slow.passTo(5_000)).toEqual([close(4104)])
    expect(slow.answer(1, { kind: 'identity', identity: { user: 'ada' }, expiresInMs: undefined })).toEqual([])
  })

  it('RES-7: tells the winner’s term when it is turned away as stale', () => {
    const lone = new LoneConnection()
    lone.say({ type: 'connect', id: 1, fence: [1, 1] })
    lone.answer(1, { kind: 'identity', identity: { user: 'ada' }, expiresInMs: undefined })
    expect(lone.answer(2, { kind: 'turned-away', code: 4501, term: 9 })).toEqual([
      expect.objectContaining({ code: 4501, term: 9, told: true }),
    ])
  })

  it('BARE-1, BARE-2: greets a bare client at once, and names the channels that cannot be', () => {
    const lone = new LoneConnection({}, { bare: { channels: [] } })
    const outputs = lone.connection.greet({ subscriptions: [{ channel: 'a:1' }], misnamed: ['no spaces'] }, 0)
    expect(outputs).toEqual([{ type: 'ask', ticket: 1, ask: { kind: 'authenticate', token: undefined, origin: {} } }])
    lone.answer(1, { kind: 'identity', identity: { user: 'ada' }, expiresInMs: undefined })
    const frames = sent(lone.answer(2, { kind: 'admitted', session: undefined, resumed: false, previous: undefined }))
    const travels = JSON.parse(JSON.stringify(frames[0])) as object
    expect(travels).not.toHaveProperty('id')
    expect(travels).not.toHaveProperty('session')
    expect(frames[1]).toEqual({
      type: 'unsubscribed',
      channel: 'no spaces',
      code: 'bad-channel',
      reason: expect.any(String),
    })
  })
})

describe('time', () => {
  it('HB-1, HB-3: pings a silent connection and closes it when nothing is heard', () => {
    const lone = new LoneConnection()
    lone.connect()
    expect(lone.passTo(24_799)).toEqual([])
    expect(lone.passTo(32_799)).toEqual([{ type: 'send', frame: { type: 'ping' } }])
    expect(lone.passTo(32_800)).toEqual([
      expect.objectContaining({ event: expect.objectContaining({ type: 'ping-missed', missed: 1 }) }),
      close(4102),
    ])
  })

  it('HB-3: judges nobody whom it does not read from', () => {
    const lone = new LoneConnection({ limits: { decisionTimeoutMs: 100_000 } })
    lone.connect()
    for (let id = 10; id < 60; id++) lone.say({ type: 'call', id, method: 'add' })
    expect(lone.passTo(90_000).filter(({ type }) => type === 'close')).toEqual([])
  })

  it('BARE-4: pings a bare client by its transport', () => {
    const lone = new LoneConnection({}, { bare: { channels: [] } })
    lone.connection.greet({}, 0)
    lone.answer(1, { kind: 'identity', identity: { user: 'ada' }, expiresInMs: undefined })
    lone.answer(2, { kind: 'admitted', session: undefined, resumed: false, previous: undefined })
    lone.answer(3, { kind: 'position', position: at(0) })
    expect(lone.passTo(25_000)).toEqual([{ type: 'ping' }])
    lone.connection.handle({ type: 'pong' }, 25_040)
    expect(lone.connection.heartbeat?.rttMs).toBeGreaterThan(0)
    expect(lone.passTo(40_000)).toEqual([])
  })

  it('AUTH-7: closes when the identity expires, and 60 days are 60 days', () => {
    const day = 86_400_000
    const lone = new LoneConnection({ heartbeat: { enabled: false } })
    lone.connect({}, 60 * day)
    expect(lone.passTo(60 * day - 1)).toEqual([])
    expect(lone.passTo(60 * day)).toEqual([close(4004)])
  })

  it('AUTH-5, AUTH-6: a refreshed token moves the end, a refused one does not', () => {
    const lone = new LoneConnection({ heartbeat: { enabled: false } })
    lone.connect({}, 10_000)
    lone.say({ type: 'refresh', id: 2, token: 'bad' })
    expect(sent(lone.answer(4, { kind: 'turned-away', code: 4002 }))).toMatchObject([{ id: 2, code: 'token-refused' }])
    lone.say({ type: 'refresh', id: 3, token: 'good' })
    expect(sent(lone.answer(5, { kind: 'identity', identity: { user: 'ada' }, expiresInMs: 30_000 }))).toEqual([
      { type: 'result', id: 3, tokenExpiresInMs: 30_000 },
    ])
    expect(lone.passTo(29_999)).toEqual([])
    expect(lone.passTo(30_000)).toEqual([close(4004)])
  })

  it('SUB-8: a refreshed identity with narrower rights loses the subscriptions they covered', () => {
    const lone = new LoneConnection({ channels: {} }, {}, false)
    lone.connect({ claims: { subscribe: ['x', 'y'] } })
    for (const [ticket, channel] of [
      [4, 'x'],
      [5, 'y'],
    ] as const) {
      lone.say({ type: 'subscribe', id: ticket, channel })
      lone.answer(ticket, { kind: 'position', position: at(0) })
    }
    lone.say({ type: 'refresh', id: 9, token: 't' })
    expect(
      lone.answer(6, {
        kind: 'identity',
        identity: { user: 'ada', claims: { subscribe: ['y'] } },
        expiresInMs: undefined,
      }),
    ).toEqual([
      { type: 'send', frame: { type: 'result', id: 9 } },
      { type: 'leave', channel: 'x' },
      { type: 'send', frame: { type: 'unsubscribed', channel: 'x', code: 'forbidden', reason: expect.any(String) } },
    ])
  })

  it('CONN-15: closes who is idle, but nobody with a subscription of their own', () => {
    const options = { limits: { idleTimeoutMs: 1_000 }, heartbeat: { enabled: false } }
    const idle = new LoneConnection(options)
    idle.connect()
    idle.passTo(600)
    idle.say({ type: 'ping' })
    expect(idle.passTo(1_000)).toEqual([close(4106)])
    const subscribed = new LoneConnection(options)
    subscribed.connect()
    subscribed.say({ type: 'subscribe', id: 2, channel: 'typing:1' })
    expect(subscribed.passTo(100_000)).toEqual([])
  })
})

describe('the end', () => {
  it('CLOSE-12, RES-10: answers disconnect with 1000, and ends the session when asked to', () => {
    for (const end of [undefined, true]) {
      const lone = new LoneConnection()
      lone.connect()
      expect(lone.say({ type: 'disconnect', end })).toEqual([
        { type: 'close', code: 1000, reason: '', by: 'client', told: false, end: end === true },
      ])
    }
  })

  it('RES-7: nothing more is read and nothing more is said once it is over', () => {
    const lone = new LoneConnection()
    lone.connect()
    expect(lone.connection.handle({ type: 'close', code: 4501, reason: 'replaced', term: 4 }, 0)).toEqual([
      { type: 'close', code: 4501, reason: 'replaced', by: 'server', told: true, term: 4 },
    ])
    expect(lone.say({ type: 'publish', id: 2, channel: 'a:1', data: 1 })).toEqual([])
    expect(lone.connection.handle({ type: 'ended', code: 1006, reason: '', by: 'network' }, 0)).toEqual([])
    expect(lone.connection.wakeAt).toBe(Infinity)
  })

  it('FRAME-5, FRAME-6, FRAME-8: what cannot be read closes, what can but does not fit is answered', () => {
    const lone = new LoneConnection()
    lone.connect()
    expect(sent(lone.say({ type: 'subscribe', id: 7, channel: 'no spaces' }))).toMatchObject([
      { type: 'error', id: 7, code: 'bad-channel' },
    ])
    expect(sent(lone.say({ type: 'dance', id: 8 }))).toMatchObject([{ type: 'error', id: 8, code: 'unknown-frame' }])
    expect(sent(lone.say({ type: 'call', id: 9, method: 'add' }, 70_000))).toMatchObject([
      { type: 'error', id: 9, code: 'payload-too-large' },
    ])
    expect(lone.say('{')).toEqual([close(4504)])
    const other = new LoneConnection()
    other.connect()
    expect(other.connection.handle({ type: 'binary' }, 0)).toEqual([close(4504)])
  })
})
