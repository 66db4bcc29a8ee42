// The channels of operators on a real gateway: who is let in, what is told, and where it is counted.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Peer } from '../conformance/harness/peer.ts'
import { token } from './harness/command.ts'
import { ADMIN_KEY, eventually, gatewayForTest, SECRET, startGateway, USUAL, type Gateway } from './harness/gateway.ts'

const OPERATORS = '/api/v1/realtime'
const NAMES = ['overview', 'alerts', 'findings:en', 'findings:zh', 'health', 'forecast', 'connections']
const CHANNELS = NAMES.map((name) => `$admin:${name}`)
const withKey = { authorization: `Bearer ${ADMIN_KEY}` }

/** Signs in as the page does; answers the cookie. */
async function signIn(gateway: Gateway): Promise<string> {
  const origin = { origin: gateway.url }
  const { status, headers } = await gateway.api('POST', '/api/v1/session', { key: ADMIN_KEY }, origin)
  expect(status).toBe(200)
  return headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** Says `connect`, and answers what comes first: `connected`, or the code that ends it. */
async function arrive(gateway: Gateway, headers: Record<string, string>, more: object = {}): Promise<Peer | number> {
  const peer = await gateway.open({ headers }, OPERATORS)
  peer.send({ type: 'connect', id: 1, ...more })
  const first = await Promise.race([peer.take('connected'), peer.ended])
  return 'connection' in first ? peer : (first as { code: number }).code
}

async function operator(gateway: Gateway, headers: Record<string, string> = withKey): Promise<Peer> {
  const peer = await arrive(gateway, headers)
  if (typeof peer === 'number') throw new Error(`closed with ${peer}`)
  return peer
}

/** Waits for a publication that fits; answers its data. */
async function hear(peer: Peer, channel: string, fits = (_: unknown): boolean => true): Promise<unknown> {
  const find = () =>
    peer.inbox.find((frame) => frame['channel'] === channel && frame.type === 'publication' && fits(frame['data']))
  await eventually(() => find() !== undefined)
  return find()?.['data']
}

function users(overview: unknown): number {
  return (overview as { users: number }).users
}

/** Every series about the application's own, and how many operators there are beside it. */
async function figures(gateway: Gateway): Promise<{ readonly operators: number; readonly others: readonly string[] }> {
  const response = await fetch(`${gateway.url}/metrics`, { headers: withKey })
  const series = (await response.text()).split('\n').filter((line) => /^(staywire|sse)_/.test(line))
  const isOperators = (line: string): boolean => line.startsWith('staywire_operators ')
  return {
    operators: Number(series.find(isOperators)?.split(' ').at(-1)),
    others: series.filter((line) => !isOperators(line) && !line.startsWith('staywire_event_loop_lag')),
  }
}

function nobodyIn(gateway: Gateway): Promise<void> {
  return eventually(async () => {
    const { operators, others } = await figures(gateway)
    return operators === 0 && others.includes('staywire_connections{transport="websocket"} 0')
  })
}

describe('the channels of operators', () => {
  let gateway: Gateway
  let ada: string
  beforeAll(async () => {
    gateway = await startGateway([...USUAL, '--channels', '{"open:*": {"subscribe": true, "publish": true}}'])
    ada = await token('ada', SECRET, '--subscribe', '$admin:overview')
  })
  afterAll(() => gateway.stop())

  it('ADMIN-1: are for who has the key or the cookie of the page, and for nobody else', async () => {
    const cookie = await signIn(gateway)
    const origin = gateway.url
    const let_in = [withKey, { cookie, origin }].map((headers) => arrive(gateway, headers))
    for (const peer of await Promise.all(let_in)) {
      expect(peer).toBeInstanceOf(Peer)
      if (peer instanceof Peer) peer.drop()
    }
    const kept_out: readonly (readonly [Record<string, string>, object])[] = [
      [{}, {}],
      [{}, { token: ada }],
      [{}, { token: ADMIN_KEY }],
      [{ authorization: `Bearer ${ada}` }, {}],
      [{ authorization: 'Bearer wrong' }, {}],
      // A cookie without an Origin is no page's.
      [{ cookie }, {}],
      [{ cookie: `${cookie}0`, origin }, {}],
    ]
    const codes = await Promise.all(kept_out.map(([headers, more]) => arrive(gateway, headers, more)))
    expect(codes).toEqual([4001, 4002, 4002, 4002, 4002, 4001, 4002])
    await expect(gateway.open({ headers: { cookie, origin: 'https://elsewhere.example' } }, OPERATORS)).rejects.toThrow(
      '403',
    )
  })

  it('ADMIN-1: are not at the path of everybody, where a token may ask for their names and hears nothing', async () => {
    const watching = await operator(gateway)
    await watching.ask({ type: 'subscribe', channel: '$admin:overview' })
    const granted = await gateway.connect(ada, { subscriptions: [{ channel: '$admin:overview' }] })
    const user = await gateway.connect(await token('bob', SECRET))
    for (const channel of CHANNELS)
      expect(await user.ask({ type: 'subscribe', channel })).toMatchObject({ type: 'error', code: 'forbidden' })
    await hear(watching, '$admin:overview', (data) => users(data) === 2)
    const { position } = await granted.ask({ type: 'history', channel: '$admin:overview' })
    expect(position).toMatchObject({ offset: 0 })
    for (const peer of [watching, user, granted]) peer.drop()
  })

  it('ADMIN-2: take no publication from a client, and there is nothing beside them', async () => {
    const peer = await operator(gateway)
    for (const channel of [...CHANNELS, '$admin:other', 'open:1'])
      expect(await peer.ask({ type: 'publish', channel, data: 1 })).toMatchObject({ type: 'error', code: 'forbidden' })
    for (const channel of ['$admin:other', 'open:1', '$admin'])
      expect(await peer.ask({ type: 'subscribe', channel })).toMatchObject({ type: 'error', code: 'forbidden' })
    peer.drop()
  })

  it('ADMIN-3, ADMIN-4: tell what the API would answer, and that there is something new about connections', async () => {
    await nobodyIn(gateway)
    const peer = await operator(gateway)
    for (const channel of CHANNELS) await peer.ask({ type: 'subscribe', channel })
    const ask = async (path: string): Promise<unknown> => (await gateway.api('GET', path)).body
    expect(await hear(peer, '$admin:findings:zh')).toEqual(await ask('/api/v1/findings?lang=zh'))
    expect(await hear(peer, '$admin:alerts')).toEqual(await ask('/api/v1/alerts'))
    // How late the event loop comes and the uptime are others every second: which checks there are is not.
    const checks = (body: unknown) => Object.keys((body as { checks: object }).checks)
    expect(checks(await hear(peer, '$admin:health'))).toEqual(checks(await ask('/api/websocket/health')))
    const metrics = (body: unknown) =>
      (body as { forecasts: { metric: string }[] }).forecasts.map(({ metric }) => metric)
    expect(metrics(await hear(peer, '$admin:forecast'))).toEqual(metrics(await ask('/api/v1/forecast')))
    await hear(peer, '$admin:connections')
    peer.inbox.length = 0
    const user = await gateway.connect(await token('cleo', SECRET))
    expect(await hear(peer, '$admin:connections')).toBeNull()
    const told = await hear(peer, '$admin:overview', (data) => users(data) === 1)
    const { samples: _, ...now } = (await ask('/api/v1/overview?samples=1')) as { samples: unknown[] }
    expect(told).toMatchObject({ ...now, samples: expect.toSatisfy((all: unknown[]) => all.length <= 1) as unknown[] })
    user.drop()
    await hear(peer, '$admin:overview', (data) => users(data) === 0)
    peer.drop()
  })

  it('ADMIN-5: are counted by themselves, and in nothing that is told of users', async () => {
    await nobodyIn(gateway)
    const { others } = await figures(gateway)
    const peers = await Promise.all(Array.from({ length: 6 }, () => operator(gateway)))
    for (const peer of peers) for (const channel of CHANNELS) await peer.ask({ type: 'subscribe', channel })
    expect(await figures(gateway)).toEqual({ operators: 6, others })
    expect((await gateway.api('GET', '/api/v1/connections')).body).toEqual({ connections: [], total: 0 })
    for (const peer of peers) peer.drop()
    await nobodyIn(gateway)
    expect(await figures(gateway)).toEqual({ operators: 0, others })
  })

  it('ADMIN-6: end with the sign-in of their browser, and with no other', async () => {
    const [mine, others] = [await signIn(gateway), await signIn(gateway)]
    const origin = gateway.url
    const [here, there] = [
      await operator(gateway, { cookie: mine, origin }),
      await operator(gateway, { cookie: others, origin }),
    ]
    await gateway.api('DELETE', '/api/v1/session', undefined, { cookie: mine, origin })
    expect((await here.ended).code).toBe(4005)
    expect(await there.ask({ type: 'subscribe', channel: '$admin:alerts' })).toMatchObject({ type: 'subscribed' })
    expect(await arrive(gateway, { cookie: mine, origin })).toBe(4005)
    there.drop()
  })
})

it('ADMIN-6: a cookie is good for nothing once the key is another one', async () => {
  const gateway = await gatewayForTest(USUAL)
  const cookie = await signIn(gateway)
  const origin = gateway.url
  const peer = await operator(gateway, { cookie, origin })
  await gateway.stop()
  expect((await peer.ended).code).toBe(4101)
  const args = ['--jwt-secret', SECRET, '--admin-key', 'another-admin-key-of-the-tests', '--port', String(gateway.port)]
  const rotated = await gatewayForTest(args)
  expect(await arrive(rotated, { cookie, origin })).toBe(4002)
})

it('ADMIN-1: are not there where there is no admin API', async () => {
  const gateway = await gatewayForTest(['--jwt-secret', SECRET])
  await expect(gateway.open({}, OPERATORS)).rejects.toThrow('404')
  await expect(gateway.open({ headers: withKey }, OPERATORS)).rejects.toThrow('404')
})
