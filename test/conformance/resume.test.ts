// Sessions that survive their connections, and fences that decide who is newer.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostForTest, startHost, type Host } from './harness/host.ts'
import type { Peer } from './harness/peer.ts'

type Session = { id: string; secret: string; ttlMs: number }

let host: Host
beforeAll(async () => {
  host = await startHost()
})
afterAll(() => host.close())

const sessionOf = (peer: { readonly connected: Record<string, unknown> }): Session =>
  peer.connected['session'] as Session
const alive = async (peer: Peer): Promise<boolean> => {
  await peer.settle()
  return true
}

describe('resume', () => {
  it('RES-1, RES-2: the same session comes back any number of times', async () => {
    const first = await host.connect('ada')
    const session = sessionOf(first)
    expect(session).toEqual({
      id: expect.stringMatching(/.{8}/),
      secret: expect.stringMatching(/.{16}/),
      ttlMs: expect.any(Number),
    })
    expect(first.connected['resumed']).toBe(false)
    let last: Peer = first
    for (let n = 0; n < 5; n++) {
      last.drop()
      const next = await host.connect('ada', { session: { id: session.id, secret: session.secret } })
      expect(next.connected).toMatchObject({ resumed: true, session: { id: session.id } })
      last = next
    }
    last.drop()
  })

  it('RES-1: after its ttl a session is gone', async () => {
    const brief = await hostForTest({ limits: { sessionTtlMs: 300 } })
    const first = await brief.connect('ada')
    expect(sessionOf(first).ttlMs).toBe(300)
    await sleep(600)
    first.drop()
    await sleep(100)
    const second = await brief.connect('ada', { session: sessionOf(first) })
    expect(second.connected['resumed']).toBe(true)
    second.drop()
    await sleep(1_500)
    expect((await brief.connect('ada', { session: sessionOf(first) })).connected['resumed']).toBe(false)
  })

  it.each([
    ['an unknown id', 'ada', (session: Session) => ({ ...session, id: 'n-nothing' })],
    ['a wrong secret', 'ada', (session: Session) => ({ ...session, secret: 'x'.repeat(session.secret.length) })],
    ['an empty secret', 'ada', (session: Session) => ({ ...session, secret: '' })],
    ['another user', 'eve', (session: Session) => session],
  ])('RES-3: %s gives a new session and leaves the old one alone', async (_, user, change) => {
    const owner = await host.connect('ada')
    const thief = await host.connect(user, { session: change(sessionOf(owner)), fence: [9, 9] })
    expect(thief.connected['resumed']).toBe(false)
    expect(sessionOf(thief).id).not.toBe(sessionOf(owner).id)
    expect(await alive(owner)).toBe(true)
    const back = await host.connect('ada', { session: sessionOf(owner) })
    expect(back.connected['resumed']).toBe(true)
    for (const peer of [owner, thief, back]) peer.drop()
  })

  it('RES-4: permissions are asked again', async () => {
    let welcome = true
    const fickle = await hostForTest({
      authenticate: ({ token = '' }) => (welcome || token !== 'ada' ? { user: token } : null),
      authorize: () => welcome,
    })
    const first = await fickle.connect('ada')
    expect(await first.ask({ type: 'subscribe', channel: 'unruled:1' })).toMatchObject({ type: 'subscribed' })
    const bob = await fickle.connect('bob')
    first.drop()
    bob.drop()
    welcome = false
    const second = await fickle.open()
    second.send({ type: 'connect', id: 1, token: 'ada', session: sessionOf(first) })
    expect((await second.ended).code).toBe(4002)
    const third = await fickle.connect('bob', { session: sessionOf(bob), subscriptions: [{ channel: 'unruled:1' }] })
    expect(third.connected['resumed']).toBe(true)
    expect(await third.take('unsubscribed')).toMatchObject({ channel: 'unruled:1', code: 'forbidden' })
  })

  it('RES-10: `disconnect` with `end` ends the session for good', async () => {
    const first = await host.connect('ada')
    first.send({ type: 'disconnect', end: true })
    expect((await first.ended).code).toBe(1000)
    const second = await host.connect('ada', { session: sessionOf(first) })
    expect(second.connected['resumed']).toBe(false)
    second.drop()
  })
})

