// Who gets in, for how long, and how they lose it again: the same over every transport.

import { describe, expect, it } from 'vitest'
import { StaywireError } from 'staywire/protocol'
import type { AuthenticateRequest, Identity, ServerEvent, ServerOptions } from 'staywire/server'
import type { Conversation } from '../conformance/harness/conversation.ts'
import { hostForTest, type Host } from '../conformance/harness/host.ts'
import { Peer } from '../conformance/harness/peer.ts'
import { PollPeer } from './harness/poll-peer.ts'
import { SsePeer } from './harness/sse-peer.ts'

type Headers = Readonly<Record<string, string>>
type Dial = (host: Host, headers?: Headers, query?: string) => Conversation | Promise<Conversation>

const httpUrl = (host: Host): string => `http://127.0.0.1:${host.port}/realtime`
const TRANSPORTS: Readonly<Record<string, Dial>> = {
  websocket: (host, headers = {}, query = '') => Peer.open(host.url + query, { headers }),
  sse: (host, headers, query) => new SsePeer(httpUrl(host), headers, query),
  poll: (host, headers, query) => new PollPeer(httpUrl(host), headers, query),
}

/** A token is JSON: what `authenticate` makes of it, or what becomes of it. */
const authenticate = ({ token }: AuthenticateRequest): Identity | null => {
  if (token === undefined) return null
  const { fail, refuse, ...identity } = parse(token)
  if (fail) throw new Error(`the database says no to ${token}`)
  if (refuse) throw new StaywireError('forbidden', 'Not you.')
  return identity.user === undefined ? null : (identity as Identity)
}

function parse(token: string): Partial<Identity> & { readonly fail?: true; readonly refuse?: true } {
  try {
    return JSON.parse(token) as object
  } catch {
    return {}
  }
}

const tokenFor = (identity: object): string => JSON.stringify(identity)
const ada = (more: object = {}): string => tokenFor({ user: 'ada', ...more })
const start = (options: ServerOptions = {}): Promise<Host> =>
  hostForTest({ authenticate, channels: { 'live:**': { publish: true }, 'room:**': {} }, ...options })

