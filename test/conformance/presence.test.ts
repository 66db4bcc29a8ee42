// Who is there: answered when asked for, told as it changes.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostForTest, startHost, type Host } from './harness/host.ts'
import type { Peer, Wire } from './harness/peer.ts'

let host: Host
beforeAll(async () => {
  host = await startHost({
    authenticate: ({ token = '' }) => ({
      user: token.split('+')[0] ?? '',
      ...(token.includes('+') && { data: { color: token.split('+')[1] ?? '' } }),
    }),
  })
})
afterAll(() => host.close())

const join = async (user: string, channel: string, presence?: string): Promise<{ peer: Peer; answer: Wire }> => {
  const peer = await host.connect(user)
  return { peer, answer: await peer.ask({ type: 'subscribe', channel, ...(presence && { presence }) }) }
}
const changes = (frames: readonly Wire[]): [string, string | undefined, unknown][] =>
  frames
    .filter(({ type }) => type === 'join' || type === 'leave')
    .map((frame) => [frame.type, (frame['member'] as { user: string } | undefined)?.user, frame['memberCount']])
const users = (frame: Wire): string[] => (frame['members'] as { user: string }[]).map(({ user }) => user).toSorted()

describe('asking', () => {
  it('PRES-1: `members` is answered with who is there, oneself and their data included', async () => {
    await join('ada+red', 'room:1')
    const { answer } = await join('bob', 'room:1', 'members')
    expect(answer).toMatchObject({ type: 'subscribed', memberCount: 2, presenceVersion: expect.any(Number) })
    expect(answer['members']).toEqual(
      expect.arrayContaining([{ user: 'ada', data: { color: 'red' } }, { user: 'bob' }]),
    )
    expect(answer['members']).toHaveLength(2)
  })

  it('PRES-1: `count` is answered with the number alone, nothing with neither', async () => {
    expect((await join('ada', 'room:1c', 'count')).answer).toMatchObject({
      memberCount: 1,
      presenceVersion: expect.any(Number),
    })
    expect((await join('bob', 'room:1c', 'count')).answer).not.toHaveProperty('members')
    const silent = (await join('eve', 'room:1c')).answer
    for (const field of ['members', 'memberCount', 'presenceVersion']) expect(silent).not.toHaveProperty(field)
  })

  it('PRES-5: `presence` is answered with who is there now', async () => {
    const { peer } = await join('ada', 'room:5')
    await join('bob', 'room:5')
    const answer = await peer.ask({ type: 'presence', channel: 'room:5' })
    expect(answer).toMatchObject({ type: 'result', memberCount: 2, presenceVersion: expect.any(Number) })
    expect(users(answer)).toEqual(['ada', 'bob'])
    const outsider = await host.connect('eve')
    expect(await outsider.ask({ type: 'presence', channel: 'room:5' })).toMatchObject({
      type: 'error',
      code: 'not-subscribed',
    })
    expect(await outsider.ask({ type: 'presence', channel: 'secret:5' })).toMatchObject({ type: 'error' })
  })

  it('PRES-8: a channel without presence says so', async () => {
    const { peer, answer } = await join('ada', 'live:8', 'members')
    expect(answer).toEqual({
      type: 'subscribed',
      id: expect.any(Number),
      channel: 'live:8',
      position: expect.anything(),
      outcome: 'live',
    })
    expect(await peer.ask({ type: 'presence', channel: 'live:8' })).toMatchObject({
      type: 'error',
      code: 'no-presence',
    })
  })
})

