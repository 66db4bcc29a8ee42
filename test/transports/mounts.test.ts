// Whatever a server is mounted in, its clients notice nothing of it; and the host's own routes notice nothing of the server.

import { setTimeout as sleep } from 'node:timers/promises'
import { LIMITS } from 'staywire/protocol'
import { onTestFinished, describe, expect, it } from 'vitest'
import { createServer, type Server } from 'staywire/server'
import type { Conversation } from '../conformance/harness/conversation.ts'
import { SPEC_OPTIONS } from '../conformance/harness/host.ts'
import { Peer } from '../conformance/harness/peer.ts'
import { MOUNTS, portOf, WITHOUT_WEBSOCKET, type Mount } from './harness/mounts.ts'
import { PollPeer } from './harness/poll-peer.ts'
import { SsePeer } from './harness/sse-peer.ts'

const JSON_BODY = { 'content-type': 'application/json' }
const WIRES: readonly (readonly [name: string, dial: (base: string) => Conversation | Promise<Conversation>])[] = [
  ['websocket', (base) => Peer.open(base.replace('http:', 'ws:'))],
  ['sse', (base) => new SsePeer(base)],
  // What browsers send without a preflight, and what programs send.
  ['sse, as JSON', (base) => new SsePeer(base, JSON_BODY)],
  ['poll', (base) => new PollPeer(base)],
  ['poll, as JSON', (base) => new PollPeer(base, JSON_BODY)],
]

async function start(mount: Mount): Promise<{ server: Server; origin: string }> {
  const server = createServer(SPEC_OPTIONS)
  const http = await mount(server)
  onTestFinished(async () => {
    await server.close()
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
  })
  return { server, origin: `http://127.0.0.1:${portOf(http)}` }
}

describe.each(Object.entries(MOUNTS))('%s', (name, mount) => {
  it.each(WIRES.filter(([wire]) => wire !== 'websocket' || !WITHOUT_WEBSOCKET.has(name)))(
    'POST-1: a conversation over %s',
    async (_, dial) => {
      const { server, origin } = await start(mount)
      const peer = await dial(`${origin}/realtime`)
      peer.send({ type: 'connect', id: 1, token: 'ada', subscriptions: [{ channel: 'live:a' }] })
      expect(await peer.take('connected')).toMatchObject({ user: 'ada' })
      expect((await server.connections.list())[0]?.address).toMatch(/127\.0\.0\.1$/)
      for (let n = 1; n <= 3; n++) await server.publish('live:a', { n })
      for (let n = 1; n <= 3; n++) expect(await peer.take('publication')).toMatchObject({ offset: n, data: { n } })
      expect(await peer.ask({ type: 'publish', channel: 'live:b', data: 'ünïcödé' })).toMatchObject({
        type: 'published',
        position: { offset: 1 },
      })
      // That a poll will not come again is something that nobody tells, but the client.
      if (peer instanceof PollPeer) peer.send({ type: 'disconnect', end: true })
      else peer.drop()
      await expect.poll(() => server.stats().connections).toBe(0)
    },
  )

  it('CLOSE-9, OUT-2: an end comes through with its code', async () => {
    const { server, origin } = await start(mount)
    const peer = new SsePeer(`${origin}/realtime`)
    peer.send({ type: 'connect', id: 1, token: 'ada' })
    await peer.take('connected')
    await server.user('ada').close({ reason: 'enough' })
    expect(await peer.ended).toEqual({ code: 4502, reason: 'enough' })
  })

  it('POST-2: a refusal comes through with its status', async () => {
    const { origin } = await start(mount)
    const peer = new SsePeer(`${origin}/realtime`)
    peer.send({ type: 'connect', id: 1 })
    expect([await peer.ended, peer.status]).toMatchObject([{ code: 4001 }, 401])
  })

  it('HTTP-3: health, and the host’s own route beside it', async () => {
    const { origin } = await start(mount)
    const health = await fetch(`${origin}/realtime/health`)
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }])
    const own = await fetch(`${origin}/own`, { method: 'POST', headers: JSON_BODY, body: '{"mine":1}' })
    expect([own.status, await own.json()]).toEqual([200, { mine: 1 }])
    expect((await fetch(`${origin}/realtime/nothing`)).status).toBe(404)
  })
})

describe('server.fetch', () => {
  const url = 'http://app.example/live/sse'
  const ask = (server: Server, init: RequestInit = {}) =>
    server.fetch(new Request(url, { method: 'POST', body: '{"type":"connect","id":1,"token":"ada"}', ...init }), {
      path: '/live',
      address: '192.0.2.7',
    })
  const open = () => {
    const server = createServer({ ...SPEC_OPTIONS, limits: { outboxBytes: 100_000 } })
    onTestFinished(() => server.close())
    return server
  }

  it('OUT-1: a body that nobody reads is a slow consumer, and holds no more than its outbox', async () => {
    const server = open()
    const response = await ask(server, { body: connectTo('live:big') })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const closed = new Promise((resolve) => server.on('disconnected', (_, { code }) => resolve(code)))
    const data = 'x'.repeat(10_000)
    for (let n = 0; n < 30; n++) await server.publish('live:big', data)
    expect(await closed).toBe(4103)
    // Nobody takes what is left: after its grace the stream is given up, with what it held.
    await sleep(LIMITS.closeGraceMs.value * 2)
    await expect(response.text()).rejects.toThrow('given up')
  })

  it('OUT-1: one that is read, however slowly, gets everything', async () => {
    const server = open()
    const response = await ask(server, { body: connectTo('live:big') })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let text = ''
    const data = 'x'.repeat(10_000)
    for (let n = 1; n <= 30; n++) {
      await server.publish('live:big', data)
      while (!text.includes(`"offset":${n},"data"`)) text += Buffer.from((await reader.read()).value ?? []).toString()
    }
    await server.user('ada').close()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read())
      text += Buffer.from(piece.value).toString()
    expect(text).toMatch(/data: \{"type":"disconnect","code":4502,[^\n]*\n\n$/)
  })

  it('SSE-5: cancelling the body, or aborting the request, ends the connection', async () => {
    const server = open()
    const response = await ask(server)
    expect((await server.connections.list())[0]).toMatchObject({ user: 'ada', address: '192.0.2.7' })
    await response.body?.cancel()
    expect(server.stats().connections).toBe(0)
    const abort = new AbortController()
    await ask(server, { signal: abort.signal })
    expect(server.stats().connections).toBe(1)
    abort.abort()
    expect(server.stats().connections).toBe(0)
  })

  it('POST-8: a body that is too large or ends early is refused like any other', async () => {
    const server = open()
    expect((await ask(server, { body: `{"type":"connect","x":"${'x'.repeat(70_000)}"}` })).status).toBe(413)
    expect((await ask(server, { body: 'no' })).status).toBe(400)
    expect((await ask(server, { headers: { origin: 'https://evil.example' } })).status).toBe(403)
    expect((await server.fetch(new Request('http://app.example/live/nothing'), { path: '/live' })).status).toBe(404)
    expect(await (await server.fetch(new Request('http://app.example/realtime/health'))).json()).toEqual({
      status: 'ok',
    })
    expect(() => server.fetch(new Request(url), { path: 'live' })).toThrow('cannot be used')
  })
})

function connectTo(channel: string): string {
  return JSON.stringify({ type: 'connect', id: 1, token: 'ada', subscriptions: [{ channel }] })
}
