// Names, patterns and what is reserved.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createServer, type AuthenticateRequest } from 'staywire/server'
import { startHost, type Host } from './harness/host.ts'
import type { Peer } from './harness/peer.ts'

const open = { subscribe: true, publish: true }
/** What a token says after `+` is granted: `ada+subscribe=a,b+publish=c`. */
const authenticate = ({ token = '' }: AuthenticateRequest) => {
  const [user = '', ...claims] = token.split('+')
  return {
    user,
    claims: Object.fromEntries(claims.map((claim) => [claim.split('=')[0], claim.split('=')[1]?.split(',')])),
  }
}

let host: Host
let ada: Peer
beforeAll(async () => {
  host = await startHost({
    authenticate,
    channels: {
      'user:1': open,
      'first:closed': { subscribe: false, publish: false },
      'first:*': open,
      'two:*:end': open,
      'rest:**': open,
      '*:any': open,
    },
  })
  ada = await host.connect('ada')
})
afterAll(() => host.close())

const subscribe = async (channel: string, peer = ada): Promise<unknown> => {
  const answer = await peer.ask({ type: 'subscribe', channel })
  return answer.type === 'error' ? answer['code'] : answer.type
}

describe('names', () => {
  it.each(['rest:a', `rest:${'x'.repeat(123)}`, 'rest:A.b_c-d@e$f/g%20:h'])('CHAN-1: %s is a name', async (channel) => {
    expect(await subscribe(channel)).toBe('subscribed')
  })

  it.each([
    '',
    ' ',
    'rest:a b',
    `rest:${'x'.repeat(124)}`,
    'rest:ü',
    'rest:a\n',
    'rest:#1',
    'rest:a*',
    'rest:',
    ':rest',
    'rest::a',
    'rest:a\u0000',
  ])('CHAN-1: %j is not a name', async (channel) => {
    for (const type of ['subscribe', 'unsubscribe', 'presence', 'history'])
      expect(await ada.ask({ type, channel })).toMatchObject({ code: 'bad-channel' })
    expect(await ada.ask({ type: 'publish', channel, data: 1 })).toMatchObject({ code: 'bad-channel' })
  })
})

describe('patterns', () => {
  it.each([
    ['user:1', 'subscribed'],
    ['user:12', 'forbidden'],
    ['user', 'forbidden'],
    ['two:x:end', 'subscribed'],
    ['two:x:y:end', 'forbidden'],
    ['two:end', 'forbidden'],
    ['rest:a', 'subscribed'],
    ['rest:a:b:c', 'subscribed'],
    ['rest', 'forbidden'],
    ['rested:a', 'forbidden'],
  ])('CHAN-2: whole segments decide that %s is %s', async (channel, outcome) => {
    expect(await subscribe(channel)).toBe(outcome)
  })

  it('CHAN-3: the first pattern that matches decides', async () => {
    expect(await subscribe('first:other')).toBe('subscribed')
    expect(await subscribe('first:closed')).toBe('forbidden')
  })

  it.each([[{ 'a:*': open, 'a:b': open }], [{ '**': open, 'a:b': open }], [{ 'a:**': open, 'a:*:c': open }]])(
    'CHAN-3: a pattern that can never be reached is refused at the start (%j)',
    (channels) => {
      expect(() => createServer({ channels })).toThrow(expect.objectContaining({ code: 'bad-option' }))
    },
  )
})

describe('reserved names', () => {
  it.each(['@any:any', '$any:any', '@x:any'])('CHAN-4: a leading wildcard does not match %s', async (channel) => {
    expect(await subscribe('x:any')).toBe('subscribed')
    expect(await subscribe(channel)).toBe('forbidden')
  })

  it('CHAN-4: a claim of everything does not reach what is reserved', async () => {
    const greedy = await host.connect('eve+subscribe=**')
    expect(await subscribe('anything:at:all', greedy)).toBe('subscribed')
    expect(await subscribe('@user:ada', greedy)).toBe('forbidden')
    expect(await subscribe('$anything', greedy)).toBe('forbidden')
    greedy.drop()
  })

  it('CHAN-5: a user reads their own channel and nobody else', async () => {
    expect(await subscribe('@user:ada')).toBe('subscribed')
    expect(await subscribe('@user:bob')).toBe('forbidden')
    await host.server.user('ada').publish({ hello: 1 })
    expect(await ada.take('publication')).toMatchObject({ channel: '@user:ada', data: { hello: 1 } })
  })

  it('CHAN-5: an id with a colon is one percent-encoded segment', async () => {
    const odd = await host.connect('a:b c')
    expect(await subscribe('@user:a%3Ab%20c', odd)).toBe('subscribed')
    expect(await subscribe('@user:a:b', odd)).toBe('forbidden')
    await host.server.user('a:b c').publish('for you')
    expect(await odd.take('publication')).toMatchObject({ channel: '@user:a%3Ab%20c', data: 'for you' })
    odd.drop()
  })

  it('CHAN-6: only a grant of the full name lets a client publish to a reserved channel', async () => {
    const peers = {
      none: await host.connect('ada'),
      all: await host.connect('eve+publish=**'),
      wild: await host.connect('eve+publish=@user:*'),
      named: await host.connect('eve+publish=@user:ada'),
    }
    const publish = (peer: Peer) => peer.ask({ type: 'publish', channel: '@user:ada', data: 'psst' })
    expect(await publish(peers.none)).toMatchObject({ code: 'forbidden' })
    expect(await publish(peers.all)).toMatchObject({ code: 'forbidden' })
    expect(await publish(peers.wild)).toMatchObject({ code: 'forbidden' })
    expect(await publish(peers.named)).toMatchObject({ type: 'published' })
    for (const peer of Object.values(peers)) peer.drop()
  })
})

describe('what every channel has', () => {
  it('CHAN-7: channels never published to share the base epoch and stand at offset 0', async () => {
    const [one, two] = [
      await ada.ask({ type: 'subscribe', channel: 'rest:never:1' }),
      await ada.ask({ type: 'subscribe', channel: 'rest:never:2' }),
    ]
    expect(one['position']).toEqual({ epoch: expect.stringMatching(/^[\w-]+$/), offset: 0 })
    expect(two['position']).toEqual(one['position'])
  })

  it('CHAN-8: a channel that no rule names keeps history', async () => {
    const eve = await host.connect('eve+subscribe=unruled:a+publish=unruled:a')
    for (let n = 1; n <= 5; n++) await eve.ask({ type: 'publish', channel: 'unruled:a', data: n })
    const answer = await eve.ask({ type: 'history', channel: 'unruled:a' })
    expect((answer['publications'] as { data: unknown }[]).map(({ data }) => data)).toEqual([1, 2, 3, 4, 5])
    eve.drop()
  })
})
