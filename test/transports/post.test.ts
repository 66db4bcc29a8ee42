// What goes up without a WebSocket: numbered bodies, whose they are, and every way in which they are refused.

import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hostForTest, type Host } from '../conformance/harness/host.ts'
import { exchange } from '../conformance/harness/raw.ts'
import { SsePeer } from './harness/sse-peer.ts'

const base = (host: Host): string => `http://127.0.0.1:${host.port}/realtime`

async function stream(host: Host, user = 'ada', more: object = {}): Promise<SsePeer> {
  const peer = new SsePeer(base(host))
  peer.send({ type: 'connect', id: 1, token: user, ...more })
  await peer.take('connected')
  return peer
}

/** Sends a body; answers the status and the code, where there is one. */
async function send(host: Host, path: string, body: BodyInit, headers: Record<string, string> = {}) {
  const response = await fetch(base(host) + path, { method: 'POST', body, headers })
  const answer = (await response.json()) as { code?: string | number }
  return [response.status, answer.code] as const
}

describe('a body of frames', () => {
  it('POST-4: is executed in order and answered once it is', async () => {
    const host = await hostForTest()
    const peer = await stream(host)
    const frames = [1, 2, 3].map((n) => ({ type: 'publish', id: n, channel: 'live:a', data: n }))
    const response = await peer.post('/frames', { ...peer.credentials, seq: 1, frames })
    expect([response.status, await response.json()]).toEqual([200, { seq: 1 }])
    for (const n of [1, 2, 3]) expect(await peer.take('published')).toMatchObject({ id: n, position: { offset: n } })
    peer.drop()
  })

  it('POST-5: is not executed again when it comes again', async () => {
    const host = await hostForTest()
    const peer = await stream(host)
    const body = { ...peer.credentials, seq: 1, frames: [{ type: 'publish', channel: 'live:a', data: 1 }] }
    for (let n = 0; n < 3; n++) expect((await peer.post('/frames', body)).status).toBe(200)
    await expect.poll(async () => (await host.server.history('live:a')).position.offset).toBe(1)
    peer.drop()
  })

  it('POST-6: is refused when one is missing before it', async () => {
    const host = await hostForTest()
    const peer = await stream(host)
    const body = { ...peer.credentials, seq: 2, frames: [{ type: 'publish', channel: 'live:a', data: 1 }] }
    const response = await peer.post('/frames', body)
    expect([response.status, await response.json()]).toMatchObject([409, { type: 'error', code: 'bad-frame' }])
    expect((await host.server.history('live:a')).position.offset).toBe(0)
    peer.drop()
  })

  it('POST-14: that was answered leaves no patience of its own on the socket', async () => {
    const host = await hostForTest()
    host.http.keepAliveTimeout = 0
    const seen: (number | undefined)[] = []
    host.http.prependListener('request', ({ socket }) => seen.push(socket.timeout))
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    for (let n = 0; n < 2; n++) {
      const asked = request(`${base(host)}/frames`, { method: 'POST', agent }).end('{}')
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      expect([answer.statusCode, asked.reusedSocket]).toEqual([410, n === 1])
      await once(answer.resume(), 'close')
    }
    expect(seen.map((timeout) => timeout ?? 0)).toEqual([0, 0])
  })

  it('POST-7, POST-5, POST-6: waits while the server does not read, and loses nothing', async () => {
    const release: (() => void)[] = []
    const host = await hostForTest({
      calls: { wait: () => new Promise<void>((resolve) => release.push(resolve)) },
    })
    const peer = await stream(host)
    const frames = Array.from({ length: 40 }, (_, n) => ({ type: 'call', id: n + 1, method: 'wait' }))
    const body = { ...peer.credentials, seq: 1, frames }
    let answered = 0
    const count = (response: Response): void => void (answered += response.status === 200 ? 1 : 0)
    const both = [peer.post('/frames', body).then(count), peer.post('/frames', body).then(count)]
    await expect.poll(() => release.length).toBe(32)
    expect((await peer.post('/frames', { ...body, seq: 2 })).status).toBe(409)
    expect(answered).toBe(0)
    for (let n = 0; n < 40; n++) {
      await expect.poll(() => release.length).toBeGreaterThan(0)
      release.shift()?.()
    }
    await Promise.all(both)
    expect(answered).toBe(2)
    const results = new Set<unknown>()
    while (results.size < 40) results.add((await peer.take('result'))['id'])
    expect(peer.inbox).toEqual([])
    peer.drop()
  })

  it('POST-3: belongs to the connection whose credentials it carries, and to no other', async () => {
    const host = await hostForTest()
    const [ada, eve] = [await stream(host), await stream(host, 'eve')]
    const frames = [{ type: 'publish', channel: 'live:a', data: 'forged' }]
    const { connection, session, secret } = ada.credentials
    const forged = [
      { connection, session, secret: eve.credentials.secret },
      { connection: eve.credentials.connection, session, secret },
      { connection, session: eve.credentials.session, secret: eve.credentials.secret },
      { connection, session, secret: '' },
      { connection, session, secret: { length: 22 } },
      { connection: '__proto__', session, secret },
      { session, secret },
      {},
    ]
    for (const credentials of forged) {
      const answer = await send(host, '/frames', JSON.stringify({ ...credentials, seq: 1, frames }))
      expect(answer).toEqual([410, 'closed'])
      expect(await send(host, '/poll', JSON.stringify({ session: 's', ...credentials, ack: 0 }))).toEqual([
        410,
        'closed',
      ])
    }
    ada.drop()
    await expect.poll(() => host.server.stats().connections).toBe(1)
    expect(await send(host, '/frames', JSON.stringify({ ...ada.credentials, seq: 1, frames }))).toEqual([410, 'closed'])
    expect((await host.server.history('live:a')).position.offset).toBe(0)
    eve.drop()
  })

  it('POST-3, RES-7: does not reach the connection that replaced the one it was meant for', async () => {
    const host = await hostForTest()
    const claim = (attempt: number) => ({ fence: [1, attempt], slot: 'shared', origin: { browser: 'b' } })
    const old = await stream(host, 'ada', claim(1))
    const { credentials } = old
    const session = { id: credentials.session, secret: credentials.secret }
    const fresh = await stream(host, 'ada', { ...claim(2), session })
    expect(await old.ended).toMatchObject({ code: 4501 })
    const body = { ...credentials, seq: 1, frames: [{ type: 'publish', channel: 'live:a', data: 'late' }] }
    expect(await send(host, '/frames', JSON.stringify(body))).toEqual([410, 'closed'])
    expect(await fresh.ask({ type: 'publish', channel: 'live:a', data: 1 })).toMatchObject({ position: { offset: 1 } })
    fresh.drop()
  })

  it.each([
    ['no JSON', '{"session":', [400, 'bad-frame']],
    ['no object', '[1]', [400, 'bad-frame']],
    ['deep nesting', '['.repeat(9_000), [400, 'bad-frame']],
    ['a connect', '{"type":"connect","id":1,"token":"ada"}', [400, 'bad-frame']],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), [400, 'bad-frame']],
    ['too much', `{"x":"${'x'.repeat(1_048_576)}"}`, [413, 'payload-too-large']],
  ])('POST-8: that is %s is refused', async (_, body, expected) => {
    const host = await hostForTest()
    expect(await send(host, '/frames', body)).toEqual(expected)
  })

  it.each([
    [{ frames: [] }, 'no seq'],
    [{ seq: 0, frames: [] }, 'a seq of 0'],
    [{ seq: '1', frames: [] }, 'a seq that is text'],
    [{ seq: 1 }, 'no frames'],
    [{ seq: 1, frames: {} }, 'frames that are no array'],
  ])('POST-8: %o (%s) is refused and the connection stays', async (fields, _) => {
    const host = await hostForTest()
    const peer = await stream(host)
    expect(await send(host, '/frames', JSON.stringify({ ...peer.credentials, ...fields }))).toEqual([400, 'bad-frame'])
    expect(await send(host, '/poll', JSON.stringify({ ...peer.credentials, ack: 0 }))).toEqual([400, 'bad-frame'])
    expect(host.server.stats().connections).toBe(1)
    peer.drop()
  })

  it('POST-8: that is compressed, too large to connect or too slow is refused', async () => {
    const host = await hostForTest({ limits: { connectTimeoutMs: 300 } })
    expect(await send(host, '/sse', 'x', { 'content-encoding': 'gzip' })).toEqual([415, 'unsupported'])
    for (const path of ['/sse', '/poll'])
      expect(await send(host, path, 'x'.repeat(65_537))).toEqual([413, 'payload-too-large'])
    const slow = 'POST /realtime/sse HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{'
    expect(await exchange(host.port, slow)).toMatch(/^HTTP\/1\.1 408 /)
    const chunked = connect(host.port, '127.0.0.1')
    chunked.on('error', () => undefined)
    chunked.write('POST /realtime/frames HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
    let answer = ''
    chunked.setEncoding('latin1').on('data', (text: string) => (answer += text))
    for (let n = 0; n < 40 && answer === ''; n++, await sleep(1)) chunked.write(`8000\r\n${'x'.repeat(0x8000)}\r\n`)
    await expect.poll(() => answer).toMatch(/^HTTP\/1\.1 413 /)
    chunked.destroy()
  })

  it('POST-2: that should have begun a connection is refused with a status, and leaves nothing', async () => {
    const host = await hostForTest({
      authenticate: ({ token }) => {
        if (token === 'throws') throw new Error('down')
        return token === 'ada' ? { user: 'ada' } : null
      },
    })
    for (const path of ['/sse', '/poll']) {
      const connectWith = (fields: object) => send(host, path, JSON.stringify({ type: 'connect', id: 1, ...fields }))
      expect(await connectWith({})).toEqual([401, 4001])
      expect(await connectWith({ token: 'x' })).toEqual([401, 4002])
      expect(await connectWith({ token: 'throws' })).toEqual([503, 4104])
      expect(await connectWith({ token: 7 })).toEqual([400, 4504])
      expect(await send(host, path, '{"type":"ping"}')).toEqual([400, 4504])
      expect(await send(host, path, 'nonsense')).toEqual([400, 4504])
    }
    expect(host.server.stats()).toMatchObject({ connections: 0, connecting: 0, sessions: 0 })
  })

  it('POST-2, CONN-13: meets a full node with 503, its code and Retry-After', async () => {
    const host = await hostForTest({ limits: { connections: 1 } })
    const peer = await stream(host)
    const body = JSON.stringify({ type: 'connect', id: 1, token: 'bob' })
    const response = await fetch(`${base(host)}/sse`, { method: 'POST', body })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await response.json()).toMatchObject({ type: 'disconnect', code: 4202, retryAfterMs: 5_000 })
    peer.drop()
  })
})

