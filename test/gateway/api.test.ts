// The HTTP API: what backends publish reaches browsers, operators see and end connections, and bad requests get clear answers.

import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Peer, Wire } from '../conformance/harness/peer.ts'
import { exchange } from '../conformance/harness/raw.ts'
import { token } from './harness/command.ts'
import { ADMIN_KEY, eventually, SECRET, startGateway, USUAL, type ApiAnswer, type Gateway } from './harness/gateway.ts'

const RULES = { 'room:*': { subscribe: true, publish: true, presence: true }, 'typing:*': { history: false } }

let gateway: Gateway
let ada: Peer & { readonly connected: Wire }
let adasToken: string
beforeAll(async () => {
  gateway = await startGateway([...USUAL, '--channels', JSON.stringify(RULES)])
  adasToken = await token('ada', SECRET)
})
beforeEach(async () => {
  ada = await gateway.connect(adasToken)
})
afterEach(() => ada.drop())
afterAll(() => gateway.stop())

/** Everything else on the same gateway goes on. */
async function expectUndisturbed(): Promise<void> {
  expect((await gateway.api('GET', '/health/live')).status).toBe(200)
  expect(await ada.settle()).toEqual([])
}

it('publishes to subscribers, answers with the position, and stores the same key once', async () => {
  await ada.ask({ type: 'subscribe', channel: 'room:publish' })
  const body = { channel: 'room:publish', data: { text: 'Hello' }, key: 'k1', meta: { by: 'test' } }
  const first = await gateway.api('POST', '/api/v1/publish', body)
  const position = { epoch: expect.any(String) as string, offset: 1 }
  expect(first).toMatchObject({ status: 200, body: { position } })
  expect(first.body).not.toHaveProperty('duplicate')
  expect(await ada.take('publication')).toMatchObject({
    offset: 1,
    data: { text: 'Hello' },
    key: 'k1',
    meta: { by: 'test' },
  })
  const again = await gateway.api('POST', '/api/v1/publish', body)
  expect(again.body).toEqual({ ...first.body, duplicate: true })
  const other = await gateway.api('POST', '/api/v1/publish', { ...body, data: 'other' })
  expect(other).toMatchObject({ status: 409, body: { error: { code: 'idempotency-conflict' } } })
  await expectUndisturbed()
})

it('answers a publish to an ephemeral channel without a position', async () => {
  expect(await gateway.api('POST', '/api/v1/publish', { channel: 'typing:1', data: null })).toMatchObject({
    status: 200,
    body: {},
  })
})

it('publishes to every connection of a user', async () => {
  const phone = await gateway.connect(adasToken)
  await eventually(() => ada.own.length > 0 && phone.own.length > 0)
  const { status } = await gateway.api('POST', '/api/v1/users/ada/publish', { data: { unread: 3 } })
  expect(status).toBe(200)
  for (const device of [ada, phone]) {
    expect(await device.take('publication')).toMatchObject({ channel: '@user:ada', data: { unread: 3 } })
  }
  phone.drop()
})

it('lists connections with filters, and ends one for good', async () => {
  const bob = await gateway.connect(await token('bob', SECRET), { origin: { browser: 'b1', label: 'inbox' } })
  await bob.ask({ type: 'subscribe', channel: 'room:bobs' })
  const { connection } = bob.connected
  const entry = {
    id: connection,
    user: 'bob',
    transport: 'websocket',
    origin: { browser: 'b1', label: 'inbox' },
    address: '127.0.0.1',
  }
  for (const filter of ['user=bob', 'channel=room:bobs', 'browser=b1', 'user=bob&channel=room:bobs']) {
    const { body } = await gateway.api('GET', `/api/v1/connections?${filter}`)
    expect(body).toMatchObject({ connections: [entry], total: 1 })
  }
  expect((await gateway.api('GET', '/api/v1/connections?user=nobody')).body).toEqual({ connections: [], total: 0 })
  expect((await gateway.api('GET', '/api/v1/connections?limit=1')).body).toMatchObject({ connections: [{}], total: 2 })
  expect(await gateway.api('DELETE', `/api/v1/connections/${String(connection)}`)).toMatchObject({
    status: 200,
    body: { closed: true },
  })
  expect(await bob.ended).toMatchObject({ code: 4502 })
  await eventually(async () => (await gateway.api('GET', '/api/v1/connections')).body['total'] === 1)
  expect(await gateway.api('DELETE', `/api/v1/connections/${String(connection)}`)).toMatchObject({
    status: 404,
    body: { error: { code: 'no-connection' } },
  })
})