describe.each(Object.entries(TRANSPORTS))('over %s', (_, dial) => {
  const connect = async (host: Host, token: string, more: object = {}) => {
    const peer = await dial(host)
    peer.send({ type: 'connect', id: 1, token, ...more })
    return Object.assign(peer, { connected: await peer.take('connected') })
  }
  const ending = async (host: Host, connect: object, headers: Headers = {}, query = ''): Promise<number> => {
    const peer = await dial(host, headers, query)
    peer.send({ type: 'connect', id: 1, ...connect })
    return (await peer.ended).code
  }

  it('AUTH-1, AUTH-2, AUTH-3: every way of not getting in has its code', async () => {
    const host = await start({ limits: { decisionTimeoutMs: 300 } })
    expect(await ending(host, {})).toBe(4001)
    expect(await ending(host, { token: 'rubbish' })).toBe(4002)
    expect(await ending(host, { token: ada({ refuse: true }) })).toBe(4003)
    expect(await ending(host, { token: ada({ expiresAt: Date.now() - 1 }) })).toBe(4004)
    expect(await ending(host, { token: ada({ fail: true }) })).toBe(4104)
    await host.server.revoke({ token: 't1' })
    expect(await ending(host, { token: ada({ tokenId: 't1' }) })).toBe(4005)
    expect(host.server.stats()).toMatchObject({ connections: 0, connecting: 0 })
  })

  it('AUTH-5, AUTH-7: a connection lives as long as its token, and a refresh in it makes that longer', async () => {
    const host = await start()
    const [short, refreshed, far] = await Promise.all([
      connect(host, ada({ expiresAt: Date.now() + 1_000 })),
      connect(host, ada({ expiresAt: Date.now() + 1_000 })),
      connect(host, ada({ expiresAt: Date.now() + 60 * 86_400_000 })),
    ])
    const answer = await refreshed.ask({ type: 'refresh', token: ada({ expiresAt: Date.now() + 60_000 }) })
    expect(answer).toMatchObject({ type: 'result', tokenExpiresInMs: expect.any(Number) as number })
    expect((await short.ended).code).toBe(4004)
    await Promise.all([refreshed.settle(), far.settle()])
    for (const peer of [refreshed, far]) peer.drop()
  }, 40_000)

  it('AUTH-6: a refresh that fails leaves everything as it was; one for somebody else ends it', async () => {
    const host = await start()
    const peer = await connect(host, ada())
    expect(await peer.ask({ type: 'refresh', token: 'rubbish' })).toMatchObject({ code: 'token-refused' })
    expect(await peer.ask({ type: 'refresh', token: ada({ fail: true }) })).toMatchObject({ code: 'server-error' })
    expect(await peer.ask({ type: 'refresh', token: ada({ expiresAt: 1 }) })).toMatchObject({ code: 'token-refused' })
    await peer.settle()
    peer.send({ type: 'refresh', id: 9, token: tokenFor({ user: 'eve' }) })
    expect((await peer.ended).code).toBe(4003)
  })

  it('AUTH-10, AUTH-11: revoking a user closes all that is theirs at once, and what was issued before stays out', async () => {
    const host = await start()
    const issuedAt = Date.now() - 1_000
    const [one, two, bystander] = await Promise.all([
      connect(host, ada({ issuedAt })),
      connect(host, ada({ issuedAt, tokenId: 'x' })),
      connect(host, tokenFor({ user: 'eve', issuedAt })),
    ])
    const since = performance.now()
    expect(await host.server.revoke({ user: 'ada' })).toBe(2)
    expect([(await one.ended).code, (await two.ended).code]).toEqual([4005, 4005])
    expect(performance.now() - since).toBeLessThan(2_000)
    await bystander.settle()
    const { session } = one.connected
    expect(await ending(host, { token: ada({ issuedAt }), session })).toBe(4005)
    // A newer token is welcome; the session of before is not.
    const { connected } = await connect(host, ada({ issuedAt: Date.now() + 1_000 }), { session })
    expect(connected).toMatchObject({ type: 'connected', resumed: false })
    bystander.drop()
  })

  it('AUTH-10, AUTH-11: revoking a token closes what lives by it, and it is good for nothing any more', async () => {
    const host = await start()
    const [theirs, other] = await Promise.all([
      connect(host, ada({ tokenId: 't1' })),
      connect(host, ada({ tokenId: 't2' })),
    ])
    expect(await host.server.revoke({ token: 't1' })).toBe(1)
    expect((await theirs.ended).code).toBe(4005)
    expect(await ending(host, { token: ada({ tokenId: 't1' }), session: theirs.connected['session'] })).toBe(4005)
    await other.settle()
    other.send({ type: 'refresh', id: 9, token: ada({ tokenId: 't1' }) })
    expect((await other.ended).code).toBe(4005)
  })

  it('AUTH-10, AUTH-11: revoking a session closes it, and it does not resume', async () => {
    const host = await start()
    const issuedAt = Date.now() - 1_000
    const [theirs, other] = await Promise.all([connect(host, ada({ issuedAt })), connect(host, ada({ issuedAt }))])
    const { session } = theirs.connected as { session?: { id: string } }
    expect(await host.server.revoke({ session: session?.id ?? '' })).toBe(1)
    expect((await theirs.ended).code).toBe(4005)
    expect(await ending(host, { token: ada({ issuedAt }), session })).toBe(4005)
    const again = await connect(host, ada({ issuedAt: Date.now() + 1_000 }), { session })
    expect(again.connected).toMatchObject({ resumed: false })
    await other.settle()
    for (const peer of [other, again]) peer.drop()
  })

  it('AUTH-12: a refresh that narrows what is allowed ends exactly the subscriptions it covered', async () => {
    const host = await start()
    const peer = await connect(host, ada({ claims: { subscribe: ['live:*', 'room:1'] }, subscriptions: ['news'] }), {
      subscriptions: [{ channel: 'live:a' }, { channel: 'room:1' }],
    })
    for (let n = 0; n < 3; n++) await peer.take('subscribed')
    await peer.ask({ type: 'refresh', token: ada({ claims: { subscribe: ['room:*'] } }) })
    const ended = [await peer.take('unsubscribed'), await peer.take('unsubscribed')]
    expect(Object.fromEntries(ended.map(({ channel, code }) => [channel, code]))).toEqual({
      'live:a': 'forbidden',
      news: 'forbidden',
    })
    await host.server.publish('live:a', 1)
    await host.server.publish('news', 1)
    await host.server.publish('room:1', 2)
    expect(await peer.take('publication')).toMatchObject({ channel: 'room:1', data: 2 })
    expect(await peer.settle()).toEqual([])
    peer.drop()
  })

  it('AUTH-9, AUTH-13: a cookie that was switched on counts with an Origin that may come, and not without', async () => {
    const host = await start({ tokenCookie: 'sid', allowOrigins: ['https://app.example'] })
    const cookie = `theme=dark; sid=${ada().replaceAll(',', '%2C')}`
    const origin = `http://127.0.0.1:${host.port}`
    for (const allowed of [origin, 'https://app.example']) {
      const peer = await dial(host, { cookie, origin: allowed })
      peer.send({ type: 'connect', id: 1 })
      expect(await peer.take('connected')).toMatchObject({ user: 'ada' })
      peer.drop()
    }
    expect(await ending(host, {}, { cookie })).toBe(4001)
    expect(await ending(host, {}, { cookie: 'sid=rubbish', origin })).toBe(4002)
    const without = await start()
    expect(await ending(without, {}, { cookie, origin: `http://127.0.0.1:${without.port}` })).toBe(4001)
    // The first frame has the last word, also when it is wrong.
    expect(await ending(host, { token: 'rubbish' }, { cookie, origin })).toBe(4002)
  })

  it('AUTH-8, AUTH-14: a token in the URL counts where it was switched on, and is told to nobody', async () => {
    const told: ServerEvent[] = []
    const seen: string[] = []
    const errors: unknown[] = []
    const host = await start({
      tokenParameter: 'access_token',
      observer: { report: (event) => void told.push(event) },
      authenticate: (request) => {
        seen.push(request.url)
        return authenticate(request)
      },
    })
    host.server.on('error', (error) => errors.push(error))
    const secret = 'mellon-s3cret'
    const query = (token: string): string => `?x=1&access_token=${encodeURIComponent(token)}`
    const peer = await dial(host, {}, query(ada({ data: secret })))
    peer.send({ type: 'connect', id: 1 })
    expect(await peer.take('connected')).toMatchObject({ user: 'ada' })
    peer.drop()
    expect(await ending(host, {}, {}, query(`${secret}`))).toBe(4002)
    expect(await ending(host, {}, {}, query(ada({ fail: true, data: secret })))).toBe(4104)
    expect(await ending(await start(), {}, {}, query(ada()))).toBe(4001)
    expect(errors).toHaveLength(1)
    expect(seen.every((url) => url.endsWith('?x=1'))).toBe(true)
    const text = JSON.stringify([told, seen], (_key, value: unknown) =>
      value instanceof Error ? textOf(value) : value,
    )
    expect(text + textOf(errors[0] as Error)).not.toContain(secret)
    expect(text).toContain('[token]')
  })
})

