import { describe, expect, it } from 'vitest'
import { Session } from './session.ts'
import { Sessions } from './sessions.ts'

const setUp = (maxDropped = 100) => new Sessions(1_000, maxDropped, (a, b) => a === b)
const credentials = ({ id, secret }: Session) => ({ id, secret })

function dropped(sessions: Sessions, id: string, at: number): Session {
  const session = new Session(id, `secret-${id}`, 'ada')
  sessions.attach(session)
  sessions.detach(session, undefined, at)
  return session
}

describe('sessions', () => {
  it('RES-1: are kept for their ttl after the last connection, and can be resumed any number of times', () => {
    const sessions = setUp()
    const session = dropped(sessions, 's', 0)
    for (let now = 900; now < 5_000; now += 900) {
      sessions.expire(now)
      expect(sessions.find(credentials(session), 'ada')).toBe(session)
      sessions.attach(session)
      sessions.expire(now + 100_000)
      sessions.detach(session, undefined, now)
    }
    sessions.expire(5_400)
    expect(sessions.find(credentials(session), 'ada')).toBe(session)
    sessions.expire(5_500)
    expect([sessions.find(credentials(session), 'ada'), sessions.size]).toEqual([undefined, 0])
  })

  it('RES-3: an unknown id, a wrong secret and another user find nothing and leave the session alone', () => {
    const sessions = setUp()
    const session = dropped(sessions, 's', 0)
    expect(sessions.find({ id: 'x', secret: session.secret }, 'ada')).toBeUndefined()
    expect(sessions.find({ id: 's', secret: 'wrong' }, 'ada')).toBeUndefined()
    expect(sessions.find(credentials(session), 'eve')).toBeUndefined()
    expect(sessions.find(credentials(session), 'ada')).toBe(session)
  })

  it('RES-10: an ended session no longer resumes, also when a connection of it is still to end', () => {
    const sessions = setUp()
    const session = new Session('s', 'x', 'ada')
    sessions.attach(session)
    sessions.end(session)
    sessions.detach(session, undefined, 0)
    expect([sessions.find(credentials(session), 'ada'), sessions.size, sessions.dropped]).toEqual([undefined, 0, 0])
  })

  it('CONN-16: remember how the server ended their last connection, and forget it when the client ended the next', () => {
    const sessions = setUp()
    const session = new Session('s', 'x', 'ada')
    sessions.attach(session)
    sessions.detach(session, { code: 4107, reason: 'moved', at: 5 }, 5)
    expect(session.previous).toEqual({ code: 4107, reason: 'moved', at: 5 })
    sessions.attach(session)
    sessions.detach(session, undefined, 6)
    expect(session.previous).toBeUndefined()
  })

  it('count their connections: only after the last one the ttl begins', () => {
    const sessions = setUp()
    const session = new Session('s', 'x', 'ada')
    sessions.attach(session)
    sessions.attach(session)
    sessions.detach(session, undefined, 0)
    sessions.expire(1e9)
    expect([sessions.size, sessions.dropped]).toEqual([1, 0])
  })

  it('are bounded: beyond the limit the one dropped longest ago goes first', () => {
    const sessions = setUp(2)
    const [first, second, third] = ['a', 'b', 'c'].map((id, at) => dropped(sessions, id, at)) as [
      Session,
      Session,
      Session,
    ]
    expect([first, second, third].map((session) => sessions.find(credentials(session), 'ada'))).toEqual([
      undefined,
      second,
      third,
    ])
  })
})
