// Who may do what with a channel: rules for everybody, claims for one, each of the four things by itself.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Claims, ServerOptions } from 'staywire/server'
import { hostForTest, type Host } from './harness/host.ts'
import type { Peer } from './harness/peer.ts'

/** Joins and leaves are told once in so long, at most (PRES-3). */
const PRESENCE_TICK_MS = 200

/** A token is claims as JSON, of `ada` where it names nobody. */
const start = (channels: ServerOptions['channels'] = {}): Promise<Host> =>
  hostForTest({
    authenticate: ({ token = '' }) => {
      const { user = 'ada', ...claims } = JSON.parse(token) as Claims & { readonly user?: string }
      return { user, claims }
    },
    channels,
  })

/** What may be done with a channel, in the order subscribe, publish, presence, history. */
async function may(peer: Peer, channel: string): Promise<string> {
  const outcomes: string[] = []
  for (const type of ['subscribe', 'publish', 'presence', 'history']) {
    const answer = await peer.ask({ type, channel, ...(type === 'publish' && { data: 1 }) })
    outcomes.push(answer.type === 'error' ? String(answer['code']) : 'yes')
  }
  return outcomes.join(' ')
}

it('CHAN-9, PUB-11, SUB-5, HIST-4, PRES-10: each of the four is allowed by itself', async () => {
  const kept = { presence: true } as const
  const { connect } = await start({
    'open:*': { ...kept, subscribe: true, publish: true },
    'listen:*': { ...kept, subscribe: true },
    'quiet:*': { ...kept, subscribe: true, readHistory: false, readPresence: false },
    'archive:*': { ...kept, readHistory: true },
    'closed:*': { ...kept, subscribe: false, publish: false },
    '**': kept,
  })
  const plain = await connect('{}')
  expect(await may(plain, 'open:1')).toBe('yes yes yes yes')
  expect(await may(plain, 'listen:1')).toBe('yes forbidden yes yes')
  expect(await may(plain, 'quiet:1')).toBe('yes forbidden forbidden forbidden')
  expect(await may(plain, 'archive:1')).toBe('forbidden forbidden not-subscribed yes')
  expect(await may(plain, 'closed:1')).toBe('forbidden forbidden not-subscribed forbidden')
  expect(await may(plain, 'other:1')).toBe('forbidden forbidden not-subscribed forbidden')
  const claims = {
    subscribe: ['other:*', 'closed:1'],
    publish: ['other:1'],
    presence: ['quiet:1'],
    history: ['other:2'],
  }
  const granted = await connect(JSON.stringify(claims))
  expect(await may(granted, 'other:1')).toBe('yes yes forbidden forbidden')
  expect(await may(granted, 'other:2')).toBe('yes forbidden forbidden yes')
  expect(await may(granted, 'other:1:deep')).toBe('forbidden forbidden not-subscribed forbidden')
  expect(await may(granted, 'quiet:1')).toBe('yes forbidden yes forbidden')
  expect(await may(granted, 'closed:1')).toBe('yes forbidden forbidden forbidden')
  expect(await may(granted, 'closed:11')).toBe('forbidden forbidden not-subscribed forbidden')
})

it('CHAN-9, REC-8: history that a rule keeps to itself is not recovered either', async () => {
  const host = await start({ 'quiet:*': { subscribe: true, readHistory: false } })
  const peer = await host.connect('{}')
  const { position } = await peer.ask({ type: 'subscribe', channel: 'quiet:1' })
  await peer.ask({ type: 'unsubscribe', channel: 'quiet:1' })
  await host.server.publish('quiet:1', 'secret')
  expect(await peer.ask({ type: 'subscribe', channel: 'quiet:1', position })).toMatchObject({
    outcome: 'gap',
    gap: { why: 'forbidden' },
  })
  expect(await peer.settle()).toEqual([])
})

it('PRES-10, AUTH-12: presence that may not be seen is not told, from the refresh on that takes it away', async () => {
  const host = await start({ 'room:*': { presence: true } })
  const peer = await host.connect('{"subscribe":["room:1"]}')
  expect(await peer.ask({ type: 'subscribe', channel: 'room:1', presence: 'members' })).toMatchObject({
    memberCount: 1,
  })
  const bob = await host.connect('{"user":"bob","subscribe":["room:1"]}')
  const blind = await host.connect('{"user":"eve","subscribe":["room:1"],"presence":[]}')
  expect(await blind.ask({ type: 'subscribe', channel: 'room:1', presence: 'members' })).not.toHaveProperty(
    'memberCount',
  )
  expect(await peer.take('join')).toMatchObject({ member: { user: 'eve' } })
  await peer.ask({ type: 'refresh', token: '{"subscribe":["room:1"],"presence":[]}' })
  await bob.ask({ type: 'subscribe', channel: 'room:1' })
  expect(await bob.ask({ type: 'subscribe', channel: 'room:1', presence: 'count' })).toMatchObject({ memberCount: 3 })
  await bob.ask({ type: 'unsubscribe', channel: 'room:1' })
  await sleep(PRESENCE_TICK_MS)
  await host.server.publish('room:1', 'still here')
  for (const who of [peer, blind]) {
    expect((await who.take('publication'))['data']).toBe('still here')
    expect((await who.settle()).filter(({ type }) => type === 'join' || type === 'leave')).toEqual([])
    expect(await who.ask({ type: 'presence', channel: 'room:1' })).toMatchObject({ code: 'forbidden' })
  }
})

it('CHAN-2, CHAN-3: patterns are whole segments, and what no rule names is nobody’s', async () => {
  const { connect } = await start({ 'user:1': { subscribe: true }, 'team:*': { subscribe: true } })
  const peer = await connect('{}')
  for (const channel of ['user:12', 'user', 'user:1:x', 'team', 'team:a:b', 'teams:a', 'x'])
    expect([channel, await may(peer, channel)]).toEqual([channel, 'forbidden forbidden no-presence forbidden'])
  expect(await may(peer, 'team:a')).toBe('yes forbidden no-presence yes')
})
