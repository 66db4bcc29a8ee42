import { describe, expect, it } from 'vitest'
import { LoneConnection, sent } from '../../testing/lone-connection.ts'

const frames = (lone: LoneConnection, count: number, frame: (n: number) => object): object[] =>
  Array.from({ length: count }, (_, n) => sent(lone.say(frame(n)))).flat()

const slow = (more: object = {}): LoneConnection => {
  const lone = new LoneConnection({ limits: { framesPerSecond: 10, burstMs: 500, ...more } })
  lone.connect()
  return lone
}

describe('a connection over its rate', () => {
  it('LIM-7: is refused for a while, with the id of what was refused and when to come again', () => {
    const lone = slow()
    frames(lone, 5, () => ({ type: 'ping' }))
    expect(sent(lone.say({ type: 'call', id: 7, method: 'add' }))).toEqual([
      {
        type: 'error',
        id: 7,
        code: 'rate-limited',
        message: 'Too many frames: see framesPerSecond.',
        temporary: true,
        retryAfterMs: 100,
      },
    ])
    lone.now = 200
    expect(sent(lone.say({ type: 'dance', id: 8 }))).toMatchObject([{ id: 8, code: 'unknown-frame' }])
  })

  it('LIM-7: is answered its pings, and heard when it says goodbye', () => {
    const lone = slow()
    expect(frames(lone, 8, () => ({ type: 'ping' }))).toEqual(Array.from({ length: 8 }, () => ({ type: 'pong' })))
    expect(lone.say({ type: 'disconnect' })).toMatchObject([{ type: 'close', code: 1000 }])
  })

  it('LIM-7: is closed with 4201 once it is a second ahead, whatever it sends', () => {
    for (const flood of [
      (lone: LoneConnection) => lone.say({ type: 'ping' }),
      (lone: LoneConnection) => lone.say({ type: 'dance' }),
      (lone: LoneConnection) => lone.connection.handle({ type: 'heard' }, 0),
    ]) {
      const lone = slow()
      for (let n = 0; n < 15; n++) flood(lone)
      expect(lone.connection.phase).toBe('connected')
      expect(flood(lone).find(({ type }) => type === 'close')).toMatchObject({ code: 4201, retryAfterMs: 1_100 })
    }
  })

  it('LIM-7: counts bytes', () => {
    const lone = slow({ framesPerSecond: 0, bytesPerSecond: 1_000 })
    expect(sent(lone.say({ type: 'call', id: 7, method: 'add' }, 700))).toMatchObject([
      { code: 'rate-limited', retryAfterMs: 200 },
    ])
  })

  it('LIM-7, PUB-15: lets no publish overtake one that was refused', () => {
    const lone = slow()
    const publish = (n: number) => ({ type: 'publish', id: n + 1, channel: 'a:1', data: n, key: `k${n}` })
    const first = frames(lone, 7, publish)
    expect(first).toMatchObject([
      { id: 6, code: 'rate-limited' },
      { id: 7, code: 'rate-limited' },
    ])
    lone.now = 1_000
    expect(sent(lone.say(publish(7)))).toMatchObject([{ id: 8, code: 'rate-limited' }])
    expect(sent(lone.say(publish(5)))).toEqual([])
  })

  it('LIM-7: is not known by strangers’ pings to any user, but is closed for a flood of them', () => {
    const lone = new LoneConnection({ limits: { framesPerSecond: 10, burstMs: 500, userFramesPerSecond: 1 } })
    for (let n = 0; n < 15; n++) expect(lone.connection.handle({ type: 'heard' }, 0)).toEqual([])
    expect(lone.connection.handle({ type: 'heard' }, 0)).toMatchObject([{ type: 'report' }, { code: 4201 }])
    expect(lone.connection.terms.rates.users).toBe(0)
  })
})