function textOf({ message, stack = '', cause }: Error): string {
  return message + stack + (cause instanceof Error ? textOf(cause) : String(cause))
}

describe('a stream that only listens', () => {
  const listen = async (host: Host, headers: Headers, query = '') =>
    SsePeer.listen(`${httpUrl(host)}/sse?channel=live:a${query}`, headers)
  const open = { channels: { 'live:**': { subscribe: true } } }

  it('AUTH-10: is closed when its user is revoked', async () => {
    const host = await start(open)
    const listener = await listen(host, { authorization: `Bearer ${ada()}` })
    await listener.take('subscribed')
    expect(await host.server.revoke({ user: 'ada' })).toBe(1)
    expect((await listener.ended).code).toBe(4005)
    expect(host.server.stats().revocations).toBe(1)
  })

  it('AUTH-7: is closed when its token runs out', async () => {
    const host = await start(open)
    const listener = await listen(host, { authorization: `Bearer ${ada({ expiresAt: Date.now() + 800 })}` })
    await listener.take('subscribed')
    expect((await listener.ended).code).toBe(4004)
  }, 40_000)

  it('AUTH-13, SSE-11: may bring a cookie from its own page, or a token in the URL, where these are switched on', async () => {
    const host = await start({ ...open, tokenCookie: 'sid', tokenParameter: 'access_token' })
    const cookie = `sid=${ada()}`
    const outcomes = await Promise.all([
      listen(host, { cookie, 'sec-fetch-site': 'same-origin' }),
      listen(host, { cookie, 'sec-fetch-site': 'cross-site' }),
      listen(host, { cookie }),
      listen(host, {}, `&access_token=${encodeURIComponent(ada())}`),
      listen(host, {}),
    ])
    await expect.poll(() => outcomes.map(({ status }) => status)).toEqual([200, 401, 401, 200, 401])
    for (const peer of outcomes) peer.drop()
  })
})

it('AUTH-10: who is still being asked about when it is revoked does not get in', async () => {
  let answer: ((identity: Identity) => void) | undefined
  const host = await start({ authenticate: () => new Promise((resolve) => (answer = resolve)) })
  const peer = await host.open()
  peer.send({ type: 'connect', id: 1, token: 'x' })
  await expect.poll(() => answer).toBeDefined()
  await host.server.revoke({ token: 't' })
  answer?.({ user: 'ada', tokenId: 't' })
  expect((await peer.ended).code).toBe(4005)
})

it.each([[{}], [{ user: 'a', token: 'b' }], [{ user: '' }], [{ name: 'x' }], [{ user: 7 }]])(
  'refuses to revoke %j',
  async (what) => {
    const { server } = await start()
    await expect(server.revoke(what as { user: string })).rejects.toMatchObject({ code: 'bad-option' })
    await expect(server.revoke({ user: 'a' }, { until: Date.now() - 1 })).rejects.toMatchObject({ code: 'bad-option' })
  },
)
