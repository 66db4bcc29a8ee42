// Who gets in, and with what rights.

import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Peer, Wire } from '../conformance/harness/peer.ts'
import { token } from './harness/command.ts'
import { gatewayForTest, SECRET, startGateway, USUAL, type Gateway } from './harness/gateway.ts'

let gateway: Gateway
beforeAll(async () => {
  const rules = { 'open:*': { subscribe: true } }
  gateway = await startGateway([...USUAL, '--channels', JSON.stringify(rules), '--allow-origin', 'https://app.example'])
})
afterAll(() => gateway.stop())

async function refusedWith(given: string | undefined, to = gateway): Promise<number> {
  const peer = await to.open()
  peer.send({ type: 'connect', id: 1, ...(given !== undefined && { token: given }) })
  return (await peer.ended).code
}

async function outcome(peer: Peer, type: string, channel: string): Promise<unknown> {
  const answer = await peer.ask({ type, channel, ...(type === 'publish' && { data: 1 }) })
  return answer.type === 'error' ? answer['code'] : answer.type
}

it('AUTH-1: a printed token connects its user, until it ends', async () => {
  const peer = await gateway.connect(await token('Ada Løvelace', SECRET, '--expires', '10m'))
  expect(peer.connected).toMatchObject({ user: 'Ada Løvelace' })
  expect(peer.connected['tokenExpiresInMs']).toBeGreaterThan(500_000)
  // Ten minutes, and what clocks may differ by.
  expect(peer.connected['tokenExpiresInMs']).toBeLessThanOrEqual(605_000)
  peer.drop()
})

it('AUTH-1: no token is 4001, a wrong one 4002, an expired one 4004', async () => {
  expect(await refusedWith(undefined)).toBe(4001)
  expect(await refusedWith('not.a.token')).toBe(4002)
  expect(await refusedWith(await token('ada', 'another-secret-of-somebody-else-entirely'))).toBe(4002)
  const short = await token('ada', SECRET, '--expires', '1s')
  await expect.poll(() => refusedWith(short), { timeout: 10_000 }).toBe(4004)
})

it('lets a token do what its claims say, everybody what the rules say, and nobody anything else', async () => {
  const granted = await gateway.connect(await token('ada', SECRET, '--subscribe', 'own:*', '--publish', 'own:1'))
  expect(await outcome(granted, 'subscribe', 'own:1')).toBe('subscribed')
  expect(await outcome(granted, 'subscribe', 'own:1:deep')).toBe('forbidden')
  expect(await outcome(granted, 'publish', 'own:1')).toBe('published')
  expect(await outcome(granted, 'publish', 'own:2')).toBe('forbidden')
  expect(await outcome(granted, 'subscribe', 'open:1')).toBe('subscribed')
  expect(await outcome(granted, 'publish', 'open:1')).toBe('forbidden')
  const plain = await gateway.connect(await token('bob', SECRET))
  expect(await outcome(plain, 'subscribe', 'own:1')).toBe('forbidden')
  expect(await outcome(plain, 'subscribe', '@user:ada')).toBe('forbidden')
  granted.drop()
  plain.drop()
})

it('lets pages of its own origin and of allowed ones in, and no others', async () => {
  const from = (origin: string) => gateway.open({ headers: { origin } }).then((peer) => peer.drop())
  await from(gateway.url)
  await from('https://app.example')
  for (const origin of ['https://evil.example', 'http://app.example', 'https://app.example.evil.example', 'null']) {
    await expect(from(origin)).rejects.toThrow('403')
  }
})

it('lets visitors without a token in where anonymous is switched on, and still refuses wrong tokens', async () => {
  const open = await gatewayForTest(['--anonymous', '--jwt-secret', SECRET])
  const peer = await open.open()
  peer.send({ type: 'connect', id: 1, origin: { browser: 'b1' } })
  expect(await peer.take('connected')).toMatchObject({ user: 'anon:b1' })
  expect(await refusedWith('not.a.token', open)).toBe(4002)
  expect((await open.connect(await token('ada', SECRET))).connected).toMatchObject({ user: 'ada' })
})

it('BARE-1, BARE-2, BARE-5: a bare client brings its token in a header and its channels in the URL', async () => {
  const authorization = `Bearer ${await token('ada', SECRET)}`
  const bare = await gateway.open(
    { protocols: [], headers: { authorization } },
    '/realtime?channel=open:1&channel=secret:1',
  )
  expect(await bare.next()).toMatchObject({ type: 'connected', user: 'ada' })
  const answers: Wire[] = [await bare.next(), await bare.next()]
  expect(answers).toContainEqual(expect.objectContaining({ type: 'subscribed', channel: 'open:1', outcome: 'live' }))
  expect(answers).toContainEqual(
    expect.objectContaining({ type: 'unsubscribed', channel: 'secret:1', code: 'forbidden' }),
  )
  await gateway.api('POST', '/api/v1/publish', { channel: 'open:1', data: 'Hello' })
  expect(await bare.take('publication')).toMatchObject({ channel: 'open:1', data: 'Hello' })
  bare.drop()
})

it('HB-5: ping is answered with pong', async () => {
  const authorization = `Bearer ${await token('ada', SECRET)}`
  const bare = await gateway.open({ protocols: [], headers: { authorization } })
  bare.send('{"type":"ping"}')
  expect(await bare.take('pong')).toEqual({ type: 'pong' })
  bare.drop()
})

it('BARE-6: a bare client with a wrong token is closed 4002', async () => {
  const bare = await gateway.open({ protocols: [], headers: { authorization: 'Bearer not.a.token' } })
  expect((await bare.ended).code).toBe(4002)
})

it('AUTH-13, AUTH-14: a token comes in the cookie or the URL where that is switched on, and no log line quotes it', async () => {
  const open = await gatewayForTest([
    ...USUAL,
    '--token-cookie',
    'sid',
    '--token-parameter',
    'access_token',
    '--log-level',
    'debug',
  ])
  const good = await token('ada', SECRET)
  const inUrl = await open.open({ protocols: [] }, `/realtime?channel=open:1&access_token=${good}`)
  expect(await inUrl.next()).toMatchObject({ type: 'connected', user: 'ada' })
  const headers = { cookie: `sid=${good}`, origin: open.url }
  const inCookie = await open.open({ protocols: [], headers })
  expect(await inCookie.next()).toMatchObject({ type: 'connected', user: 'ada' })
  const stream = await fetch(`${open.url}/realtime/sse?access_token=${good.slice(0, -4)}`)
  expect([stream.status, await stream.json()]).toMatchObject([401, { type: 'disconnect', code: 4002 }])
  const alone = await open.open({ headers: { cookie: headers.cookie } })
  alone.send({ type: 'connect', id: 1 })
  expect((await alone.ended).code).toBe(4001)
  await fetch(`${open.url}/nothing?access_token=${good}`)
  for (const peer of [inUrl, inCookie]) peer.drop()
  const { stderr } = await open.stop()
  expect(stderr).toContain('connected')
  expect(stderr).not.toContain(good.slice(0, 40))
})

it('says at the start which keys it cannot use', async () => {
  const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'
  await expect(startGateway(['--jwt-public-key', key])).rejects.toThrow('jwtPublicKey: this is a private key')
  await expect(startGateway(['--jwks-url', 'http://keys.example/jwks'])).rejects.toThrow('--jwks-url')
})