describe('fences', () => {
  const claims = {
    session: (first: { readonly connected: Record<string, unknown> } | undefined, fence: [number, number]) => ({
      fence,
      ...(first && { session: sessionOf(first) }),
    }),
    slot: (_: unknown, fence: [number, number]) => ({ fence, slot: 'shared', origin: { browser: 'b1' } }),
  }

  it.each(['session', 'slot'] as const)(
    'RES-5, RES-6, RES-7: a newer claim of a %s closes the older at once',
    async (place) => {
      const older = await host.connect('ada', claims[place](undefined, [5, 1]))
      for (const fence of [
        [5, 2],
        [6, 1],
      ] as const) {
        const newer = await host.connect('ada', claims[place](older, [...fence]))
        const previous = fence[0] === 5 ? older : undefined
        if (previous) {
          expect((await previous.ended).code).toBe(4501)
          expect(previous.inbox.at(-1)).toMatchObject({ type: 'disconnect', code: 4501, term: 5 })
        }
        expect(await alive(newer)).toBe(true)
        newer.drop()
      }
    },
  )

  it.each(['session', 'slot'] as const)(
    'RES-5, RES-6, RES-7: a stale claim of a %s is closed itself, and the live one stays',
    async (place) => {
      const live = await host.connect('bob', claims[place](undefined, [7, 3]))
      await live.settle()
      for (const fence of [
        [7, 2],
        [6, 9],
        [1, 1],
      ] as const) {
        const late = await host.open()
        late.send({ type: 'connect', id: 1, token: 'bob', ...claims[place](live, [...fence]) })
        expect((await late.ended).code).toBe(4501)
        expect(late.inbox.at(-1)).toMatchObject({ type: 'disconnect', code: 4501, term: 7 })
      }
      expect(await alive(live)).toBe(true)
      live.drop()
    },
  )

  it('RES-6: other users, browsers and slots are other places', async () => {
    const connects = [
      ['ada', 'shared', 'b2'],
      ['bob', 'shared', 'b2'],
      ['ada', 'tab-1', 'b2'],
      ['ada', 'shared', 'b3'],
    ] as const
    const peers = []
    for (const [user, slot, browser] of connects)
      peers.push(await host.connect(user, { fence: [1, 1], slot, origin: { browser } }))
    for (const peer of peers) expect(await alive(peer)).toBe(true)
    for (const peer of peers) peer.drop()
  })

  it('RES-6: of claims that arrive together in any order the highest stays', async () => {
    const attempts = [4, 1, 5, 2, 3]
    const peers = await Promise.all(attempts.map(() => host.open()))
    peers.forEach((peer, n) =>
      peer.send({
        type: 'connect',
        id: 1,
        token: 'race',
        slot: 'shared',
        origin: { browser: 'b' },
        fence: [1, attempts[n]],
      }),
    )
    const endings = await Promise.all(
      peers.map((peer, n) =>
        attempts[n] === 5 ? peer.take('connected').then(() => 'stays') : peer.ended.then(({ code }) => code),
      ),
    )
    expect(endings).toEqual([4501, 4501, 'stays', 4501, 4501])
    expect(await host.server.connections.list({ user: 'race' })).toHaveLength(1)
  })

  it('RES-7: nothing more is read from a replaced connection', async () => {
    const older = await host.connect('carol', { fence: [1, 1], slot: 's', origin: { browser: 'b' } })
    await host.connect('carol', { fence: [1, 2], slot: 's', origin: { browser: 'b' } })
    older.send({ type: 'publish', id: 9, channel: 'live:ghost', data: 'too late' })
    await older.ended
    await sleep(50)
    expect((await host.server.history('live:ghost')).position.offset).toBe(0)
  })

  it('RES-8: the late end of the replaced one changes nothing for the winner', async () => {
    const watcher = await host.connect('watcher')
    await watcher.ask({ type: 'subscribe', channel: 'room:fence', presence: 'members' })
    const claim = (attempt: number) => ({
      fence: [1, attempt],
      slot: 's',
      origin: { browser: 'b' },
      subscriptions: [{ channel: 'room:fence', presence: 'members' }],
    })
    const older = await host.connect('dora', claim(1))
    expect(await watcher.take('join')).toMatchObject({ member: { user: 'dora' } })
    const newer = await host.connect('dora', { ...claim(2), session: sessionOf(older) })
    older.drop()
    await older.ended
    await sleep(200)
    expect((await watcher.settle()).filter(({ type }) => type === 'join' || type === 'leave')).toEqual([])
    expect(await host.server.connections.list({ user: 'dora' })).toMatchObject([{ id: newer.connected['connection'] }])
    expect(await watcher.ask({ type: 'presence', channel: 'room:fence' })).toMatchObject({ memberCount: 2 })
    newer.drop()
  })

  it('RES-9: who sends neither fence nor slot is left alone', async () => {
    const plain = [await host.connect('gil'), await host.connect('gil', { origin: { browser: 'b' } })]
    await host.connect('gil', { fence: [9, 9], slot: 'shared', origin: { browser: 'b' } })
    plain.push(
      await host.connect('gil', { session: sessionOf(plain[0] as Peer & { connected: Record<string, unknown> }) }),
    )
    for (const peer of plain.slice(1)) expect(await alive(peer)).toBe(true)
    expect(await alive(plain[0] as Peer)).toBe(true)
  })
})
