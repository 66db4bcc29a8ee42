// Two nodes that know each other, and clients whose requests come to either: what is for a connection of the other one is handed to it.

import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createServer, type Server, type ServerEvent, type ServerOptions } from 'staywire/server'
import { SPEC_OPTIONS } from '../conformance/harness/host.ts'
import type { Credentials } from './harness/http-peer.ts'
import { SsePeer } from './harness/sse-peer.ts'

const PATIENCE = { timeout: 20_000 }

interface TestNode {
  readonly server: Server
  readonly http: HttpServer
  readonly url: string
  readonly events: ServerEvent[]
}

async function listening(listener?: RequestListener): Promise<{ http: HttpServer; url: string }> {
  const http = createHttpServer(listener)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
  })
  return { http, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/realtime` }
}

function nodeOn(place: { http: HttpServer; url: string }, options: ServerOptions): TestNode {
  const events: ServerEvent[] = []
  const observer = { report: (event: ServerEvent) => void events.push(event) }
  const server = createServer({ ...SPEC_OPTIONS, observer, ...options })
  server.attach(place.http)
  onTestFinished(() => server.close())
  return { ...place, server, events }
}

/** Two that have the same list of peers. */
async function nodes(options: ServerOptions = {}): Promise<readonly [a: TestNode, b: TestNode]> {
  const places = [await listening(), await listening()] as const
  const peers = { a: places[0].url, b: places[1].url }
  return [nodeOn(places[0], { node: 'a', peers, ...options }), nodeOn(places[1], { node: 'b', peers, ...options })]
}

/** One that knows `b` under a URL of the test's choice. */
async function lone(url: string, options: ServerOptions = {}): Promise<TestNode> {
  return nodeOn(await listening(), { node: 'a', peers: { b: url }, ...options })
}

async function streamOn({ url }: TestNode, user = 'ada'): Promise<SsePeer> {
  const peer = new SsePeer(url)
  onTestFinished(() => peer.drop())
  peer.send({ type: 'connect', id: 1, token: user, subscriptions: [{ channel: 'live:a' }] })
  await peer.take('connected')
  return peer
}

async function post(
  { url }: TestNode,
  below: string,
  body: object,
  more: RequestInit = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const response = await fetch(url + below, { method: 'POST', body: JSON.stringify(body), ...more })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

const STRANGER = { connection: 'x', session: 'b.x', secret: 'y', seq: 1, frames: [] }

it('POST-12, POST-5: hands a body on, and it is executed once wherever it comes', async () => {
  const [a, b] = await nodes()
  const peer = await streamOn(a)
  expect(peer.credentials.session).toMatch(/^a\./)
  for (let seq = 1; seq <= 6; seq++) {
    const body = { ...peer.credentials, seq, frames: [{ type: 'publish', id: seq, channel: 'live:a', data: seq }] }
    for (const node of seq % 2 === 0 ? [a, b] : [b, a])
      expect(await post(node, '/frames', body)).toMatchObject({ status: 200, body: { seq } })
    expect(await peer.take('publication')).toMatchObject({ offset: seq, data: seq })
  }
  expect((await a.server.history('live:a')).position.offset).toBe(6)
  expect(b.events.filter(({ type }) => type === 'forwarded')).toEqual(
    Array.from({ length: 6 }, () => ({ type: 'forwarded', to: 'a', outcome: 'answered' })),
  )
})

it('POST-12, POLL-2: hands polls on, which wait there, and whose answers come back', async () => {
  const [a, b] = await nodes()
  const connect = { type: 'connect', id: 1, token: 'ada', subscriptions: [{ channel: 'live:a' }] }
  const first = await post(a, '/poll', connect)
  const [connected] = first.body['frames'] as [{ connection: string; session: { id: string; secret: string } }]
  const { id: session, secret } = connected.session
  const credentials: Credentials = { connection: connected.connection, session, secret }
  let ack = first.body['seq'] as number
  const taken: unknown[] = []
  for (let n = 1; n <= 6; n++) {
    await a.server.publish('live:a', n)
    while (taken.length < n) {
      const { status, body } = await post(taken.length % 2 === 0 ? b : a, '/poll', { ...credentials, ack })
      expect(status).toBe(200)
      ack = body['seq'] as number
      for (const frame of body['frames'] as { type: string; data?: unknown }[])
        if (frame.type === 'publication') taken.push(frame.data)
    }
  }
  expect(taken).toEqual([1, 2, 3, 4, 5, 6])

  let gone = 0
  a.http.on('request', (_request, response) => response.on('close', () => gone++))
  const waiting = new AbortController()
  const left = post(b, '/poll', { ...credentials, ack }, { signal: waiting.signal }).catch(() => 'left')
  await once(a.http, 'request')
  waiting.abort()
  expect(await left).toBe('left')
  await expect.poll(() => gone, PATIENCE).toBe(1)
})

it('POST-12: hands nothing on twice, whoever says that it was handed on, and however peers are mixed up', async () => {
  const [a, b] = await nodes()
  const peer = await streamOn(a)
  const body = { ...peer.credentials, seq: 1, frames: [{ type: 'publish', id: 2, channel: 'live:a', data: 1 }] }
  expect(await post(b, '/frames', body, { headers: { 'staywire-node': 'b' } })).toMatchObject({ status: 410 })

  const place = await listening()
  const confused = nodeOn(place, { node: 'a', peers: { b: place.url } })
  let requests = 0
  place.http.on('request', () => requests++)
  expect(await post(confused, '/frames', STRANGER)).toMatchObject({ status: 410, body: { code: 'closed' } })
  expect(requests).toBe(2)
})

it('POST-3, POST-9, POST-12: tells no more than the node itself, and hands on nothing of foreign pages', async () => {
  const [a, b] = await nodes()
  const peer = await streamOn(a)
  const body = { ...peer.credentials, seq: 1, frames: [] }
  const wrong = [
    { ...body, secret: 'wrong' },
    { ...body, connection: 'wrong' },
    { ...body, session: 'a.wrong' },
    { ...body, session: 'b.wrong' },
    { ...body, session: 'c.wrong' },
  ]
  for (const each of wrong) {
    const [there, here] = [await post(a, '/frames', each), await post(b, '/frames', each)]
    expect([here.status, here.body]).toEqual([410, there.body])
  }
  let requests = 0
  a.http.on('request', () => requests++)
  const foreign = await post(b, '/frames', body, { headers: { origin: 'https://evil.example' } })
  expect([foreign.status, requests]).toEqual([403, 0])
  const own = await post(b, '/frames', body, { headers: { origin: new URL(b.url).origin } })
  expect([own.status, own.headers.get('access-control-allow-origin'), requests]).toEqual([
    200,
    new URL(b.url).origin,
    1,
  ])
})

it('POST-13: answers 503 while the other node is gone, and hands on again when it is back', async () => {
  const { http, url } = await listening()
  await new Promise((resolve) => http.close(resolve))
  const node = await lone(url)
  const refused = await post(node, '/frames', STRANGER)
  expect(refused).toMatchObject({ status: 503, body: { type: 'error', code: 'server-error', temporary: true } })
  expect(refused.headers.get('retry-after')).toBe('1')
  const back = createHttpServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"seq":1}')
  })
  onTestFinished(() => back.close().closeAllConnections())
  back.listen(Number(new URL(url).port), '127.0.0.1')
  await once(back, 'listening')
  expect(await post(node, '/frames', STRANGER)).toMatchObject({ status: 200, body: { seq: 1 } })
  expect(node.events.filter(({ type }) => type === 'forwarded')).toEqual([
    { type: 'forwarded', to: 'b', outcome: 'failed', cause: 'ECONNREFUSED' },
    { type: 'forwarded', to: 'b', outcome: 'answered' },
  ])
})

it('POST-13: takes nobody else for a node, and bounds how many wait for one that hangs', async () => {
  const page = await listening((_request, response) => response.writeHead(404).end('<html>'))
  const node = await lone(page.url)
  expect(await post(node, '/frames', STRANGER)).toMatchObject({ status: 503 })
  expect(node.events).toContainEqual({ type: 'forwarded', to: 'b', outcome: 'failed', cause: 'status 404' })

  let asked = 0
  const hung = await listening(() => asked++)
  const busy = await lone(hung.url, { limits: { connections: 1 } })
  const leave = new AbortController()
  const both = [1, 2].map(() => post(busy, '/frames', STRANGER, { signal: leave.signal }).catch(() => 'left'))
  await expect.poll(() => asked, PATIENCE).toBe(2)
  expect(await post(busy, '/frames', STRANGER)).toMatchObject({ status: 503 })
  expect(busy.events).toContainEqual({ type: 'forwarded', to: 'b', outcome: 'failed', cause: 'busy' })
  leave.abort()
  expect(await Promise.all(both)).toEqual(['left', 'left'])
})

it('POST-12: asks once more where a way that was kept is closed just then', async () => {
  const sockets: unknown[] = []
  const closing = await listening((request, response) => {
    sockets.push(request.socket)
    request.resume()
    if (sockets.length === 2) request.socket.destroy()
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"seq":1}')
  })
  const node = await lone(closing.url)
  for (let n = 0; n < 2; n++) expect(await post(node, '/frames', STRANGER)).toMatchObject({ status: 200 })
  expect([sockets.length, sockets[0] === sockets[1], new Set(sockets).size]).toEqual([3, true, 2])
})

it('POST-12: hands on from hosts that speak the Fetch standard', async () => {
  const [a, b] = await nodes()
  const peer = await streamOn(a)
  const body = { ...peer.credentials, seq: 1, frames: [{ type: 'publish', id: 2, channel: 'live:a', data: 1 }] }
  const request = new Request(`${b.url}/frames`, { method: 'POST', body: JSON.stringify(body) })
  const response = await b.server.fetch(request)
  expect([response.status, await response.json()]).toEqual([200, { seq: 1 }])
  expect(await peer.take('published')).toMatchObject({ id: 2 })
})

it('RES-3: a connect that names a session of the other node is a new one, and that is no error', async () => {
  const [a, b] = await nodes()
  const { session, secret } = (await streamOn(a)).credentials
  const peer = new SsePeer(b.url)
  onTestFinished(() => peer.drop())
  peer.send({ type: 'connect', id: 1, token: 'ada', session: { id: session, secret } })
  const connected = await peer.take('connected')
  expect(connected).toMatchObject({ resumed: false, node: 'b' })
  expect(peer.credentials.session).toMatch(/^b\./)
})
