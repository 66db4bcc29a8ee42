import { describe, expect, it } from 'vitest'
import type { Members, MembersListener, MemberEntry } from '../broker/broker.ts'
import type { EncodedFrame } from '../hub/encoded-frame.ts'
import type { Sink } from '../hub/sinks.ts'
import { Presence } from './presence.ts'

/** A members port of which this node is not the only user. */
class Port implements Members {
  readonly log: string[] = []
  readonly elsewhere: MemberEntry[] = []
  tell: MembersListener = () => undefined
  async put(channel: string, { session }: MemberEntry): Promise<void> {
    this.log.push(`put ${channel} ${session}`)
  }
  async remove(channel: string, session: string): Promise<void> {
    this.log.push(`remove ${channel} ${session}`)
  }
  async list(): Promise<readonly MemberEntry[]> {
    return this.elsewhere
  }
  listen(listener: MembersListener): void {
    this.tell = listener
  }
}

class Watcher implements Sink {
  readonly frames: Record<string, unknown>[] = []
  send({ text }: EncodedFrame): void {
    const { presenceVersion, channel, ...frame } = JSON.parse(text) as Record<string, unknown>
    this.frames.push(frame)
  }
}

function setUp(maxMembers = 200) {
  const port = new Port()
  const turn: (() => void)[] = []
  const presence = new Presence(
    port,
    { maxMembers, lingerMs: 5_000 },
    (action) => turn.push(action),
    (error) => {
      throw error
    },
  )
  const endOfTurn = (): void => turn.splice(0).forEach((action) => action())
  const watcher = new Watcher()
  return {
    port,
    presence,
    watcher,
    endOfTurn,
    ada: { session: 's-ada', user: 'ada' },
    bob: { session: 's-bob', user: 'bob', data: 'B' },
  }
}