it('lists channels with their subscribers, and who is in one', async () => {
  await ada.ask({ type: 'subscribe', channel: 'room:presence', presence: 'members' })
  await eventually(async () => {
    const { body } = await gateway.api('GET', '/api/v1/channels/room:presence/presence')
    return body['count'] === 1
  })
  expect((await gateway.api('GET', '/api/v1/channels/room:presence/presence')).body).toMatchObject({
    members: [{ user: 'ada' }],
  })
  const { body } = await gateway.api('GET', '/api/v1/channels')
  expect(body['channels']).toContainEqual({ channel: 'room:presence', subscribers: 1, perSecond: 0 })
  expect(await gateway.api('GET', '/api/v1/channels/typing:1/presence')).toMatchObject({
    status: 404,
    body: { error: { code: 'no-presence' } },
  })
  ada.inbox.splice(0)
})

it('pages through history, newest page first, ascending inside a page', async () => {
  for (let count = 1; count <= 5; count++)
    await gateway.api('POST', '/api/v1/publish', { channel: 'room:history', data: count })
  const page = async (query: string) => {
    const { body } = await gateway.api('GET', `/api/v1/channels/room:history/history${query}`)
    expect(body).toMatchObject({ position: { offset: 5 } })
    return (body['publications'] as Wire[]).map(({ offset }) => offset)
  }
  expect(await page('')).toEqual([1, 2, 3, 4, 5])
  expect(await page('?limit=2')).toEqual([4, 5])
  expect(await page('?limit=2&before=4')).toEqual([2, 3])
  expect(await page('?before=1')).toEqual([])
  expect(await gateway.api('GET', '/api/v1/channels/typing:1/history')).toMatchObject({
    status: 404,
    body: { error: { code: 'no-history' } },
  })
})

it('closes everybody so that they come back, a few in a second where asked', async () => {
  const other = await startGateway(USUAL)
  const peers = await Promise.all([1, 2, 3].map(() => other.connect(adasToken)))
  expect((await other.api('POST', '/api/v1/connections/close-all', { perSecond: 1_000 })).body).toEqual({ closed: 3 })
  for (const peer of peers) expect(await peer.ended).toMatchObject({ code: 4107 })
  await eventually(async () => (await other.api('GET', '/api/v1/connections')).body['total'] === 0)
  expect((await other.api('POST', '/api/v1/connections/close-all')).body).toEqual({ closed: 0 })
  await other.stop()
})

const publish = '/api/v1/publish'
const text = { 'content-type': 'text/plain' }
it.each<[string, number, string, () => Promise<ApiAnswer>]>([
  ['no JSON', 400, 'bad-json', () => gateway.api('POST', publish, '{')],
  ['no body', 400, 'bad-request', () => gateway.api('POST', publish)],
  ['another type', 415, 'unsupported-media-type', () => gateway.api('POST', publish, '{}', text)],
  ['no channel', 400, 'bad-request', () => gateway.api('POST', publish, { data: 1 })],
  ['no data', 400, 'bad-request', () => gateway.api('POST', publish, { channel: 'room:1' })],
  [
    'an unknown field',
    400,
    'bad-request',
    () => gateway.api('POST', publish, { channel: 'room:1', data: 1, kee: 'k' }),
  ],
  ['a bad channel', 400, 'bad-channel', () => gateway.api('POST', publish, { channel: 'room 1', data: 1 })],
  ['a bad key', 400, 'bad-key', () => gateway.api('POST', publish, { channel: 'room:1', data: 1, key: 'é' })],
  [
    'a large publication',
    413,
    'payload-too-large',
    () => gateway.api('POST', publish, { channel: 'room:1', data: 'x'.repeat(100_000) }),
  ],
  [
    'a body of 1 MiB and one',
    413,
    'payload-too-large',
    () => gateway.api('POST', publish, `"${'x'.repeat(1_048_575)}"`),
  ],
  [
    '33 levels',
    400,
    'too-deep',
    () => gateway.api('POST', publish, `{"channel":"room:1","data":${'['.repeat(32)}${']'.repeat(32)}}`),
  ],
  ['9 KB of brackets', 400, 'too-deep', () => gateway.api('POST', publish, '['.repeat(9_000))],
  [
    'a bad user',
    400,
    'bad-channel',
    () => gateway.api('POST', `/api/v1/users/${'x'.repeat(200)}/publish`, { data: 1 }),
  ],
  ['a bad limit', 400, 'bad-request', () => gateway.api('GET', '/api/v1/channels/room:1/history?limit=0')],
  ['a large limit', 400, 'bad-request', () => gateway.api('GET', '/api/v1/channels/room:1/history?limit=1001')],
  ['an unknown filter', 400, 'bad-request', () => gateway.api('GET', '/api/v1/connections?usr=ada')],
  ['a bad rate', 400, 'bad-request', () => gateway.api('POST', '/api/v1/connections/close-all', { perSecond: 0 })],
  ['an unknown path', 404, 'not-found', () => gateway.api('GET', '/api/v1/nothing')],
  ['a path of the demo', 404, 'not-found', () => gateway.api('POST', '/demo/sign-in', { name: 'ada' })],
  ['another method', 405, 'method-not-allowed', () => gateway.api('GET', publish)],
])('answers %s with %i and the code %s, and nobody notices', async (_, status, code, ask) => {
  const answer = await ask()
  expect(answer).toMatchObject({
    status,
    body: { error: { code, message: expect.stringMatching(/\.|must|is missing|Invalid|Too|Unrecognized/) as string } },
  })
  await expectUndisturbed()
})