describe('origins', () => {
  const OWN = 'https://app.example'

  it.each(['https://evil.example', 'https://app.example.evil.example', 'http://app.example', 'null'])(
    'POST-9: %s may not come, by no way',
    async (origin) => {
      const host = await hostForTest({ allowOrigins: [OWN] })
      const body = JSON.stringify({ type: 'connect', id: 1, token: 'ada' })
      for (const path of ['/sse', '/poll', '/frames']) {
        for (const method of ['POST', 'OPTIONS']) {
          const response = await fetch(base(host) + path, {
            method,
            headers: { origin },
            ...(method === 'POST' && { body }),
          })
          expect(response.status).toBe(403)
          expect(response.headers.get('access-control-allow-origin')).toBeNull()
        }
      }
      const stolen = await SsePeer.listen(`${base(host)}/sse`, { origin, authorization: 'Bearer ada' })
      expect(stolen.status).toBe(403)
      expect(host.server.stats().counters.accepted).toBe(0)
    },
  )

  it('POST-9: one that is allowed gets a preflight and headers that name it', async () => {
    const host = await hostForTest({ allowOrigins: [OWN] })
    const preflight = await fetch(`${base(host)}/frames`, { method: 'OPTIONS', headers: { origin: OWN } })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(OWN)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
    const peer = await SsePeer.listen(`${base(host)}/sse`, { origin: OWN, authorization: 'Bearer ada' })
    expect([peer.status, peer.headers.get('access-control-allow-origin'), peer.headers.get('vary')]).toEqual([
      200,
      OWN,
      'Origin',
    ])
    peer.drop()
  })
})

describe('a draining node', () => {
  it('POST-10, CLOSE-9: takes nobody new, and still serves those it has', async () => {
    const host = await hostForTest()
    const peers = [await stream(host, 'ada'), await stream(host, 'bob')]
    const drained = host.server.drain({ overMs: 600 })
    const body = JSON.stringify({ type: 'connect', id: 1, token: 'eve' })
    for (const path of ['/sse', '/poll']) {
      const response = await fetch(base(host) + path, { method: 'POST', body })
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
      await response.text()
    }
    const [first, last] = peers as [SsePeer, SsePeer]
    expect(await first.ended).toEqual({ code: 4101, reason: 'shutting down' })
    expect(await last.ask({ type: 'publish', channel: 'live:a', data: 1 })).toMatchObject({ type: 'published' })
    expect(await last.ended).toEqual({ code: 4101, reason: 'shutting down' })
    await drained
  })
})