describe('presence', () => {
  it('PRES-1, PRES-2: shows who is there and tells what changes after that', () => {
    const { presence, watcher, ada, bob } = setUp()
    presence.enter('a', ada)
    const { members, memberCount } = presence.watch('a', watcher, 'members')
    expect([members, memberCount]).toEqual([[{ user: 'ada' }], 1])
    presence.enter('a', bob)
    presence.tick(0)
    presence.leave('a', 's-bob')
    presence.tick(100)
    expect(watcher.frames).toEqual([
      { type: 'join', member: { user: 'bob', data: 'B' }, memberCount: 2 },
      { type: 'leave', member: { user: 'bob', data: 'B' }, memberCount: 1 },
    ])
  })

  it('PRES-3: does not announce who comes and goes within a tick, to whom it looks that way', () => {
    const { presence, watcher, ada, bob } = setUp()
    const late = new Watcher()
    presence.watch('a', watcher, 'members')
    presence.enter('a', ada)
    presence.enter('a', bob)
    presence.watch('a', late, 'members')
    presence.leave('a', 's-bob')
    presence.tick(0)
    expect(watcher.frames).toEqual([{ type: 'join', member: { user: 'ada' }, memberCount: 1 }])
    expect(late.frames).toEqual([{ type: 'leave', member: { user: 'bob', data: 'B' }, memberCount: 1 }])
  })

  it('PRES-4: names nobody above the limit, and tells all changes of a tick in one count', () => {
    const { presence, watcher } = setUp(2)
    presence.watch('a', watcher, 'members')
    for (let n = 0; n < 5; n++) presence.enter('a', { session: `s${n}`, user: `u${n}` })
    presence.tick(0)
    expect(watcher.frames).toEqual([{ type: 'join', memberCount: 5 }])
    expect(presence.look('a')).toMatchObject({ members: [], memberCount: 5 })
    for (let n = 0; n < 4; n++) presence.leave('a', `s${n}`)
    presence.tick(1)
    expect(watcher.frames.slice(1)).toHaveLength(4)
  })

  it('announces named members at the end of the turn, and a crowd at the next tick', () => {
    const { presence, watcher, endOfTurn, ada, bob } = setUp(1)
    presence.watch('a', watcher, 'members')
    presence.enter('a', ada)
    expect(watcher.frames).toEqual([])
    endOfTurn()
    expect(watcher.frames).toHaveLength(1)
    presence.enter('a', bob)
    endOfTurn()
    expect(watcher.frames).toHaveLength(1)
    presence.tick(0)
    expect(watcher.frames).toHaveLength(2)
  })

  it('tells counts only to who asked for counts', () => {
    const { presence, watcher, ada, bob } = setUp()
    presence.watch('a', watcher, 'count')
    presence.enter('a', ada)
    presence.enter('a', bob)
    presence.tick(0)
    expect(watcher.frames).toEqual([{ type: 'join', memberCount: 2 }])
  })

  it('PRES-6: a dropped member stays for its linger, and a session that comes back before is not noticed', () => {
    const { port, presence, watcher, ada } = setUp()
    presence.enter('a', ada)
    presence.watch('a', watcher, 'members')
    presence.leave('a', 's-ada', 1_000)
    presence.tick(5_999)
    presence.enter('a', ada)
    presence.tick(60_000)
    expect(watcher.frames).toEqual([])
    presence.leave('a', 's-ada', 61_000)
    presence.tick(65_999)
    expect(watcher.frames).toEqual([])
    presence.tick(66_000)
    expect(watcher.frames).toEqual([{ type: 'leave', member: { user: 'ada' }, memberCount: 0 }])
    expect(port.log).toEqual(['put a s-ada', 'remove a s-ada'])
  })

  it('PRES-6: a second drop starts the linger anew', () => {
    const { presence, watcher, ada } = setUp()
    presence.enter('a', ada)
    presence.watch('a', watcher, 'members')
    presence.leave('a', 's-ada', 0)
    presence.enter('a', ada)
    presence.leave('a', 's-ada', 4_000)
    presence.tick(5_000)
    presence.tick(8_999)
    expect(watcher.frames).toEqual([])
    presence.tick(9_000)
    expect(watcher.frames).toHaveLength(1)
  })

  it('a new session of the same user inherits a lingering one silently', () => {
    const { presence, watcher, ada } = setUp()
    presence.enter('a', ada)
    presence.watch('a', watcher, 'members')
    presence.leave('a', 's-ada', 0)
    presence.enter('a', { session: 's-ada-2', user: 'ada' })
    presence.tick(10_000)
    expect([watcher.frames, presence.look('a').memberCount]).toEqual([[], 1])
  })

  it('PRES-7: who unsubscribes or ends the session leaves at once, also while lingering', () => {
    const { presence, watcher, ada } = setUp()
    presence.watch('a', watcher, 'members')
    presence.enter('a', ada)
    presence.tick(0)
    presence.leave('a', 's-ada', 0)
    presence.leave('a', 's-ada')
    presence.tick(1)
    expect(watcher.frames.at(-1)).toEqual({ type: 'leave', member: { user: 'ada' }, memberCount: 0 })
  })

  it('PRES-9: a user with several connections is one member, which leaves with the last', () => {
    const { presence, watcher, ada } = setUp()
    presence.watch('a', watcher, 'members')
    presence.enter('a', ada)
    presence.enter('a', ada)
    presence.enter('a', { session: 'other', user: 'ada' })
    presence.tick(0)
    presence.leave('a', 's-ada')
    presence.leave('a', 'other')
    presence.tick(1)
    expect(watcher.frames).toEqual([{ type: 'join', member: { user: 'ada' }, memberCount: 1 }])
    presence.leave('a', 's-ada')
    presence.tick(2)
    expect(watcher.frames).toHaveLength(2)
  })

  it('knows members on other nodes, from before and from now on', async () => {
    const { port, presence, watcher, bob } = setUp()
    port.elsewhere.push(bob)
    await presence.load('a')
    expect(presence.watch('a', watcher, 'members').members).toEqual([{ user: 'bob', data: 'B' }])
    port.tell('a', 'join', { session: 'x', user: 'eve' })
    port.tell('a', 'leave', bob)
    presence.tick(0)
    expect(watcher.frames.map(({ type }) => type)).toEqual(['join', 'leave'])
  })

  it('keeps nothing of a channel that everybody left', async () => {
    const { presence, watcher, ada } = setUp()
    presence.enter('a', ada)
    presence.watch('a', watcher, 'members')
    presence.unwatch('a', watcher)
    presence.leave('a', 's-ada', 0)
    presence.tick(5_000)
    presence.tick(5_100)
    presence.look('never')
    await presence.load('b')
    presence.watch('b', watcher, 'count')
    presence.unwatch('b', watcher)
    expect(presence.size).toBe(0)
  })
})