it('says which methods are allowed', async () => {
  const { headers } = await gateway.api('PUT', '/api/v1/connections/x')
  expect(headers.get('allow')).toBe('DELETE, GET, HEAD')
  expect((await gateway.api('POST', '/api/v1/channels')).headers.get('allow')).toBe('GET, HEAD')
})

it('takes hostile names as names', async () => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const { body, status } = await gateway.api('POST', '/api/v1/publish', {
      channel: name,
      data: { [name]: 1 },
      key: name,
    })
    expect({ status, body }).toMatchObject({ status: 200, body: { position: { offset: 1 } } })
    expect((await gateway.api('GET', `/api/v1/channels/${name}/history`)).body).toMatchObject({
      publications: [{ offset: 1 }],
    })
    expect((await gateway.api('POST', `/api/v1/users/${name}/publish`, { data: 1 })).status).toBe(200)
    expect((await gateway.api('DELETE', `/api/v1/connections/${name}`)).status).toBe(404)
  }
  const raw = '{"channel":"room:proto","data":{"__proto__":{"polluted":true}}}'
  expect((await gateway.api('POST', '/api/v1/publish', raw)).status).toBe(200)
  await expectUndisturbed()
})

it.each(['//', '//evil.example/', '/%', '/api/v1/users/%zz/publish', '*', 'x', '/\u0000'])(
  'answers the request target %j with 400',
  async (target) => {
    expect(await exchange(gateway.port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /,
    )
    await expectUndisturbed()
  },
)

it('survives a caller that leaves in the middle of a body', async () => {
  for (let count = 0; count < 5; count++) {
    await new Promise<void>((resolve) => {
      const headers = {
        authorization: `Bearer ${ADMIN_KEY}`,
        'content-type': 'application/json',
        'content-length': 1_000,
      }
      const half = request(`${gateway.url}${publish}`, { method: 'POST', headers })
      half.on('error', () => resolve())
      half.write('{"channel":"room:half",', () => half.destroy(new Error('gone')))
    })
  }
  expect((await gateway.api('GET', '/api/v1/channels/room:half/history')).body).toMatchObject({ publications: [] })
  await expectUndisturbed()
})

it('sends security headers with everything, and lets nothing be stored', async () => {
  for (const path of ['/health/live', '/api/v1/channels', '/nothing']) {
    const { headers } = await gateway.api('GET', path)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  }
})

it('answers HEAD like GET, without the body', async () => {
  const response = await fetch(`${gateway.url}/health/ready`, { method: 'HEAD' })
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('')
})

it('declines an offer of HTTP/2 and answers the request, body and all', async () => {
  const body = '{"channel":"room:h2c","data":1}'
  const lines = [
    'POST /api/v1/publish HTTP/1.1',
    'Host: x',
    'Connection: Upgrade, HTTP2-Settings, close',
    'Upgrade: h2c',
    'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
    `Authorization: Bearer ${ADMIN_KEY}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ]
  const answer = await exchange(gateway.port, `${lines.join('\r\n')}\r\n\r\n${body}`)
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*"offset":1/s)
})