describe('telling', () => {
  it('PRES-2: joins and leaves go to who asked, with a version that only grows', async () => {
    const [{ peer: asked, answer }, { peer: silent }] = [
      await join('ada', 'room:2', 'members'),
      await join('bob', 'room:2'),
    ]
    const { peer: eve } = await join('eve', 'room:2')
    await asked.take('join')
    const second = await asked.take('join')
    expect(second).toEqual({
      type: 'join',
      channel: 'room:2',
      member: { user: 'eve' },
      memberCount: 3,
      presenceVersion: expect.any(Number),
    })
    await eve.ask({ type: 'unsubscribe', channel: 'room:2' })
    const left = await asked.take('leave')
    expect(left).toEqual({
      type: 'leave',
      channel: 'room:2',
      member: { user: 'eve' },
      memberCount: 2,
      presenceVersion: expect.any(Number),
    })
    const versions = [answer, second, left].map((frame) => frame['presenceVersion'] as number)
    expect(versions).toEqual(versions.toSorted((a, b) => a - b))
    expect(new Set(versions).size).toBe(3)
    expect(changes(await silent.settle())).toEqual([])
  })

  it('PRES-2: who asked for `count` is told counts', async () => {
    const { peer } = await join('ada', 'room:2c', 'count')
    await join('bob', 'room:2c')
    expect(await peer.take('join')).toEqual({
      type: 'join',
      channel: 'room:2c',
      memberCount: 2,
      presenceVersion: expect.any(Number),
    })
  })

  it('PRES-3: who comes and goes within one tick is not announced', async () => {
    const { peer } = await join('ada', 'room:3', 'members')
    const bob = await host.connect('bob')
    await bob.settle()
    for (let id = 10; id < 20; id += 2) {
      bob.send({ type: 'subscribe', id, channel: 'room:3' })
      bob.send({ type: 'unsubscribe', id: id + 1, channel: 'room:3' })
    }
    await bob.settle()
    await join('carol', 'room:3')
    const told = []
    do told.push(...changes([await peer.next()]))
    while (told.at(-1)?.[1] !== 'carol')
    // At most one tick ended in the middle of it: then bob was seen to come once, and to go.
    expect([0, 2]).toContain(told.filter(([, user]) => user === 'bob').length)
  })

  it('PRES-4: above 200 members there are only counts', async () => {
    const crowded = await hostForTest()
    const first = await crowded.connect('user0')
    await first.ask({ type: 'subscribe', channel: 'room:4', presence: 'members' })
    for (let n = 1; n < 200; n++)
      await (await crowded.connect(`user${n}`, { subscriptions: [{ channel: 'room:4' }] })).settle()
    const last = await crowded.connect('last')
    await last.settle()
    expect(await first.take((frame) => frame['memberCount'] === 200)).toMatchObject({
      type: 'join',
      member: { user: expect.stringMatching(/^user/) },
    })
    expect((await first.settle()).every(({ type, member }) => type === 'join' && member !== undefined)).toBe(true)
    expect(await last.ask({ type: 'subscribe', channel: 'room:4', presence: 'members' })).toMatchObject({
      memberCount: 201,
    })
    const told = await first.take('join')
    expect(told).toEqual({ type: 'join', channel: 'room:4', memberCount: 201, presenceVersion: expect.any(Number) })
    const answer = await first.ask({ type: 'presence', channel: 'room:4' })
    expect(answer).toMatchObject({ memberCount: 201 })
    expect(answer).not.toHaveProperty('members')
  })
})

describe('leaving', () => {
  it('PRES-6: a session that comes back within the linger neither left nor joined', async () => {
    const { peer: watcher } = await join('ada', 'room:6', 'members')
    const first = await host.connect('bob', { subscriptions: [{ channel: 'room:6' }] })
    await watcher.take('join')
    first.drop()
    await sleep(300)
    const second = await host.connect('bob', {
      session: first.connected['session'],
      subscriptions: [{ channel: 'room:6' }],
    })
    await second.settle()
    await sleep(6_500)
    expect(changes(await watcher.settle())).toEqual([])
    expect(await watcher.ask({ type: 'presence', channel: 'room:6' })).toMatchObject({ memberCount: 2 })
  })

  it('PRES-6: a session that does not come back leaves after the linger, and not before', async () => {
    const { peer: watcher } = await join('ada', 'room:6b', 'members')
    const bob = await host.connect('bob', { subscriptions: [{ channel: 'room:6b' }] })
    await watcher.take('join')
    const since = performance.now()
    bob.drop()
    await sleep(4_000)
    expect(changes(await watcher.settle())).toEqual([])
    expect(await watcher.take('leave')).toMatchObject({ member: { user: 'bob' }, memberCount: 1 })
    expect(performance.now() - since).toBeGreaterThanOrEqual(4_900)
    expect(performance.now() - since).toBeLessThan(8_000)
  })

  it('PRES-7: unsubscribing, and ending the session, leave at once', async () => {
    const { peer: watcher } = await join('ada', 'room:7', 'members')
    for (const leave of [
      { type: 'unsubscribe', id: 50, channel: 'room:7' },
      { type: 'disconnect', end: true },
    ]) {
      const { peer } = await join('bob', 'room:7')
      await watcher.take('join')
      const since = performance.now()
      peer.send(leave)
      await watcher.take('leave')
      expect(performance.now() - since).toBeLessThan(1_500)
      peer.drop()
    }
  })

  it('PRES-9: several connections of a user are one member, which leaves with the last', async () => {
    const { peer: watcher } = await join('ada', 'room:9', 'members')
    const [one, two] = [await join('bob', 'room:9'), await join('bob', 'room:9')]
    expect(changes([await watcher.take('join')])).toEqual([['join', 'bob', 2]])
    one.peer.send({ type: 'disconnect', end: true })
    await one.peer.ended
    await sleep(100)
    expect(changes(await watcher.settle())).toEqual([])
    expect(users(await watcher.ask({ type: 'presence', channel: 'room:9' }))).toEqual(['ada', 'bob'])
    two.peer.send({ type: 'disconnect', end: true })
    expect(changes([await watcher.take('leave')])).toEqual([['leave', 'bob', 1]])
  })
})
