// The operations API of a running gateway: what it says of itself, of its clients, and of those who are gone.

import SwaggerParser from '@apidevtools/swagger-parser'
import { routesOf } from '@staywire/gateway/routes'
import { createOperations } from 'staywire/operations'
import { createServer } from 'staywire/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { token } from './harness/command.ts'
import { ADMIN_KEY, eventually, SECRET, startGateway, USUAL, type Gateway } from './harness/gateway.ts'

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { schema?: object }>> }>>
}
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }

const RULES = { 'room:**': { subscribe: true, publish: true, presence: true } }
const listed = createServer()
const operations = createOperations()
const routes = routesOf({ server: listed, operations, readiness: { state: 'ready' }, now: Date.now })

let gateway: Gateway
let document: Document
let adas: string
beforeAll(async () => {
  gateway = await startGateway([...USUAL, '--channels', JSON.stringify(RULES)])
  adas = await token('ada', SECRET)
  const { body } = await gateway.api('GET', '/api/v1/openapi.json')
  document = (await SwaggerParser.validate(structuredClone(body) as never)) as unknown as Document
})
afterAll(async () => {
  operations.stop()
  await listed.close()
  await gateway.stop()
})

/** What the document says of a good answer. */
function schemaOf(method: string, path: string): z.ZodType {
  const operation = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
  const schema = operation?.responses['200']?.content['application/json']?.schema
  if (schema === undefined) throw new Error(`The document has no answer for ${method} ${path}.`)
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
}

describe('the OpenAPI document', () => {
  it('is valid, and has every route of the gateway and no other', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const there = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(described.toSorted()).toEqual(there.toSorted())
  })

  it('describes what the routes answer', async () => {
    const ada = await gateway.connect(adas, { origin: { browser: 'b1', tab: 't1' } })
    await ada.ask({ type: 'subscribe', channel: 'room:1' })
    await ada.ask({ type: 'publish', channel: 'room:1', data: { text: 'hi' } })
    await ada.ask({ type: 'publish', channel: 'no rule', data: 1 }).catch(() => undefined)
    ;(await gateway.connect(adas)).drop()
    await gateway.open({ headers: { origin: 'https://evil.example' } }).catch(() => undefined)
    await eventually(async () => (await gateway.api('GET', '/api/v1/closed')).body['total'] === 1)
    const id = String(ada.connected['connection'])
    const asked: readonly (readonly [method: string, path: string, values?: string, body?: unknown])[] = [
      ...routes
        .filter(({ method, path }) => method === 'GET' && !/:|metrics$|health\/|openapi|timeline/.test(path))
        .map(({ method, path }) => [method, path] as const),
      ['GET', '/api/websocket/metrics'],
      ['GET', '/health/live'],
      ['GET', '/health/ready'],
      ['GET', '/api/v1/timeline', '?user=ada'],
      ['GET', '/api/v1/connections/:id', id],
      ['GET', '/api/v1/channels/:channel/history', 'room:1'],
      ['GET', '/api/v1/channels/:channel/presence', 'room:1'],
      ['POST', '/api/v1/publish', '', { channel: 'room:1', data: [1], key: 'k', meta: { a: 1 } }],
      ['POST', '/api/v1/users/:id/publish', 'ada', { data: null }],
      ['POST', '/api/v1/revoke', '', { token: 'nobody has it' }],
      ['POST', '/api/websocket/metrics/reset'],
      ['DELETE', '/api/v1/connections/:id', id],
      ['POST', '/api/v1/users/:id/kick', 'ada', { reason: 'a test' }],
      ['POST', '/api/v1/users/:id/ban', 'eve', { forMs: 60_000 }],
      ['GET', '/api/v1/users'],
      ['POST', '/api/v1/users/:id/unban', 'eve'],
      ['POST', '/api/v1/connections/close-all', '', { perSecond: 100 }],
      ['POST', '/ws/close-all'],
      ['POST', '/api/v1/alerts/:rule/silence', 'connections-near-limit', { forMs: 1_000 }],
      ['POST', '/api/v1/session', '', { key: ADMIN_KEY }],
      ['DELETE', '/api/v1/session'],
    ]
    for (const [method, path, values = '', body] of asked) {
      const filled = path.includes(':') ? path.replace(/:\w+/, values) : path + values
      // As a page of its own would: signing in is for nobody else.
      const answer = await gateway.api(method, filled, body, { origin: gateway.url })
      expect([filled, answer.status]).toEqual([filled, 200])
      const { error } = schemaOf(method, path).safeParse(answer.body)
      expect([filled, error?.issues]).toEqual([filled, undefined])
    }
    const untried = routes.filter(
      ({ method, path, access }) => access !== 'local' && !asked.some(([m, p]) => m === method && p === path),
    )
    expect(untried.map(({ path }) => path)).toEqual(['/metrics', '/api/v1/openapi.json'])
  })
})

