// What goes wrong before there is a connection.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { hostForTest, startHost, type Host } from './harness/host.ts'
import type { Peer } from './harness/peer.ts'
import { exchange, upgradeRequest } from './harness/raw.ts'

let host: Host
let bystander: Peer
beforeAll(async () => {
  host = await startHost()
  bystander = await host.connect('bob')
  await bystander.settle()
})
afterAll(() => host.close())

const end = '\r\nConnection: close\r\n\r\n'
it.each([
  ['GET // HTTP/1.1', `GET // HTTP/1.1\r\nHost: x${end}`],
  ['an upgrade of //', upgradeRequest('//')],
  ['an upgrade of http://[', upgradeRequest('http://[')],
  ['an upgrade of /%zz', upgradeRequest('/%zz')],
  [
    'an upgrade with a bad escape in the query',
    upgradeRequest('/realtime?channel=%zz', { 'Sec-WebSocket-Version': '7' }),
  ],
  ['no key', upgradeRequest('/realtime', { 'Sec-WebSocket-Key': '' })],
  ['a short key', upgradeRequest('/realtime', { 'Sec-WebSocket-Key': 'short' })],
  ['an old version', upgradeRequest('/realtime', { 'Sec-WebSocket-Version': '7' })],
  ['another protocol', upgradeRequest('/realtime', { Upgrade: 'h2c' })],
  ['a malformed subprotocol list', upgradeRequest('/realtime', { 'Sec-WebSocket-Protocol': 'staywire.v1,,' })],
  ['a POST upgrade', upgradeRequest('/realtime').replace('GET', 'POST')],
  ['an origin that is no URL', upgradeRequest('/realtime', { Origin: 'http://[' })],
  ['no HTTP at all', '\u0000\u0001\u0002\u0003\r\n\r\n'],
  ['headers of 100 KB', upgradeRequest('/realtime', { 'X-Long': 'x'.repeat(100_000) })],
])('HTTP-1: %s is refused with a 4xx or closed, and nobody notices', async (_, bytes) => {
  expect(await exchange(host.port, bytes)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/)
  expect(await bystander.settle()).toEqual([])
  expect(host.server.stats()).toMatchObject({ connections: 1, connecting: 0 })
})

it('HTTP-2: an upgrade of another path is answered 404, or taken by the host', async () => {
  expect(await exchange(host.port, upgradeRequest('/elsewhere'))).toMatch(/^HTTP\/1\.1 404 /)
  const shared = await hostForTest()
  shared.http.on('upgrade', (request, socket) => {
    if (request.url === '/theirs') socket.end('HTTP/1.1 418 Theirs\r\nConnection: close\r\n\r\n')
  })
  expect(await exchange(shared.port, upgradeRequest('/theirs'))).toMatch(/^HTTP\/1\.1 418 /)
  expect((await shared.connect('ada')).connected['user']).toBe('ada')
})

it('HTTP-3: health is 200, needs no credentials, is not stored, and 503 while draining', async () => {
  const draining = await hostForTest()
  const health = () => fetch(`http://127.0.0.1:${draining.port}/realtime/health`)
  const healthy = await health()
  expect(healthy.status).toBe(200)
  expect(healthy.headers.get('cache-control')).toContain('no-store')
  const peer = await draining.connect('ada')
  const drained = draining.server.drain({ overMs: 2_000 })
  expect((await health()).status).toBe(503)
  peer.drop()
  await drained
})

it('HTTP-4: the script of the shared worker is served below the path, and asked for anew each time', async () => {
  const url = `http://127.0.0.1:${host.port}/realtime/worker.js`
  const served = await fetch(url)
  expect(served.status).toBe(200)
  expect(served.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(served.headers.get('cache-control')).toBe('no-cache')
  expect(await served.text()).toContain('onconnect')
  const again = await fetch(url, { headers: { 'if-none-match': served.headers.get('etag') ?? '' } })
  expect([again.status, await again.text()]).toEqual([304, ''])
  expect((await fetch(url, { method: 'POST' })).status).toBe(405)
})

it('HTTP-3: health answers allowed foreign origins with CORS headers, and no others', async () => {
  const open = await hostForTest({ allowOrigins: ['https://app.example'] })
  const allowed = async (origin: string) =>
    (await fetch(`http://127.0.0.1:${open.port}/realtime/health`, { headers: { origin } })).headers.get(
      'access-control-allow-origin',
    )
  expect(await allowed('https://app.example')).toBe('https://app.example')
  expect(await allowed('https://evil.example')).toBeNull()
})