it('says who is connected and to what, in Unix seconds', async () => {
  const peer = await gateway.connect(adas)
  await peer.ask({ type: 'subscribe', channel: 'room:status' })
  const { body } = await gateway.api('GET', '/ws/status')
  const seconds = expect.closeTo(Date.now() / 1_000, -2) as number
  expect(body).toEqual({
    success: true,
    data: {
      total_clients: 1,
      active_connections: [
        { remote_addr: '127.0.0.1', subscribed_to: { '@user:ada': true, 'room:status': true }, connected_at: seconds },
      ],
      subscription_stats: { '@user:ada': 1, 'room:status': 1 },
      last_updated: seconds,
    },
  })
  expect((await gateway.api('POST', '/ws/close-all')).body).toEqual({ success: true, data: { closed: 1 } })
  expect((await peer.ended).code).toBe(4107)
})

it('keeps why a connection closed, finds it again, and tells it in the timeline of its user', async () => {
  const peer = await gateway.connect(await token('grace', SECRET), { origin: { browser: 'b7', label: 'inbox' } })
  const id = String(peer.connected['connection'])
  await gateway.api('DELETE', `/api/v1/connections/${id}`)
  await peer.ended
  const { body } = await gateway.api('GET', '/api/v1/closed?user=grace&class=final&code=4502&browser=b7')
  expect(body).toMatchObject({
    total: 1,
    closed: [
      {
        connection: id,
        user: 'grace',
        origin: { browser: 'b7', label: 'inbox' },
        code: 4502,
        class: 'final',
        by: 'server',
        cause: 'An operator or the application ended this connection.',
        lastReceived: ['connect'],
      },
    ],
  })
  expect((await gateway.api('GET', `/api/v1/connections/${id}`)).body).toMatchObject({ closed: { code: 4502 } })
  expect((await gateway.api('GET', '/api/v1/timeline?user=grace')).body).toMatchObject({
    user: 'grace',
    timeline: [
      { what: 'closed', connection: id, detail: expect.stringMatching(/^4502 \(final\): An operator/) as string },
      { what: 'connected', connection: id },
    ],
  })
  expect((await gateway.api('GET', '/api/v1/closed?user=nobody')).body).toEqual({ closed: [], total: 0 })
})

it('gives histories page by page', async () => {
  for (let count = 0; count < 3; count++) {
    const peer = await gateway.connect(await token('pages', SECRET))
    await gateway.api('POST', '/api/v1/users/pages/kick')
    await peer.ended
  }
  const first = (await gateway.api('GET', '/api/v1/closed?user=pages&limit=2')).body
  expect(first).toMatchObject({ total: 3, closed: [{}, {}] })
  const second = (await gateway.api('GET', `/api/v1/closed?user=pages&limit=2&before=${String(first['before'])}`)).body
  expect(second).toMatchObject({ total: 3, closed: [{}] })
  expect(second['before']).toBeUndefined()
})

it('counts what happens, and begins again at a reset, but for what is there now', async () => {
  const peer = await gateway.connect(adas)
  await peer.ask({ type: 'publish', channel: 'forbidden', data: 1 })
  await peer.ask({ type: 'publish', channel: 'room:1', data: 1 })
  const read = async () => (await gateway.api('GET', '/api/websocket/metrics')).body as unknown as Figures
  const before = await read()
  expect(before.connections.current).toBe(1)
  expect(before.connections.total).toBeGreaterThan(1)
  expect(before.errors.byType['frame']).toBeGreaterThanOrEqual(1)
  await gateway.api('POST', '/api/websocket/metrics/reset')
  const after = await read()
  expect(after).toMatchObject({
    connections: { current: 1, peak: 1, total: 0 },
    messages: { sent: 0, received: 0, failed: 0, successRate: 1 },
    errors: { total: 0, byType: {}, rate: 0 },
  })
  peer.drop()
})

interface Figures {
  readonly connections: { readonly current: number; readonly total: number }
  readonly errors: { readonly byType: Readonly<Record<string, number>> }
}

it('is healthy, and says by which checks', async () => {
  const { body } = await gateway.api('GET', '/api/websocket/health')
  expect(Object.keys(body['checks'] as object)).toEqual(['connections', 'store', 'eventLoop', 'errors'])
  expect(['healthy', 'degraded']).toContain(body['status'])
})

it('bans and lets in again over HTTP', async () => {
  const evesToken = await token('eve', SECRET)
  const eve = await gateway.connect(evesToken)
  expect((await gateway.api('POST', '/api/v1/users/eve/ban', { forMs: 60_000 })).body).toEqual({ closed: 1 })
  expect((await eve.ended).code).toBe(4503)
  await expect(gateway.connect(evesToken)).rejects.toThrow('4503')
  expect((await gateway.api('GET', '/api/v1/users')).body['bans']).toMatchObject([{ user: 'eve' }])
  expect((await gateway.api('POST', '/api/v1/users/eve/unban')).body).toEqual({ unbanned: true })
  ;(await gateway.connect(evesToken)).drop()
})
